import type { Queryable } from './connect.ts';

export interface QueueStats {
  /** Due runs that nobody drives; counted up to 100,000. */
  readonly queued: number;
  /** For how long the oldest run that has not begun has been waiting, ms; 0 without one. */
  readonly oldestMs: number;
  /** Runs that wait for a time to come; counted up to 100,000. */
  readonly sleeping: number;
  /** Runs that processes drive. */
  readonly running: number;
  readonly processes: number;
}

/** How much waits, and for how long. Reads indexes of what waits and runs only, never of what has ended. */
export async function queueStats(db: Queryable): Promise<QueueStats> {
  const rows = await db.query<QueueStats>({
    name: 'queue-stats',
    text: `
      SELECT
        (SELECT count(*) FROM (
          SELECT 1 FROM runs WHERE owner IS NULL AND wake_at <= now() LIMIT 100000) q) AS queued,
        (SELECT count(*) FROM (
          SELECT 1 FROM runs WHERE owner IS NULL AND wake_at > now() LIMIT 100000) s) AS sleeping,
        (SELECT count(*) FROM runs WHERE owner IS NOT NULL) AS running,
        (SELECT count(*) FROM processes) AS processes,
        coalesce((
          SELECT greatest(0, extract(epoch FROM now() - min(o.created_at)) * 1000)::bigint FROM (
            SELECT created_at FROM runs
            WHERE owner IS NULL AND wake_at <= now() AND started_at IS NULL
            ORDER BY wake_at, id LIMIT 1000) o
        ), 0) AS "oldestMs"`,
  });
  const stats = rows[0];
  if (stats === undefined) throw new Error('The database did not answer.');
  return stats;
}
