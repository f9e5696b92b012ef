import type { Run } from '../core/run.ts';
import { toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database, DedicatedConnection } from './connect.ts';
import { announceEndsSql } from './internal-events.ts';
import { type RunRow, toRun } from './runs.ts';

// I7: cancel is a takeover. One statement sets the terminal state, closes the open steps and bumps the
// epoch, so the owner's next write fails wherever it runs.

/** The cancelled run, or null when it does not exist in the scope or has ended already. */
export async function cancelRunRow(
  db: Pick<Database, 'query'>,
  request: {
    readonly scope: WorkspaceScope;
    readonly id: string;
    readonly error: string;
    readonly unitId: string;
  },
): Promise<Run | null> {
  for (;;) {
    const rows = await db.query<RunRow & { raced: boolean }>({
      name: 'run-cancel',
      text: cancelSql,
      values: [
        request.id,
        request.scope === 'all' ? null : request.scope,
        toStorableText(request.error),
        request.unitId,
      ],
    });
    const row = rows[0];
    if (row !== undefined) return toRun(row);
    if (!(await isOpen(db, request.id, request.scope))) return null;
    // The owner committed between our snapshot and our lock: with a new snapshot the open steps are known.
  }
}

/** Tells of every cancel from now on, whichever process made it, with the id of the run. */
export async function listenForCancels(
  connection: DedicatedConnection,
  onCancel: (runId: string) => void,
): Promise<void> {
  connection.onNotification((channel, payload) => {
    if (channel === 'signalbox_cancelled') onCancel(payload);
  });
  await connection.execute('LISTEN signalbox_cancelled');
}

const cancelSql = `
WITH target AS MATERIALIZED (
  SELECT r.id, r.last_seq FROM runs r
  WHERE r.id = $1 AND ($2::text[] IS NULL OR r.workspace_id = ANY ($2))
    AND r.status NOT IN ('completed', 'failed', 'cancelled')
  FOR NO KEY UPDATE OF r
), current AS MATERIALIZED (
  SELECT t.id, t.last_seq FROM target t
  WHERE t.last_seq = (SELECT coalesce(max(j.seq), 0) FROM journal j WHERE j.run_id = $1)
), open AS (
  SELECT s.*, c.last_seq + row_number() OVER (ORDER BY s.seq) AS new_seq
  FROM current c JOIN journal s ON s.run_id = c.id AND s.state = 'started'
  WHERE NOT EXISTS (
    SELECT 1 FROM journal e WHERE e.run_id = s.run_id AND e.step = s.step AND e.seq > s.seq
  )
), closed AS (
  INSERT INTO journal (run_id, seq, unit_id, step, type, state, data)
  SELECT run_id, new_seq, $4, step, type, 'cancelled',
    json_build_object(
      'callId', data::json -> 'callId', 'name', data::json -> 'name',
      'inputJson', data::json -> 'inputJson', 'toolVersion', data::json -> 'toolVersion',
      'outputJson', NULL, 'error', $3::text, 'modelText', $3::text, 'logs', NULL,
      'durationMs', 0, 'attempts', 1
    )::text
  FROM open
  RETURNING seq
), ended AS (
  INSERT INTO journal (run_id, seq, unit_id, step, type, state, data)
  SELECT c.id, c.last_seq + 1 + (SELECT count(*) FROM open), $4,
    c.last_seq + 1 + (SELECT count(*) FROM open), 'end', 'cancelled',
    json_build_object('stopReason', 'cancelled', 'disposition', NULL, 'response', NULL, 'error', $3::text)::text
  FROM current c
), leaving AS (
  SELECT r.id AS run_id, r.workspace_id, 'cancelled' AS status, r.dry_run
  FROM current c JOIN runs r ON r.id = c.id
), announced AS (
  ${announceEndsSql('leaving')}
)
UPDATE runs r SET
  status = 'cancelled', owner = NULL, epoch = epoch + 1, wake_at = NULL,
  stop_reason = 'cancelled', error = $3, completed_at = clock_timestamp(),
  last_seq = c.last_seq + 1 + (SELECT count(*) FROM open)
FROM current c WHERE r.id = c.id
RETURNING r.*, pg_notify('signalbox_cancelled', r.id)`;

async function isOpen(
  db: Pick<Database, 'query'>,
  id: string,
  scope: WorkspaceScope,
): Promise<boolean> {
  const rows = await db.query<{ id: string }>({
    name: 'run-is-open',
    text: `SELECT id FROM runs WHERE id = $1 AND ($2::text[] IS NULL OR workspace_id = ANY ($2))
           AND status NOT IN ('completed', 'failed', 'cancelled')`,
    values: [id, scope === 'all' ? null : scope],
  });
  return rows.length > 0;
}
