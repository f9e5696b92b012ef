import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableOrNull, toStorableText } from '../core/storable-text.ts';
import type { TriggerEvent } from '../core/trigger-event.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface EventRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly source: string;
  readonly type: string | null;
  readonly trigger_id: string | null;
  readonly payload: string;
  readonly entity_id: string | null;
  readonly occurred_at: Date | null;
  readonly caused_by_run: string | null;
  readonly depth: number;
  readonly replay_of: string | null;
  readonly created_at: Date;
}

const columns = `e.id, e.workspace_id, e.source, e.type, e.trigger_id, e.payload, e.entity_id, e.occurred_at,
  e.caused_by_run, e.depth, e.replay_of, e.created_at`;

export interface TriggerEventFilter {
  readonly scope: WorkspaceScope;
  /** Events that a trigger of the agent was looked at for, dispatches by hand included. */
  readonly agentId?: string;
  readonly triggerId?: string;
  readonly source?: string;
  readonly types?: readonly string[];
  readonly entityId?: string;
  /** Whether it started a run; of the agent or trigger, where one is named. */
  readonly matched?: boolean;
  readonly from?: Date;
  readonly to?: Date;
  readonly withoutSource?: string;
}

/** One event; null when there is none in scope. */
export async function getTriggerEvent(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<TriggerEvent | null> {
  const rows = await db.query<EventRow>({
    name: 'trigger-event-by-id',
    text: `SELECT ${columns} FROM trigger_events e
           WHERE e.id = $1 AND ${inScopeSql('e.workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toEvent(rows[0]);
}

/** A page of events, newest first. */
export async function listTriggerEvents(
  db: Queryable,
  filter: TriggerEventFilter,
  page: PageRequest,
): Promise<Page<TriggerEvent>> {
  const agentId =
    filter.triggerId === undefined
      ? filter.agentId
      : await agentOfTrigger(db, filter.scope, filter.triggerId);
  if (agentId === null) return { items: [], next: null };
  if (filter.triggerId !== undefined && (filter.agentId ?? agentId) !== agentId) {
    return { items: [], next: null };
  }
  const statement =
    agentId === undefined ? plainList(filter, page) : listOfAgent(filter, agentId, page);
  const rows = await db.query<EventRow>(statement);
  return toPage(rows.map(toEvent), page.limit, (event) => event);
}

/** How many events there are, counted up to the limit. */
export async function countTriggerEvents(
  db: Queryable,
  filter: Omit<TriggerEventFilter, 'agentId' | 'triggerId'>,
  limit: number,
): Promise<number> {
  const { text, values } = plainList(filter, { limit: limit - 1, after: null });
  const [row] = await db.query<{ n: number }>({
    text: `SELECT count(*)::integer AS n FROM (${text}) counted`,
    values,
  });
  return row?.n ?? 0;
}

interface ListStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

const hasRun = `(e.run_id IS NOT NULL OR EXISTS (
  SELECT 1 FROM trigger_verdicts v WHERE v.event_id = e.id AND v.verdict = 'ran'))`;

function plainList(filter: TriggerEventFilter, page: PageRequest): ListStatement {
  const conditions = conditionsOf(filter);
  const fixed = filter.matched === undefined ? [] : [filter.matched ? hasRun : `NOT ${hasRun}`];
  const tail = conditions.pageOf(page, fixed, 'e');
  return { text: `SELECT ${columns} FROM trigger_events e ${tail}`, values: conditions.values };
}

/** Both halves go by an index of the agent and by time: its verdicts, and its runs that nothing judged. */
function listOfAgent(
  filter: TriggerEventFilter,
  agentId: string,
  page: PageRequest,
): ListStatement {
  const conditions = conditionsOf(filter);
  const { values } = conditions;
  const place = (value: unknown) => `$${values.push(value)}`;
  const where = conditions.where();
  const and = where === '' ? '' : `AND ${where.slice('WHERE '.length)}`;
  const agent = place(agentId);
  const trigger = filter.triggerId === undefined ? null : place(filter.triggerId);
  const [at, id] = page.after === null ? [] : [place(page.after.createdAt), place(page.after.id)];
  const limit = place(page.limit + 1);
  const judged = `SELECT DISTINCT ON (v.created_at, v.event_id) v.event_id AS id, v.created_at
    FROM trigger_verdicts v JOIN trigger_events e ON e.id = v.event_id
    WHERE v.agent_id = ${agent} ${and}
      ${trigger === null ? '' : `AND v.trigger_id = ${trigger}`}
      ${filter.matched === undefined ? '' : `AND v.verdict ${filter.matched ? '=' : '<>'} 'ran'`}
      ${at === undefined ? '' : `AND (v.created_at, v.event_id) < (${at}, ${id})`}
    ORDER BY v.created_at DESC, v.event_id DESC LIMIT ${limit}`;
  const dispatched = `SELECT e.id, e.created_at
    FROM runs r JOIN trigger_events e ON e.id = r.trigger_event_id AND e.run_id = r.id
    WHERE r.agent_id = ${agent} ${and}
      ${trigger === null ? '' : `AND r.trigger_id = ${trigger}`}
      ${filter.matched === false ? 'AND false' : ''}
      ${at === undefined ? '' : `AND r.created_at <= ${at} AND (r.created_at, e.id) < (${at}, ${id})`}
    ORDER BY r.created_at DESC, e.id DESC LIMIT ${limit}`;
  const text = `SELECT ${columns} FROM ((${judged}) UNION ALL (${dispatched})) found
    JOIN trigger_events e ON e.id = found.id
    ORDER BY found.created_at DESC, found.id DESC LIMIT ${limit}`;
  return { text, values };
}

function conditionsOf(filter: TriggerEventFilter): Conditions {
  const conditions = new Conditions().inScope(filter.scope, 'e.workspace_id');
  const add = (value: unknown, sql: (place: string) => string) => {
    if (value !== undefined) conditions.add(value, sql);
  };
  add(filter.source, (place) => `e.source = ${place}`);
  // Runs of tests are found through their test run.
  add(filter.source === undefined ? 'test' : undefined, (place) => `e.source <> ${place}`);
  add(filter.withoutSource, (place) => `e.source <> ${place}`);
  add(filter.types?.map(toStorableText), (place) => `e.type = ANY (${place}::text[])`);
  add(
    filter.entityId === undefined ? undefined : toStorableText(filter.entityId),
    (place) => `e.entity_id = ${place}`,
  );
  add(filter.from, (place) => `e.created_at >= ${place}`);
  add(filter.to, (place) => `e.created_at < ${place}`);
  return conditions;
}

async function agentOfTrigger(
  db: Queryable,
  scope: WorkspaceScope,
  triggerId: string,
): Promise<string | null> {
  const rows = await db.query<{ agent_id: string }>({
    name: 'agent-of-trigger',
    text: `SELECT agent_id FROM triggers WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')}`,
    values: [triggerId, scopeValue(scope)],
  });
  return rows[0]?.agent_id ?? null;
}

function toEvent(row: EventRow): TriggerEvent {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    source: row.source,
    type: fromStorableOrNull(row.type),
    triggerId: row.trigger_id,
    payloadJson: row.payload,
    entityId: fromStorableOrNull(row.entity_id),
    occurredAt: row.occurred_at,
    causedByRunId: row.caused_by_run,
    depth: row.depth,
    replayOf: row.replay_of,
    createdAt: row.created_at,
  };
}
