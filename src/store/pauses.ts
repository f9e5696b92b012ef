import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database, Queryable } from './connect.ts';
import { inScopeSql, scopeValue } from './page-sql.ts';

// A paused agent's new runs are parked: `accepted`, without an owner and without a time at which they are
// due. A dispatch judges by the agent it has read, so it looks again once its run is committed; a resume
// first ends the pause, then looks for parked runs. Whichever comes second finds the run. A dispatch that is committed
// after the pause, and had read the agent before it, is due all the same: it begins, or is parked within a minute.

// What waits for another run to end looks alike, and is not meant.
const isParked = `status = 'accepted' AND owner IS NULL AND wake_at IS NULL AND held_after IS NULL`;
const goesOn = `(a.paused_at IS NULL OR a.deleted_at IS NOT NULL)`;

/** Pauses an agent and parks its runs that have not begun. False: there is none in scope. */
export async function pauseAgentRow(
  db: Database,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const paused = await tx.execute({
      text: `UPDATE agents a SET paused_at = coalesce(paused_at, clock_timestamp())
             WHERE a.id = $1 AND a.deleted_at IS NULL AND ${inScopeSql('a.workspace_id', '$2')}`,
      values: [id, scopeValue(scope)],
    });
    if (paused === 0) return false;
    await tx.execute({
      text: `UPDATE runs SET wake_at = NULL WHERE id IN (
               SELECT id FROM runs
               WHERE agent_id = $1 AND status = 'accepted' AND owner IS NULL AND wake_at IS NOT NULL
               ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)`,
      values: [id],
    });
    return true;
  });
}

/** Ends a pause; what was parked is due. False: there is no such agent in scope. */
export async function resumeAgentRow(
  db: Database,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  const resumed = await db.execute({
    text: `UPDATE agents a SET paused_at = NULL
           WHERE a.id = $1 AND a.deleted_at IS NULL AND ${inScopeSql('a.workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  if (resumed === 0) return false;
  await unparkRunsOf(db, id);
  return true;
}

/** Makes the parked runs of an agent due, unless it is paused. At the place that their age gives them. */
export async function unparkRunsOf(db: Queryable, agentId: string): Promise<number> {
  return await db.execute({
    name: 'runs-unpark',
    text: `UPDATE runs SET wake_at = created_at - make_interval(secs => priority) WHERE id IN (
             SELECT r.id FROM runs r JOIN agents a ON a.id = r.agent_id AND ${goesOn}
             WHERE r.agent_id = $1 AND ${isParked}
             ORDER BY r.id FOR NO KEY UPDATE OF r SKIP LOCKED)`,
    values: [agentId],
  });
}

/** The same for every agent: what a process that died in between has left parked. */
export async function sweepParkedRuns(db: Queryable): Promise<number> {
  return await db.execute({
    name: 'runs-sweep-parked',
    text: `UPDATE runs SET wake_at = created_at - make_interval(secs => priority) WHERE id IN (
             SELECT r.id FROM runs r JOIN agents a ON a.id = r.agent_id AND ${goesOn}
             WHERE ${isParked}
             ORDER BY r.id LIMIT 10000 FOR NO KEY UPDATE OF r SKIP LOCKED)`,
  });
}

/** Parks what was dispatched while its agent was being paused, so that neither saw the other. Tests go on. */
export async function parkRunsOfPaused(db: Queryable): Promise<number> {
  return await db.execute({
    name: 'runs-park-of-paused',
    text: `UPDATE runs SET wake_at = NULL WHERE id IN (
             SELECT r.id FROM runs r JOIN agents a ON a.id = r.agent_id AND NOT ${goesOn}
             WHERE r.status = 'accepted' AND r.owner IS NULL AND r.wake_at IS NOT NULL
               AND r.test_run_id IS NULL
             ORDER BY r.id LIMIT 10000 FOR NO KEY UPDATE OF r SKIP LOCKED)`,
  });
}
