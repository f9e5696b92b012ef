import { isId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { ScriptRun, ScriptRunStatus } from '../core/script-run.ts';
import {
  fromStorableOrNull,
  fromStorableText,
  storableOrNull,
  toStorableText,
} from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface Row {
  readonly id: string;
  readonly workspace_id: string;
  readonly run_id: string;
  readonly execution_id: string;
  readonly agent_id: string;
  readonly agent_number: number;
  readonly agent_name: string;
  readonly call_key: string;
  readonly script_id: string;
  readonly script_name: string;
  readonly machine_id: string;
  readonly tool_name: string;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly shown_status: ScriptRunStatus;
  readonly created_at: Date;
  readonly completed_at: Date | null;
}

/** A call outlives neither its run nor the longest time that a tool may have. */
const statusSql = `CASE WHEN s.status = 'running' AND (r.status IN ('completed', 'failed', 'cancelled')
  OR s.created_at < clock_timestamp() - interval '10 minutes') THEN 'interrupted' ELSE s.status END`;

const select = `SELECT s.*, ${statusSql} AS shown_status, r.run_id AS execution_id, a.number AS agent_number,
  a.name AS agent_name
  FROM script_runs s JOIN runs r ON r.id = s.run_id JOIN agents a ON a.id = s.agent_id`;

/** Writes down that a script is about to be run. */
export async function insertScriptRun(
  db: Queryable,
  run: {
    readonly id: string;
    readonly workspaceId: string;
    readonly runId: string;
    readonly agentId: string;
    readonly callKey: string;
    readonly scriptId: string;
    readonly scriptName: string;
    readonly machineId: string;
    readonly toolName: string;
    readonly inputJson: string;
  },
): Promise<void> {
  await db.execute({
    name: 'script-run-insert',
    text: `INSERT INTO script_runs (id, workspace_id, run_id, agent_id, call_key, script_id, script_name, machine_id,
        tool_name, input)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (call_key) DO NOTHING`,
    values: [
      ...[run.id, run.workspaceId, run.runId, run.agentId, run.callKey],
      ...[toStorableText(run.scriptId), toStorableText(run.scriptName)],
      ...[toStorableText(run.machineId), toStorableText(run.toolName)],
      toStorableText(run.inputJson),
    ],
  });
}

/** Writes down how it ended. */
export async function endScriptRun(
  db: Queryable,
  callKey: string,
  ended: { readonly outputJson: string | null; readonly error: string | null },
): Promise<void> {
  await db.execute({
    name: 'script-run-end',
    text: `UPDATE script_runs SET status = $2, output = $3, error = $4, completed_at = clock_timestamp()
      WHERE call_key = $1`,
    values: [
      callKey,
      ended.error === null ? 'done' : 'failed',
      storableOrNull(ended.outputJson),
      storableOrNull(ended.error),
    ],
  });
}

/** Null when there is none in scope. */
export async function getScriptRun(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<ScriptRun | null> {
  if (!isId(id)) return null;
  const [row] = await db.query<Row>({
    text: `${select} WHERE s.id = $1 AND ${inScopeSql('s.workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return row === undefined ? null : toScriptRun(row);
}

export interface ScriptRunFilter {
  readonly scope: WorkspaceScope;
  readonly status?: ScriptRunStatus | undefined;
  readonly agentId?: string | undefined;
  /** Id of the run. */
  readonly runId?: string | undefined;
  readonly scriptId?: string | undefined;
  readonly machineId?: string | undefined;
}

/** A page of them, newest first. */
export async function listScriptRuns(
  db: Queryable,
  filter: ScriptRunFilter,
  page: PageRequest,
): Promise<Page<ScriptRun>> {
  const conditions = new Conditions().inScope(filter.scope, 's.workspace_id');
  const { status, agentId, runId, scriptId, machineId } = filter;
  if (status !== undefined) conditions.add(status, (at) => `${statusSql} = ${at}`);
  if (agentId !== undefined) conditions.add(agentId, (at) => `s.agent_id = ${at}`);
  if (runId !== undefined) conditions.add(runId, (at) => `s.run_id = ${at}`);
  if (scriptId !== undefined) {
    conditions.add(toStorableText(scriptId), (at) => `s.script_id = ${at}`);
  }
  if (machineId !== undefined) {
    conditions.add(toStorableText(machineId), (at) => `s.machine_id = ${at}`);
  }
  const tail = conditions.pageOf(page, [], 's');
  const rows = await db.query<Row>({ text: `${select} ${tail}`, values: conditions.values });
  return toPage(rows.map(toScriptRun), page.limit, ({ id, startedAt }) => {
    return { id, createdAt: startedAt };
  });
}

function toScriptRun(row: Row): ScriptRun {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    agent: {
      id: row.agent_id,
      number: row.agent_number,
      name: fromStorableText(row.agent_name),
    },
    run: { id: row.run_id, runId: row.execution_id, stepId: row.call_key },
    script: { id: fromStorableText(row.script_id), name: fromStorableText(row.script_name) },
    machineId: fromStorableText(row.machine_id),
    toolName: fromStorableText(row.tool_name),
    inputJson: fromStorableText(row.input),
    status: row.shown_status,
    outputJson: fromStorableOrNull(row.output),
    error: fromStorableOrNull(row.error),
    startedAt: row.created_at,
    completedAt: row.completed_at,
  };
}
