import { ago, fullTime } from './format.ts';
import { useNow } from './use-now.ts';

/** How long ago, with the exact time on hover. */
export function Time({ at }: { readonly at: string | null }) {
  const nowMs = useNow(10_000);
  if (at === null) return <span className="text-faint">–</span>;
  return (
    <time dateTime={at} title={fullTime(at)} className="whitespace-nowrap">
      {ago(at, nowMs)}
    </time>
  );
}
