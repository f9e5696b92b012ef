import type { TriggerType } from '../core/agent.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { Disposition, Run, RunBudget, RunStatus, RunTotals, StopReason } from '../core/run.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database } from './connect.ts';
import { Conditions, containing } from './page-sql.ts';

export interface RunRow {
  readonly id: string;
  readonly run_id: string;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly agent_version: number;
  readonly trigger_id: string | null;
  readonly trigger_type: TriggerType | null;
  readonly trigger_event_id: string | null;
  readonly conversation_id: string | null;
  readonly contact_id: string | null;
  readonly read_rev: number | null;
  readonly session_id: string | null;
  readonly entity_id: string | null;
  readonly additional_instructions: string | null;
  readonly retry_of: string | null;
  readonly parent_run_id: string | null;
  readonly ancestry: string | null;
  readonly budget: string | null;
  readonly child_input_tokens: number | null;
  readonly child_output_tokens: number | null;
  readonly child_cost_usd: number | null;
  readonly forked_from: string | null;
  readonly from_step: number | null;
  readonly instructions: string | null;
  readonly dry_run: boolean;
  readonly test_run_id: string | null;
  readonly payload: string;
  readonly model: string;
  readonly trace_id: string;
  readonly engine: string;
  readonly status: RunStatus;
  readonly owner: string | null;
  readonly epoch: number;
  readonly wake_at: Date | null;
  readonly crashes: number;
  readonly lost_attempts: number;
  readonly strikes: number;
  readonly last_seq: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number | null;
  readonly disposition: Disposition | null;
  readonly disposition_reason: string | null;
  readonly response: string | null;
  readonly reflection: string | null;
  readonly output: string | null;
  readonly stop_reason: StopReason | null;
  readonly error: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
}

export function toRun(row: RunRow): Run {
  const text = (stored: string | null) => (stored === null ? null : fromStorableText(stored));
  return {
    id: row.id,
    runId: row.run_id,
    workspaceId: row.workspace_id,
    agentId: row.agent_id,
    agentVersion: row.agent_version,
    triggerId: row.trigger_id,
    triggerType: row.trigger_type,
    triggerEventId: row.trigger_event_id,
    conversationId: row.conversation_id,
    contactId: row.contact_id,
    readRev: row.read_rev,
    sessionId: text(row.session_id),
    entityId: text(row.entity_id),
    additionalInstructions: text(row.additional_instructions),
    retryOf: row.retry_of,
    parentRunId: row.parent_run_id,
    ancestry: row.ancestry === null ? [] : row.ancestry.split(' '),
    budget: row.budget === null ? null : (JSON.parse(row.budget) as RunBudget),
    childrenUsed: childrenUsed(row),
    forkedFrom: row.forked_from,
    fromStep: row.from_step,
    instructions: text(row.instructions),
    // A test's run is one only for those who do not know tests.
    dryRun: row.dry_run && row.test_run_id === null,
    testRunId: row.test_run_id,
    payloadJson: row.payload,
    model: row.model,
    traceId: row.trace_id,
    engine: row.engine,
    status: row.status,
    owner: row.owner,
    epoch: Number(row.epoch),
    wakeAt: row.wake_at,
    crashes: row.crashes,
    lostAttempts: row.lost_attempts,
    strikes: row.strikes,
    lastSeq: row.last_seq,
    inputTokens: Number(row.input_tokens),
    outputTokens: Number(row.output_tokens),
    costUsd: row.cost_usd,
    disposition: row.disposition,
    dispositionReason: text(row.disposition_reason),
    response: text(row.response),
    reflection: text(row.reflection),
    outputJson: text(row.output),
    stopReason: row.stop_reason,
    error: text(row.error),
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
  };
}

const none: RunTotals = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

function childrenUsed(row: RunRow): RunTotals {
  if (row.child_input_tokens === null) return none;
  return {
    inputTokens: row.child_input_tokens,
    outputTokens: row.child_output_tokens ?? 0,
    costUsd: row.child_cost_usd,
  };
}

/** A run by either of its ids, or null when there is none in the scope. */
export async function getRun(
  db: Pick<Database, 'query'>,
  scope: WorkspaceScope,
  idOrRunId: string,
): Promise<Run | null> {
  const rows = await db.query<RunRow>({
    name: idOrRunId.startsWith('run_') ? 'run-by-run-id' : 'run-by-id',
    text: `SELECT * FROM runs WHERE ${idOrRunId.startsWith('run_') ? 'run_id' : 'id'} = $1
           AND ($2::text[] IS NULL OR workspace_id = ANY ($2))`,
    values: [idOrRunId, scope === 'all' ? null : scope],
  });
  const row = rows[0];
  return row === undefined ? null : toRun(row);
}

/** Runs by their ids, in their order; null where there is none. Whoever asks knows that they may be shown. */
export async function getRuns(
  db: Pick<Database, 'query'>,
  ids: readonly string[],
): Promise<(Run | null)[]> {
  const rows = await db.query<RunRow>({
    name: 'runs-by-ids',
    text: 'SELECT * FROM runs WHERE id = ANY ($1)',
    values: [ids],
  });
  const found = new Map(rows.map((row) => [row.id, toRun(row)]));
  return ids.map((id) => found.get(id) ?? null);
}

export interface RunFilter {
  readonly scope: WorkspaceScope;
  readonly workspaceId?: string;
  readonly agentId?: string;
  readonly statuses?: readonly RunStatus[];
  readonly disposition?: Disposition;
  readonly triggerId?: string;
  readonly conversationId?: string;
  readonly entityId?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly minCostUsd?: number;
  /** Only runs of this test run; by default runs of tests are left out. */
  readonly testRunId?: string;
  /** Found in response, error, disposition reason or entity id, whatever the case of its letters. */
  readonly text?: string;
}

/** Runs, newest first. */
export async function listRuns(
  db: Pick<Database, 'query'>,
  filter: RunFilter,
  page: PageRequest,
): Promise<Page<Run>> {
  const conditions = new Conditions();
  const add = (value: unknown, condition: (place: string) => string): void => {
    if (value !== undefined) conditions.add(value, condition);
  };
  conditions.inScope(filter.scope, 'workspace_id');
  add(filter.workspaceId, (p) => `workspace_id = ${p}`);
  add(filter.agentId, (p) => `agent_id = ${p}`);
  add(filter.statuses, (p) => `status = ANY (${p}::text[])`);
  add(filter.disposition, (p) => `disposition = ${p}`);
  // A trigger is its agent's: with it named, the index of the agent's runs serves.
  add(
    filter.triggerId,
    (p) => `trigger_id = ${p} AND agent_id = (SELECT agent_id FROM triggers WHERE id = ${p})`,
  );
  add(filter.conversationId, (p) => `conversation_id = ${p}`);
  add(
    filter.entityId === undefined ? undefined : toStorableText(filter.entityId),
    (p) => `entity_id = ${p}`,
  );
  add(filter.from, (p) => `created_at >= ${p}`);
  add(filter.to, (p) => `created_at < ${p}`);
  add(filter.minCostUsd, (p) => `cost_usd >= ${p}`);
  add(
    filter.text === undefined ? undefined : containing(filter.text),
    (p) => `(concat_ws(' ', response, error, disposition_reason, entity_id) ILIKE ${p})`,
  );
  add(filter.testRunId, (p) => `test_run_id = ${p}`);
  const noTests = filter.testRunId === undefined ? ['test_run_id IS NULL'] : [];
  const tail = conditions.pageOf(page, noTests);
  const rows = await db.query<RunRow>({
    text: `SELECT * FROM runs ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toRun), page.limit, (run) => run);
}
