import type { TriggerType } from '../core/agent.ts';
import type { Disposition } from '../core/disposition.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { EngineName, Run, RunBudget, RunStatus, RunTotals, StopReason } from '../core/run.ts';
import { fromStorableOrNull, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database } from './connect.ts';
import { Conditions, containing } from './page-sql.ts';
import {
  type Found,
  type Matches,
  newestCopies,
  ofRun,
  readCopied,
  searchBranches,
} from './run-search.ts';

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
  readonly engine: EngineName;
  readonly engine_run_id: string | null;
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
    sessionId: fromStorableOrNull(row.session_id),
    entityId: fromStorableOrNull(row.entity_id),
    additionalInstructions: fromStorableOrNull(row.additional_instructions),
    retryOf: row.retry_of,
    parentRunId: row.parent_run_id,
    ancestry: row.ancestry === null ? [] : row.ancestry.split(' '),
    budget: row.budget === null ? null : (JSON.parse(row.budget) as RunBudget),
    childrenUsed: childrenUsed(row),
    forkedFrom: row.forked_from,
    fromStep: row.from_step,
    instructions: fromStorableOrNull(row.instructions),
    // A test's run is one only for those who do not know tests.
    dryRun: row.dry_run && row.test_run_id === null,
    testRunId: row.test_run_id,
    payloadJson: row.payload,
    model: row.model,
    traceId: row.trace_id,
    engine: row.engine,
    engineRunId: row.engine_run_id,
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
    dispositionReason: fromStorableOrNull(row.disposition_reason),
    response: fromStorableOrNull(row.response),
    reflection: fromStorableOrNull(row.reflection),
    outputJson: fromStorableOrNull(row.output),
    stopReason: row.stop_reason,
    error: fromStorableOrNull(row.error),
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
    // One by one: for a list the planner would read all of a table that was small when it made its plan.
    text: `SELECT r.* FROM unnest($1::text[]) AS g (id)
      CROSS JOIN LATERAL (SELECT * FROM runs WHERE id = g.id LIMIT 1) AS r`,
    values: [ids],
  });
  const found = new Map(rows.map((row) => [row.id, toRun(row)]));
  return ids.map((id) => found.get(id) ?? null);
}

/** The latest run of each conversation that has one, by the conversation's id; runs of tests are left out. */
export async function readLastRuns(
  db: Pick<Database, 'query'>,
  conversationIds: readonly string[],
): Promise<ReadonlyMap<string, Run>> {
  const rows = await db.query<RunRow & { readonly of_conversation: string }>({
    name: 'runs-last-of-conversations',
    text: `SELECT g.id AS of_conversation, r.* FROM unnest($1::text[]) AS g (id) CROSS JOIN LATERAL (
        SELECT * FROM runs WHERE conversation_id = g.id AND test_run_id IS NULL
        ORDER BY created_at DESC, id DESC LIMIT 1) AS r`,
    values: [conversationIds],
  });
  return new Map(rows.map((row) => [row.of_conversation, toRun(row)]));
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
  const asked = { db, filter, page };
  const near = await readPage(asked, true);
  // What was found near the page's beginning is enough for it; where it is not, some was removed in between.
  const isWhole = near.found === null || endsWithin(near.found, near.runs[page.limit]);
  const { runs } = isWhole ? near : await readPage(asked, false);
  return toPage(runs, page.limit, (run) => run);
}

/** Whether the last of the runs is as new as what was found, so that none that was not found belongs before it. */
function endsWithin({ runIds, since }: Found, last: Run | undefined): boolean {
  return last !== undefined && (last.createdAt > since || runIds.includes(last.id));
}

interface Asked {
  readonly db: Pick<Database, 'query'>;
  readonly filter: RunFilter;
  readonly page: PageRequest;
}

