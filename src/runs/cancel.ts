import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { Run } from '../core/run.ts';
import type { RunObserver } from '../core/run-observer.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { cancelRunRow } from '../store/cancel.ts';
import { listOpenChildren, listOrphanedChildren } from '../store/child-runs.ts';
import type { Database } from '../store/connect.ts';
import { getRun } from '../store/runs.ts';

export interface CancelDeps {
  readonly db: Database;
  /** Stops the call in flight sooner; the cancel itself holds without it (I7). */
  readonly engine: { stop(runId: string): void };
  readonly observer?: Pick<RunObserver, 'cancelled'>;
}

/** Ends a run for good. Throws `not_found`, or `conflict` when it has ended already. */
export async function cancelRun(
  deps: CancelDeps,
  request: { readonly scope: WorkspaceScope; readonly id: string; readonly by: string },
): Promise<Run> {
  const { scope } = request;
  const run = await getRun(deps.db, scope, request.id);
  if (run === null) throw new ApiError('not_found', `There is no run ${request.id}.`);
  const cancelled = await cancelRunRow(deps.db, {
    scope,
    id: run.id,
    error: `Cancelled by ${request.by}.`,
    unitId: newId('unit'),
  });
  if (cancelled === null) {
    throw new ApiError('conflict', `Run ${run.id} has ended already and cannot be cancelled.`);
  }
  deps.engine.stop(run.id);
  deps.observer?.cancelled(cancelled);
  for (const id of await cancelBelow(deps.db, [run.id])) deps.engine.stop(id);
  return cancelled;
}

/** Ends all that these runs asked for and that has not ended, level by level. Ids of what was cancelled. */
export async function cancelBelow(db: Database, runIds: readonly string[]): Promise<string[]> {
  const cancelled: string[] = [];
  let level = runIds;
  while (level.length > 0) {
    level = await listOpenChildren(db, level);
    for (const id of level) {
      const error = 'Cancelled, because the run that asked for this one has ended.';
      const run = await cancelRunRow(db, { scope: 'all', id, error, unitId: newId('unit') });
      if (run !== null) cancelled.push(id);
    }
  }
  return cancelled;
}

/** The same for what a process that died left behind when it ended a run. The number of runs. */
export async function cancelOrphans(db: Database): Promise<number> {
  const parents = (await listOrphanedChildren(db)).map((child) => child.parentRunId);
  return (await cancelBelow(db, [...new Set(parents)])).length;
}
