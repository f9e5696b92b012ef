import type { Run } from '../core/run.ts';
import type { Database } from './connect.ts';
import { type RunRow, toRun } from './runs.ts';

// Who drives a run (I3). Every change of hands is one UPDATE that sets the owner and bumps the epoch;
// the journal is read only after it has committed.

/** Takes due runs that nobody drives, the longest due first, at most `limit`. */
export async function claimDueRuns(
  db: Pick<Database, 'query'>,
  owner: string,
  limit: number,
): Promise<Run[]> {
  const rows = await db.query<RunRow>({
    name: 'runs-claim',
    text: `
      UPDATE runs SET owner = $1, epoch = epoch + 1, status = 'running', wake_at = NULL,
        started_at = coalesce(started_at, clock_timestamp())
      WHERE id IN (
        SELECT id FROM runs WHERE owner IS NULL AND wake_at <= clock_timestamp()
        ORDER BY wake_at, id LIMIT $2
        FOR NO KEY UPDATE SKIP LOCKED
      )
      RETURNING *`,
    values: [owner, limit],
  });
  return rows.map(toRun);
}

/**
 * Takes over runs whose owners are known to be dead, and counts the crash at their next step. Waits for a
 * stale write that holds a run's lock: callers set `lock_timeout`.
 */
export async function adoptRuns(
  db: Pick<Database, 'query'>,
  request: { readonly owner: string; readonly from: readonly string[]; readonly limit: number },
): Promise<Run[]> {
  const rows = await db.query<RunRow>({
    name: 'runs-adopt',
    text: `
      UPDATE runs SET owner = $1, epoch = epoch + 1, crashes = crashes + 1
      WHERE id IN (
        SELECT id FROM runs WHERE owner = ANY ($2::text[])
        ORDER BY id LIMIT $3
        FOR NO KEY UPDATE
      )
      RETURNING *`,
    values: [request.owner, request.from, request.limit],
  });
  return rows.map(toRun);
}

/** Gives runs back that this owner drives, for anybody to claim after the delay (default: at once). */
export async function handBackRuns(
  db: Pick<Database, 'query'>,
  owner: string,
  ids: readonly string[],
  how: { readonly delayMs?: number; readonly crashed?: boolean } = {},
): Promise<number> {
  const rows = await db.query<{ id: string }>({
    name: 'runs-hand-back',
    text: `
      UPDATE runs SET owner = NULL, epoch = epoch + 1, crashes = crashes + $3,
        wake_at = clock_timestamp() + make_interval(secs => $4)
      WHERE id = ANY ($2::text[]) AND owner = $1
      RETURNING id`,
    values: [owner, ids, how.crashed === true ? 1 : 0, (how.delayMs ?? 0) / 1_000],
  });
  return rows.length;
}

/** Runs that the database says this owner drives. */
export async function listOwnedRuns(db: Pick<Database, 'query'>, owner: string): Promise<Run[]> {
  const rows = await db.query<RunRow>({
    name: 'runs-owned',
    text: 'SELECT * FROM runs WHERE owner = $1',
    values: [owner],
  });
  return rows.map(toRun);
}
