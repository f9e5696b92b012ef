import { useSession } from '../shell/workspace.tsx';
import { useOpenCounts } from './use-open-counts.ts';

/** How much waits for a person, beside the inbox's name. */
export function OpenCount() {
  const { workspaceId } = useSession();
  const counts = useOpenCounts(workspaceId);
  if (counts === undefined || counts.all === '0') return null;
  return (
    <span className="ml-auto rounded-full bg-ink px-1.5 text-2xs font-semibold text-surface">
      {counts.all}
      <span className="sr-only"> open</span>
    </span>
  );
}
