import type { RunRow } from '../api/types.ts';
import { Lamp } from '../ui/Badge.tsx';
import { outcomeOf, toneOf } from './status.ts';

export function RunStatus({
  run,
}: {
  readonly run: Pick<RunRow, 'status' | 'disposition' | 'stop_reason'>;
}) {
  return <Lamp tone={toneOf(run)}>{outcomeOf(run)}</Lamp>;
}
