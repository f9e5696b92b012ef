import { ApiError } from '../core/errors.ts';
import type { Run } from '../core/run.ts';
import type { Database } from '../store/connect.ts';
import { databaseFault } from '../store/database-fault.ts';
import { NotCommitted, UnstorableUnit } from '../store/group-commit.ts';
import type { FiringOutcome, NewFiring } from '../store/new-firing.ts';
import { unparkRunsOf } from '../store/pauses.ts';
import type { RunCreator } from '../store/run-creator.ts';
import { newlyCreated } from './plan-run.ts';

// I1: runs are committed before anybody is told of them.

export interface CommitDeps {
  readonly db: Database;
  readonly creator: RunCreator;
  /** Whoever drives runs in this process. */
  readonly engine: {
    /** A run that was given an owner was not created, or nobody knows. */
    notCreated(id: string): void;
    wake(run: Run): void;
  };
}

/** Commits a firing and hands its runs to the engine. Throws `unavailable` or `unprocessable`. */
export async function commitFiring(deps: CommitDeps, firing: NewFiring): Promise<FiringOutcome> {
  const { event, runs } = firing;
  let outcome: FiringOutcome;
  try {
    outcome = await deps.creator.submit(firing);
  } catch (error) {
    for (const run of runs) deps.engine.notCreated(run.id);
    throw asApiError(error);
  }
  const parked = new Set<string>();
  for (const run of runs) {
    if (outcome.kind === 'repeated' || outcome.skippedRuns.has(run.id)) {
      deps.engine.notCreated(run.id);
    } else if (run.parked === true) {
      parked.add(run.agentId);
    } else if ((run.heldAfter ?? null) === null) {
      deps.engine.wake(newlyCreated(event, run, outcome.createdAt));
    }
  }
  for (const agentId of parked) await unparkCommitted(deps.db, agentId);
  return outcome;
}

/**
 * Looks again whether the agent is paused, once runs that were parked for it are committed. Fails nothing: they
 * are stored, and where the database has gone away since, the sweep looks for them.
 */
export async function unparkCommitted(db: Database, agentId: string): Promise<void> {
  try {
    await unparkRunsOf(db, agentId);
  } catch (error) {
    if (databaseFault(error) === 'other') throw error;
  }
}

function asApiError(error: unknown): unknown {
  if (error instanceof NotCommitted) {
    return new ApiError('unavailable', 'The database is not reachable. Try again.', {
      retryAfterS: 2,
      cause: error,
    });
  }
  if (error instanceof UnstorableUnit) {
    return new ApiError('unprocessable', 'The run could not be stored as it was given.', {
      cause: error,
    });
  }
  return error;
}
