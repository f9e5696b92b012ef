import { removedPayload } from '../core/retention.ts';
import type { Run, StopReason } from '../core/run.ts';
import type { Queryable } from './connect.ts';
import { type RunRow, toRun } from './runs.ts';

/**
 * Failed runs of an agent that nobody has retried, the oldest failure first. What another run asked for is
 * left out: that one was told, and went on.
 */
export async function listUnretriedFailures(
  db: Queryable,
  of: {
    readonly agentId: string;
    /** When they failed: from, and before. */
    readonly since: Date;
    readonly until: Date | null;
    readonly stopReasons: readonly StopReason[] | null;
    readonly limit: number;
  },
): Promise<Run[]> {
  const rows = await db.query<RunRow>({
    text: `SELECT r.* FROM runs r
           WHERE r.agent_id = $1 AND r.status = 'failed' AND r.parent_run_id IS NULL
             AND r.test_run_id IS NULL AND r.completed_at >= $2
             AND ($3::timestamptz IS NULL OR r.completed_at < $3)
             AND ($4::text[] IS NULL OR r.stop_reason = ANY ($4))
             AND r.payload <> '${removedPayload}'
             AND NOT EXISTS (SELECT 1 FROM runs n WHERE n.retry_of = r.id)
           ORDER BY r.completed_at, r.id LIMIT $5`,
    values: [of.agentId, of.since, of.until, of.stopReasons, of.limit],
  });
  return rows.map(toRun);
}
