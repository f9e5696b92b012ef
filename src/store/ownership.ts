import type { Run } from '../core/run.ts';
import type { HeldRun } from './child-runs.ts';
import type { Database } from './connect.ts';
import { type RunRow, toRun } from './runs.ts';

// Who drives a run (I3). Every change of hands is one UPDATE that sets the owner and bumps the epoch;
// the journal is read only after it has committed. Rows are locked in id order. Changes that wait for a
// stale write are called with a `lock_timeout`.
//
// What a change counts: `crashes` (owners that died at the step that comes next) decides that a run is
// driven alone; `lost_attempts` (calls that may have been made) is what the trace and the caps show;
// `strikes` (crashes while alone) is what makes a run poison. A commit of the run resets all three.

type Query = Pick<Database, 'query'>;

/** Takes over runs whose owners are known to be dead, and counts the crash at their next step. */
export async function adoptRuns(
  db: Query,
  request: { readonly owner: string; readonly from: readonly string[]; readonly limit: number },
): Promise<Run[]> {
  const rows = await db.query<RunRow>({
    name: 'runs-adopt',
    text: `
      UPDATE runs SET owner = $1, epoch = epoch + 1, crashes = crashes + 1,
        lost_attempts = lost_attempts + 1
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

/** Owners that have no row in `processes`: they are dead, whoever declared it. */
export async function listDeadOwners(db: Query): Promise<string[]> {
  const rows = await db.query<{ owner: string }>({
    name: 'runs-dead-owners',
    text: `
      WITH RECURSIVE held AS (
        (SELECT owner FROM runs WHERE owner IS NOT NULL ORDER BY owner LIMIT 1)
        UNION ALL
        SELECT n.owner FROM held h CROSS JOIN LATERAL (
          SELECT r.owner FROM runs r WHERE r.owner > h.owner ORDER BY r.owner LIMIT 1
        ) n
      )
      SELECT h.owner FROM held h WHERE NOT EXISTS (SELECT 1 FROM processes p WHERE p.id = h.owner)`,
  });
  return rows.map((row) => row.owner);
}

/**
 * Takes runs from dead owners and leaves them to whoever has room, at the place in the queue that their
 * age gives them. Checks again that the owners have no row. The number of runs, at most `limit`.
 */
export async function releaseDeadRuns(
  db: Query,
  request: { readonly from: readonly string[]; readonly limit: number },
): Promise<number> {
  const rows = await db.query<{ id: string }>({
    name: 'runs-release-dead',
    text: `
      UPDATE runs SET owner = NULL, epoch = epoch + 1, crashes = crashes + 1,
        lost_attempts = lost_attempts + 1,
        wake_at = created_at - make_interval(secs => priority)
      WHERE id IN (
        SELECT id FROM runs r WHERE owner = ANY ($1::text[])
          AND NOT EXISTS (SELECT 1 FROM processes p WHERE p.id = r.owner)
        ORDER BY id LIMIT $2
        FOR NO KEY UPDATE
      )
      RETURNING id`,
    values: [request.from, request.limit],
  });
  return rows.length;
}

/** A run that its owner drives no more. `inFlight`: a call may have been under way, which shows as lost. */
export interface RestingRun extends HeldRun {
  readonly inFlight?: boolean;
}

/**
 * Gives runs back, those that are still held as given: a run that its owner gave back and claimed again has another
 * epoch. They take the place that their age gives them, or nobody may claim them for `delayMs`. How many were.
 */
export async function handBackRuns(
  db: Query,
  runs: readonly RestingRun[],
  delayMs = 0,
): Promise<number> {
  const rows = await db.query<{ id: string }>({
    name: 'runs-hand-back',
    text: `
      UPDATE runs r SET owner = NULL, epoch = r.epoch + 1, lost_attempts = r.lost_attempts + h.lost,
        wake_at = CASE WHEN $5::float8 > 0 THEN clock_timestamp() + make_interval(secs => $5)
          ELSE r.created_at - make_interval(secs => r.priority) END
      FROM (
        SELECT r.id, g.lost FROM unnest($1::text[], $2::text[], $3::bigint[], $4::int[])
          AS g (id, owner, epoch, lost)
        JOIN runs r ON r.id = g.id AND r.owner = g.owner AND r.epoch = g.epoch
        ORDER BY r.id FOR NO KEY UPDATE OF r
      ) h
      WHERE r.id = h.id
      RETURNING r.id`,
    values: [
      runs.map((run) => run.id),
      runs.map((run) => run.owner),
      runs.map((run) => run.epoch),
      runs.map((run) => (run.inFlight === true ? 1 : 0)),
      delayMs / 1_000,
    ],
  });
  return rows.length;
}

/** Hands one run from a process to the one that drives it alone. Null: it is not the first one's any more. */
export async function takeOverRun(
  db: Query,
  request: {
    readonly id: string;
    readonly from: string;
    readonly epoch: number;
    readonly owner: string;
  },
): Promise<Run | null> {
  const rows = await db.query<RunRow>({
    name: 'run-take-over',
    text: `
      UPDATE runs SET owner = $4, epoch = epoch + 1
      WHERE id = $1 AND owner = $2 AND epoch = $3
      RETURNING *`,
    values: [request.id, request.from, request.epoch, request.owner],
  });
  const row = rows[0];
  return row === undefined ? null : toRun(row);
}

/** Takes a run from a process that it crashed while it was alone there, and counts the strike. */
export async function takeFromCrashed(
  db: Query,
  request: { readonly id: string; readonly from: string; readonly owner: string },
): Promise<Run | null> {
  const rows = await db.query<RunRow>({
    name: 'run-take-from-crashed',
    text: `
      UPDATE runs SET owner = $3, epoch = epoch + 1, crashes = crashes + 1,
        lost_attempts = lost_attempts + 1, strikes = strikes + 1
      WHERE id = $1 AND owner = $2
      RETURNING *`,
    values: [request.id, request.from, request.owner],
  });
  const row = rows[0];
  return row === undefined ? null : toRun(row);
}

/** The runs that the database says this owner drives: their epochs by id. */
export async function listOwned(db: Query, owner: string): Promise<Map<string, number>> {
  const rows = await db.query<{ id: string; epoch: number }>({
    name: 'runs-owned-ids',
    text: 'SELECT id, epoch FROM runs WHERE owner = $1',
    values: [owner],
  });
  return new Map(rows.map(({ id, epoch }) => [id, Number(epoch)]));
}

/** Those of the runs that this owner drives. */
export async function getOwnedRuns(
  db: Query,
  owner: string,
  ids: readonly string[],
): Promise<Run[]> {
  const rows = await db.query<RunRow>({
    name: 'runs-owned',
    text: 'SELECT * FROM runs WHERE id = ANY ($2) AND owner = $1',
    values: [owner, ids],
  });
  return rows.map(toRun);
}
