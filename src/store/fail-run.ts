import type { StopReason } from '../core/run.ts';
import { toStorableText } from '../core/storable-text.ts';
import type { Database } from './connect.ts';
import { announceEndsSql } from './internal-events.ts';

/**
 * Ends a run that its owner cannot bring into memory, or must not: the open calls are closed as interrupted,
 * and the run fails, in one fenced statement (I3). False: the run is not the owner's any more.
 */
export async function failOwnedRun(
  db: Pick<Database, 'query'>,
  request: {
    readonly id: string;
    readonly owner: string;
    readonly epoch: number;
    readonly stopReason: Extract<StopReason, 'poison' | 'failed'>;
    readonly error: string;
    readonly unitId: string;
  },
): Promise<boolean> {
  const rows = await db.query<{ id: string }>({
    name: 'run-fail-owned',
    text: failSql,
    values: [
      request.id,
      request.owner,
      request.epoch,
      request.stopReason,
      toStorableText(request.error),
      request.unitId,
    ],
  });
  return rows.length > 0;
}

// Nobody but the owner writes to the journal, and the owner waits for this: what it holds cannot be stale.
const failSql = `
WITH target AS MATERIALIZED (
  SELECT r.id, r.last_seq FROM runs r
  WHERE r.id = $1 AND r.owner = $2 AND r.epoch = $3
  FOR NO KEY UPDATE OF r
), open AS MATERIALIZED (
  SELECT s.*, t.last_seq + row_number() OVER (ORDER BY s.seq) AS new_seq
  FROM target t JOIN journal s ON s.run_id = t.id AND s.state = 'started'
  WHERE NOT EXISTS (
    SELECT 1 FROM journal e WHERE e.run_id = s.run_id AND e.step = s.step AND e.seq > s.seq
  )
), closed AS (
  INSERT INTO journal (run_id, seq, unit_id, step, type, state, data)
  SELECT run_id, new_seq, $6, step, type, 'interrupted',
    json_build_object(
      'callId', data::json -> 'callId', 'name', data::json -> 'name',
      'inputJson', data::json -> 'inputJson', 'toolVersion', data::json -> 'toolVersion',
      'outputJson', NULL, 'error', $5::text, 'modelText', $5::text, 'logs', NULL,
      'durationMs', 0, 'attempts', 1
    )::text
  FROM open
), ended AS (
  INSERT INTO journal (run_id, seq, unit_id, step, type, state, data)
  SELECT t.id, t.last_seq + 1 + (SELECT count(*) FROM open), $6,
    t.last_seq + 1 + (SELECT count(*) FROM open), 'end', 'failed',
    json_build_object('stopReason', $4::text, 'disposition', NULL, 'response', NULL, 'error', $5::text)::text
  FROM target t
), leaving AS (
  SELECT r.id AS run_id, r.workspace_id, 'failed' AS status, r.dry_run
  FROM target t JOIN runs r ON r.id = t.id
), announced AS (
  ${announceEndsSql('leaving')}
)
UPDATE runs r SET
  status = 'failed', owner = NULL, epoch = epoch + 1, wake_at = NULL,
  stop_reason = $4, error = $5, completed_at = clock_timestamp(),
  last_seq = t.last_seq + 1 + (SELECT count(*) FROM open)
FROM target t WHERE r.id = t.id
RETURNING r.id`;
