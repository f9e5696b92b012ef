import type { Queryable } from './connect.ts';

/**
 * Makes runs due that were held until another run has ended, at the place in the queue that their age gives
 * them; the number of them. One whose other run was never created is due as well. Runs of a paused agent
 * stay parked.
 */
export async function releaseHeldRuns(db: Queryable): Promise<number> {
  return await db.execute({
    name: 'runs-release-held',
    text: `UPDATE runs SET held_after = NULL, wake_at = CASE
             WHEN EXISTS (
               SELECT 1 FROM agents a
               WHERE a.id = runs.agent_id AND a.paused_at IS NOT NULL AND a.deleted_at IS NULL
             ) THEN NULL
             ELSE created_at - make_interval(secs => priority)
           END
           WHERE id IN (
             SELECT r.id FROM runs r LEFT JOIN runs b ON b.id = r.held_after
             WHERE r.held_after IS NOT NULL AND r.status = 'accepted' AND r.owner IS NULL
               AND (b.id IS NULL OR b.status IN ('completed', 'failed', 'cancelled'))
             ORDER BY r.id LIMIT 1000
             FOR NO KEY UPDATE OF r SKIP LOCKED
           )`,
  });
}
