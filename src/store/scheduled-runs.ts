import type { RunStatus } from '../core/run.ts';
import type { ScheduledRun, ScheduledStatus } from '../core/scheduled-run.ts';
import {
  fromStorableOrNull,
  fromStorableText,
  storableOrNull,
  toStorableText,
} from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { inScopeSql, scopeValue } from './page-sql.ts';

interface ScheduledRow {
  readonly id: string;
  readonly number: number;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly agent_number: number;
  readonly agent_name: string;
  readonly scheduled_for: Date;
  readonly payload: string;
  readonly entity_id: string | null;
  readonly additional_instructions: string | null;
  readonly status: ScheduledStatus;
  readonly is_claimed: boolean;
  readonly reason: string | null;
  readonly fired_at: Date | null;
  readonly trigger_event_id: string | null;
  readonly run: string | null;
  readonly run_run_id: string | null;
  readonly run_status: RunStatus | null;
  readonly run_error: string | null;
  readonly created_by: string | null;
  readonly token_name: string | null;
  readonly created_by_run: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** Columns of `ScheduledRow`, from `scheduledTables`. */
const scheduledColumns = `s.id, s.number, s.workspace_id, s.agent_id, a.number AS agent_number,
  a.name AS agent_name, s.scheduled_for, s.payload, s.entity_id, s.additional_instructions, s.status,
  s.is_claimed, s.reason, s.fired_at, s.trigger_event_id, r.id AS run,
  r.run_id AS run_run_id, r.status AS run_status, r.error AS run_error, s.created_by, k.name AS token_name,
  s.created_by_run, s.created_at, s.updated_at`;

const scheduledTables = `scheduled_runs s JOIN agents a ON a.id = s.agent_id
  LEFT JOIN runs r ON r.id = s.run_id LEFT JOIN tokens k ON k.id = s.created_by`;

/** `SELECT … FROM …` of rows that `toScheduledRun` reads; `s` is the scheduled run. */
export const selectScheduled = `SELECT ${scheduledColumns} FROM ${scheduledTables}`;

export interface NewScheduledRun {
  readonly id: string;
  readonly workspaceId: string;
  readonly agentId: string;
  readonly scheduledFor: Date;
  readonly payloadJson: string;
  readonly entityId: string | null;
  readonly additionalInstructions: string | null;
  readonly createdBy: string | null;
  readonly createdByRunId: string | null;
  readonly callKey: string | null;
  readonly depth: number;
}

/** Writes it; one with the same call key is left as it is. The one that is there now. */
export async function insertScheduledRun(
  tx: Queryable,
  scheduled: NewScheduledRun,
): Promise<ScheduledRun> {
  const [row] = await tx.query<{ id: string }>({
    text: `INSERT INTO scheduled_runs (id, workspace_id, agent_id, scheduled_for, due_at, payload, entity_id,
        additional_instructions, created_by, created_by_run, call_key, depth, created_at, updated_at)
      SELECT $1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, now, now FROM clock_timestamp() now
      ON CONFLICT (call_key) DO NOTHING RETURNING id`,
    values: [
      scheduled.id,
      scheduled.workspaceId,
      scheduled.agentId,
      scheduled.scheduledFor,
      toStorableText(scheduled.payloadJson),
      storableOrNull(scheduled.entityId),
      storableOrNull(scheduled.additionalInstructions),
      scheduled.createdBy,
      scheduled.createdByRunId,
      scheduled.callKey,
      scheduled.depth,
    ],
  });
  const found =
    row === undefined && scheduled.callKey !== null
      ? await findScheduledByCall(tx, scheduled.callKey)
      : await getScheduledRun(tx, 'all', scheduled.id);
  if (found === null) throw new Error(`The scheduled run ${scheduled.id} is not there.`);
  return found;
}

/** By id or number; null when there is none in scope. */
export async function getScheduledRun(
  db: Queryable,
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<ScheduledRun | null> {
  const isNumber = /^[1-9][0-9]{0,14}$/.test(idOrNumber);
  const [row] = await db.query<ScheduledRow>({
    name: isNumber ? 'get_scheduled_by_number' : 'get_scheduled_by_id',
    text: `${selectScheduled} WHERE s.${isNumber ? 'number' : 'id'} = $1
      AND ${inScopeSql('s.workspace_id', '$2')}`,
    values: [isNumber ? Number(idOrNumber) : idOrNumber, scopeValue(scope)],
  });
  return row === undefined ? null : toScheduledRun(row);
}

/** What a call of a run's has scheduled before; null when it has not. */
export async function findScheduledByCall(
  db: Queryable,
  callKey: string,
): Promise<ScheduledRun | null> {
  const [row] = await db.query<ScheduledRow>({
    name: 'get_scheduled_by_call',
    text: `${selectScheduled} WHERE s.call_key = $1`,
    values: [callKey],
  });
  return row === undefined ? null : toScheduledRun(row);
}

export interface ScheduledEdit {
  readonly scheduledFor: Date;
  readonly payloadJson: string;
  readonly entityId: string | null;
  readonly additionalInstructions: string | null;
}

/** Writes the edit if it can still be edited; whether it was. */
export async function editScheduledRun(
  db: Queryable,
  id: string,
  edit: ScheduledEdit,
): Promise<boolean> {
  const edited = await db.execute({
    name: 'scheduled-edit',
    text: `UPDATE scheduled_runs SET scheduled_for = $2, due_at = $2, payload = $3, entity_id = $4,
        additional_instructions = $5, updated_at = clock_timestamp()
      WHERE id = $1 AND status = 'scheduled' AND NOT is_claimed`,
    values: [
      id,
      edit.scheduledFor,
      toStorableText(edit.payloadJson),
      storableOrNull(edit.entityId),
      storableOrNull(edit.additionalInstructions),
    ],
  });
  return edited > 0;
}

/** Cancels it if it can still be cancelled; whether it was. */
export async function cancelScheduledRun(db: Queryable, id: string): Promise<boolean> {
  const cancelled = await db.execute({
    name: 'scheduled-cancel',
    text: `UPDATE scheduled_runs SET status = 'cancelled', updated_at = clock_timestamp()
      WHERE id = $1 AND status = 'scheduled' AND NOT is_claimed`,
    values: [id],
  });
  return cancelled > 0;
}

/**
 * How many that runs have scheduled are still to come: of the workspace, and of the run. Nobody else counts
 * until the transaction ends.
 */
export async function countScheduledByRuns(
  tx: Queryable,
  of: { readonly workspaceId: string; readonly runId: string },
): Promise<{ readonly workspace: number; readonly run: number }> {
  await tx.query({
    text: "SELECT pg_advisory_xact_lock(hashtextextended('scheduled by runs of ' || $1, 0))",
    values: [of.workspaceId],
  });
  const [row] = await tx.query<{ workspace: number; run: number }>({
    text: `SELECT count(*) AS workspace, count(*) FILTER (WHERE created_by_run = $2) AS run
      FROM scheduled_runs
      WHERE workspace_id = $1 AND status = 'scheduled' AND created_by_run IS NOT NULL`,
    values: [of.workspaceId, of.runId],
  });
  return row ?? { workspace: 0, run: 0 };
}

/** How many firings lie between the run and the first of its chain. */
export async function depthOfRun(db: Queryable, runId: string): Promise<number> {
  const [row] = await db.query<{ depth: number }>({
    text: 'SELECT e.depth FROM runs r JOIN trigger_events e ON e.id = r.trigger_event_id WHERE r.id = $1',
    values: [runId],
  });
  return row?.depth ?? 0;
}

export function toScheduledRun(row: ScheduledRow): ScheduledRun {
  const { run, run_run_id: runId, run_status: runStatus } = row;
  return {
    id: row.id,
    number: row.number,
    workspaceId: row.workspace_id,
    agentId: row.agent_id,
    agent: { number: row.agent_number, name: fromStorableText(row.agent_name) },
    scheduledFor: row.scheduled_for,
    payloadJson: fromStorableText(row.payload),
    entityId: fromStorableOrNull(row.entity_id),
    additionalInstructions: fromStorableOrNull(row.additional_instructions),
    status: row.status,
    isClaimed: row.is_claimed,
    reason: fromStorableOrNull(row.reason),
    firedAt: row.fired_at,
    triggerEventId: row.trigger_event_id,
    run:
      run === null || runId === null || runStatus === null
        ? null
        : { id: run, runId, status: runStatus, error: fromStorableOrNull(row.run_error) },
    createdBy:
      row.created_by === null
        ? null
        : { tokenId: row.created_by, name: fromStorableOrNull(row.token_name) },
    createdByRunId: row.created_by_run,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export type { ScheduledRow };