/** The runs of a page, and one more where there is one. `found`: the only copies that were looked at. */
async function readPage(
  asked: Asked,
  mayLookNear: boolean,
): Promise<{ readonly runs: readonly Run[]; readonly found: Found | null }> {
  const { db, filter, page } = asked;
  const conditions = new Conditions();
  const add = (value: unknown, condition: (place: string) => string): void => {
    if (value !== undefined) conditions.add(value, condition);
  };
  conditions.inScope(filter.scope, 'r.workspace_id');
  add(filter.workspaceId, (p) => `r.workspace_id = ${p}`);
  add(filter.agentId, (p) => `r.agent_id = ${p}`);
  add(filter.statuses, (p) => `r.status = ANY (${p}::text[])`);
  add(filter.disposition, (p) => `r.disposition = ${p}`);
  // A trigger is its agent's: with it named, the index of the agent's runs serves.
  add(
    filter.triggerId,
    (p) => `r.trigger_id = ${p} AND r.agent_id = (SELECT agent_id FROM triggers WHERE id = ${p})`,
  );
  add(filter.conversationId, (p) => `r.conversation_id = ${p}`);
  add(
    filter.entityId === undefined ? undefined : toStorableText(filter.entityId),
    (p) => `r.entity_id = ${p}`,
  );
  add(filter.from, (p) => `r.created_at >= ${p}`);
  add(filter.to, (p) => `r.created_at < ${p}`);
  add(filter.testRunId, (p) => `r.test_run_id = ${p}`);
  const noTests = filter.testRunId === undefined ? ['r.test_run_id IS NULL'] : [];
  const { branches, found } = await searchedBy(asked, { conditions, mayLookNear });
  const rows = await db.query<RunRow>({
    text: conditions.pageOver({ from: 'runs', alias: 'r', page, fixed: noTests, branches }),
    values: conditions.values,
  });
  return { runs: rows.map(toRun), found };
}

/** The filter's text and cost, as conditions of which one holds for each run; none: it has neither. */
async function searchedBy(
  { db, filter, page }: Asked,
  given: { readonly conditions: Conditions; readonly mayLookNear: boolean },
): Promise<{ readonly branches: readonly string[]; readonly found: Found | null }> {
  const { conditions } = given;
  const { minCostUsd, text, scope } = filter;
  if (minCostUsd === undefined && text === undefined) return { branches: [], found: null };
  const place = (value: unknown) => conditions.place(value);
  const matches = matchesOf(filter, place);
  const workspaceId = scope === 'all' || scope.length !== 1 ? filter.workspaceId : scope[0];
  if (workspaceId === undefined || filter.testRunId !== undefined) {
    return { branches: [matches(ofRun)], found: null };
  }
  const isAll = !asksForMore(filter);
  const near = (of: (value: unknown) => string) => ({
    matches: matchesOf(filter, of),
    newest: newestCopies(page, filter, of),
  });
  const looksNear = given.mayLookNear && isAll && text !== undefined;
  const copied = await readCopied(db, { workspaceId, page, near: looksNear ? near : null });
  const newest = () => (isAll ? newestCopies(page, filter, place) : null);
  const branches = searchBranches({ workspaceId, copied, matches, place, newest });
  return { branches, found: copied.found };
}

function matchesOf({ minCostUsd, text }: RunFilter, place: (value: unknown) => string): Matches {
  const parts: Matches[] = [];
  if (minCostUsd !== undefined) {
    const least = place(minCostUsd);
    parts.push(({ cost }) => `${cost} >= ${least}`);
  }
  if (text !== undefined) {
    const pattern = place(containing(toStorableText(text)));
    parts.push((of) => `${of.text} ILIKE ${pattern}`);
  }
  return (of) => parts.map((part) => part(of)).join(' AND ');
}

/** Whether more is asked of the runs than the copies know. */
function asksForMore(filter: RunFilter): boolean {
  const { agentId, statuses, disposition, triggerId, conversationId, entityId } = filter;
  const asked = [agentId, statuses, disposition, triggerId, conversationId, entityId];
  return asked.some((value) => value !== undefined);
}
