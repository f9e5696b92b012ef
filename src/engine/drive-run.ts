import { newId } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { Run } from '../core/run.ts';
import type { RunObserver } from '../core/run-observer.ts';
import { logFields } from '../core/trace-context.ts';
import { advance } from '../runs/advance.ts';
import type { DrivenRun } from '../runs/driven-run.ts';
import type { AdvanceDeps } from '../runs/next.ts';
import { failedOutcome } from '../runs/outcome.ts';
import type { Database } from '../store/connect.ts';
import { databaseFault } from '../store/database-fault.ts';
import { failOwnedRun } from '../store/fail-run.ts';
import { NotCommitted, UnstorableUnit } from '../store/group-commit.ts';
import { handBackRuns, type RestingRun } from '../store/ownership.ts';

export interface DriveDeps {
  readonly db: Database;
  readonly advance: AdvanceDeps;
  readonly load: (run: Run) => Promise<DrivenRun>;
  readonly logger: Logger;
  /** Absent: nobody looks on. */
  readonly observer?: RunObserver;
  /** Emits a run's id whenever this process has committed to it; `goes on`: it has not ended by that. */
  readonly commits: { emit(runId: string, goesOn?: 'goes on'): unknown };
}

/**
 * `left`: it has ended, waits, or is somebody else's. `at_rest`: it stopped between two steps, and is still
 * this owner's. `in_flight`: it was stopped in the middle of one.
 */
export type DriveEnd = 'left' | 'at_rest' | 'in_flight';

/** The run, as it is handed back after a drive that did not leave it. */
export function restingAfter(
  { id, owner, epoch }: Run,
  end: Exclude<DriveEnd, 'left'>,
): RestingRun {
  return { id, owner: owner ?? '', epoch, inFlight: end === 'in_flight' };
}

/** Tries of a step that fails in our own code, before the run is ended. */
const maxFaults = 5;

/** Advances a run of this process until it leaves it, the signal fires, or `isOver` says so between two steps. */
export async function driveRun(
  deps: DriveDeps,
  run: Run,
  until: { readonly signal: AbortSignal; readonly isOver: (run: Run) => boolean },
): Promise<DriveEnd> {
  const { signal } = until;
  let driven: DrivenRun | null = null;
  try {
    if (signal.aborted || until.isOver(run)) return 'at_rest';
    driven = await deps.load(run);
    for (;;) {
      if (signal.aborted || until.isOver(driven.run)) return 'at_rest';
      const from: number = driven.entries.length;
      const next = await advance(deps.advance, driven, signal);
      if (driven.entries.length > from) {
        const { run: now, definition, entries } = driven;
        deps.observer?.committed({ run: now, definition, entries, from });
      }
      deps.commits.emit(run.id, next === 'again' ? 'goes on' : undefined);
      if (next === 'held') return 'at_rest';
      if (next === 'aborted') return 'in_flight';
      if (next !== 'again') return 'left';
    }
  } catch (error) {
    if (signal.aborted) return driven === null ? 'at_rest' : 'in_flight';
    return await onFault({ deps, run, driven, error });
  }
}

/** Our own failure, not the model's or a tool's: what cannot be stored ends the run, the rest is tried again. */
async function onFault(fault: {
  readonly deps: DriveDeps;
  readonly run: Run;
  readonly driven: DrivenRun | null;
  readonly error: unknown;
}): Promise<DriveEnd> {
  const { deps, run, driven, error } = fault;
  const { lostAttempts } = driven?.run ?? run;
  deps.logger.error({ err: error, ...logFields(run) }, 'The engine met an error');
  const isUnstorable = error instanceof UnstorableUnit;
  if (!isUnstorable && isOutage(error)) {
    return await tryLater(fault, { delayMs: 1_000, inFlight: driven !== null });
  }
  if (!isUnstorable && lostAttempts < maxFaults) {
    return await tryLater(fault, { delayMs: 1_000 * 2 ** lostAttempts, inFlight: true });
  }
  const why = isUnstorable
    ? 'The database could not store what this step produced.'
    : 'The server failed repeatedly at this step.';
  if (driven !== null) {
    await driven.commit([], failedOutcome('failed', why));
  } else {
    const { id, owner, epoch } = run;
    const end = { id, owner: owner ?? '', epoch, stopReason: 'failed', error: why } as const;
    await failOwnedRun(deps.db, { ...end, unitId: newId('unit') });
  }
  return 'left';
}

function isOutage(error: unknown): boolean {
  return (
    error instanceof NotCommitted || ['connection', 'transient'].includes(databaseFault(error))
  );
}

async function tryLater(
  { deps, run }: { readonly deps: DriveDeps; readonly run: Run },
  how: { readonly delayMs: number; readonly inFlight: boolean },
): Promise<DriveEnd> {
  const resting = restingAfter(run, how.inFlight ? 'in_flight' : 'at_rest');
  await handBackRuns(deps.db, [resting], how.delayMs);
  return 'left';
}
