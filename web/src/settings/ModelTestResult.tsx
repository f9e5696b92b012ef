import type { ModelTest } from '../api/types.ts';
import { Lamp } from '../ui/Badge.tsx';
import { duration, money } from '../ui/format.ts';

/** What a model said when it was asked for a word. */
export function ModelTestResult({ test }: { readonly test: ModelTest }) {
  return (
    <p className="rounded-md border border-line bg-sunken px-3 py-2 text-[13px]">
      <Lamp tone={test.ok ? 'good' : 'bad'}>{test.ok ? 'It works' : 'It does not work'}</Lamp>{' '}
      <span className="break-words text-muted">
        {test.ok
          ? `It answered after ${duration(test.duration_ms)}, for ${money(test.cost_usd)}.`
          : test.error?.message}
      </span>
    </p>
  );
}
