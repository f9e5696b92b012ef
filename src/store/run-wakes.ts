import type { Queryable } from './connect.ts';

// The outbox of runs that a cluster drives: a row is written by the commit that wakes the run (migration 0330),
// and taken away once the cluster has accepted it. One that was sent and not taken away is sent again.

/** A run to be told of, and what is known of it outside of its journal. */
export interface RunWake {
  /** The rows that it answers. */
  readonly ids: readonly string[];
  readonly runId: string;
  readonly workspaceId: string;
  readonly agentId: string;
  readonly priority: number;
}

/** Takes what is due, the longest due first; whoever does not take it away leaves it to others, later each time. */
export async function claimWakes(db: Queryable, limit: number): Promise<readonly RunWake[]> {
  return await db.query<RunWake>({
    name: 'run-wakes-claim',
    text: `
      WITH taken AS (
        UPDATE run_wakes SET attempts = attempts + 1,
          due_at = clock_timestamp() + least(interval '1 minute', interval '5 seconds' * (attempts + 1))
        WHERE id IN (
          SELECT id FROM run_wakes WHERE due_at <= clock_timestamp()
          ORDER BY due_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
        )
        RETURNING id, run_id
      )
      SELECT array_agg(t.id::text) AS ids, r.run_id AS "runId", r.workspace_id AS "workspaceId",
        r.agent_id AS "agentId", r.priority
      FROM taken t JOIN runs r ON r.id = t.run_id GROUP BY r.id`,
    values: [limit],
  });
}

/** Takes away what the cluster has accepted. */
export async function deleteWakes(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.execute({
    name: 'run-wakes-delete',
    text: 'DELETE FROM run_wakes WHERE id = ANY ($1::bigint[])',
    values: [ids],
  });
}

/**
 * Tells again of runs that have been due for long and that nobody drives, at most 1,000: their workflow was ended by
 * hand, or the cluster has lost it. Drops what tells of runs that do not exist any more. The number of runs.
 */
export async function repeatWakes(db: Queryable, overdueMs: number): Promise<number> {
  await db.execute({
    name: 'run-wakes-drop',
    text: `DELETE FROM run_wakes w WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = w.run_id)`,
  });
  return await db.execute({
    name: 'run-wakes-repeat',
    text: `
      INSERT INTO run_wakes (run_id)
      SELECT r.id FROM runs r
      WHERE r.owner IS NULL AND r.engine <> 'local'
        AND r.wake_at < clock_timestamp() - make_interval(secs => $1)
        AND NOT EXISTS (SELECT 1 FROM run_wakes w WHERE w.run_id = r.id)
      ORDER BY r.wake_at, r.id LIMIT 1000`,
    values: [overdueMs / 1_000],
  });
}

/** Runs of a cluster that have not ended. */
export async function countOpenOnCluster(db: Queryable): Promise<number> {
  const rows = await db.query<{ count: number }>({
    name: 'runs-open-on-cluster',
    text: `SELECT count(*)::int AS count FROM runs
           WHERE status IN ('accepted', 'running', 'waiting') AND engine <> 'local'`,
  });
  return rows[0]?.count ?? 0;
}
