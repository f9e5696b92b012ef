import type { RunStatus } from '../../core/run.ts';

// `skipped` is documented for what matched and yet did not run. No run is in that state, since nothing
// is stored as a run that never ran.
export const executionStatuses = [
  'queued',
  'running',
  'waiting',
  'success',
  'failed',
  'skipped',
  'cancelled',
] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

const shownAs: Readonly<Record<RunStatus, ExecutionStatus>> = {
  accepted: 'queued',
  running: 'running',
  waiting: 'waiting',
  completed: 'success',
  failed: 'failed',
  cancelled: 'cancelled',
};

export function executionStatusOf(status: RunStatus): ExecutionStatus {
  return shownAs[status];
}

/** The run statuses that are shown as one of these; none for `skipped`. */
export function runStatusesShownAs(shown: readonly ExecutionStatus[]): readonly RunStatus[] {
  return (Object.keys(shownAs) as RunStatus[]).filter((status) => shown.includes(shownAs[status]));
}
