import { isId } from '../core/ids.ts';
import { type Memory, type MemoryReach, memoryMaxima } from '../core/memory.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import {
  fromStorableOrNull,
  fromStorableText,
  storableOrNull,
  toStorableText,
} from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface MemoryRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly agent_id: string | null;
  readonly entity_id: string | null;
  readonly content: string;
  readonly pinned: boolean;
  readonly run_id: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = `id, workspace_id, agent_id, entity_id, content, pinned, run_id, created_at, updated_at`;

/** Words of a text that is asked with at most. */
const maxQueryLength = 8_000;

/** The query that any of the text's words answers. `placeholder` is trusted text. */
const anyWordSql = (placeholder: string) => `(SELECT string_agg(
    '''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', ' | ')
  FROM unnest(to_tsvector('english', ${placeholder})))::tsquery`;

const inReach = `workspace_id = $1 AND (agent_id = $2 OR agent_id IS NULL)
  AND (entity_id IS NULL OR entity_id = ANY ($3))`;

function reachValues({ workspaceId, agentId, entityIds }: MemoryReach): unknown[] {
  return [workspaceId, agentId, entityIds.map(toStorableText)];
}

export interface NewMemory {
  readonly id: string;
  readonly workspaceId: string;
  readonly agentId: string | null;
  readonly entityId: string | null;
  readonly content: string;
  readonly pinned: boolean;
  readonly runId: string | null;
  readonly callKey: string | null;
}

export type WhyFull = 'full' | 'full_of_pinned';

/** Writes a memory where there is room; one of the same call is the one that was written first. */
export async function insertMemory(tx: Queryable, memory: NewMemory): Promise<Memory | WhyFull> {
  if (memory.callKey !== null) {
    const rows = await tx.query<MemoryRow>({
      text: `SELECT ${columns} FROM memories WHERE call_key = $1`,
      values: [memory.callKey],
    });
    if (rows[0] !== undefined) return toMemory(rows[0]);
  }
  const full = await whyFull(tx, memory);
  if (full !== null) return full;
  const [row] = await tx.query<MemoryRow>({
    text: `INSERT INTO memories (id, workspace_id, agent_id, entity_id, content, pinned, run_id, call_key)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${columns}`,
    values: [
      memory.id,
      memory.workspaceId,
      memory.agentId,
      storableOrNull(memory.entityId),
      toStorableText(memory.content),
      memory.pinned,
      memory.runId,
      memory.callKey,
    ],
  });
  if (row === undefined) throw new Error('The memory was not written.');
  return toMemory(row);
}

/** The memory; null when there is none in scope. Locked, where that is asked for. */
export async function getMemory(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
  how: { readonly lock: boolean } = { lock: false },
): Promise<Memory | null> {
  if (!isId(id)) return null;
  const rows = await db.query<MemoryRow>({
    text: `SELECT ${columns} FROM memories WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')}
      ${how.lock ? 'FOR UPDATE' : ''}`,
    values: [id, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toMemory(rows[0]);
}

export interface MemoryFilter {
  readonly scope: WorkspaceScope;
  readonly agentId?: string | undefined;
  readonly shared?: boolean | undefined;
  readonly entityId?: string | undefined;
  readonly pinned?: boolean | undefined;
  /** Any of its words. */
  readonly search?: string | undefined;
}

/** A page of memories, newest first. */
export async function listMemories(
  db: Queryable,
  filter: MemoryFilter,
  page: PageRequest,
): Promise<Page<Memory>> {
  const conditions = new Conditions().inScope(filter.scope, 'workspace_id');
  const { agentId, shared, entityId, pinned, search } = filter;
  if (agentId !== undefined) conditions.add(agentId, (at) => `agent_id = ${at}`);
  if (shared !== undefined) conditions.add(shared, (at) => `(agent_id IS NULL) = ${at}`);
  if (entityId !== undefined) {
    conditions.add(toStorableText(entityId), (at) => `entity_id = ${at}`);
  }
  if (pinned !== undefined) conditions.add(pinned, (at) => `pinned = ${at}`);
  if (search !== undefined) {
    conditions.add(queryText(search), (at) => `search @@ ${anyWordSql(`${at}::text`)}`);
  }
  const rows = await db.query<MemoryRow>({
    text: `SELECT ${columns} FROM memories ${conditions.pageOf(page)}`,
    values: conditions.values,
  });
  return toPage(rows.map(toMemory), page.limit, (memory) => memory);
}

/** Writes a locked memory; not, where there is no room for another pinned one. */
export async function updateMemory(
  tx: Queryable,
  before: Memory,
  change: { readonly content: string; readonly pinned: boolean },
): Promise<Memory | WhyFull> {
  if (change.pinned && !before.pinned) {
    const full = await whyFull(tx, { ...before, pinned: true });
    if (full === 'full_of_pinned') return full;
  }
  const [row] = await tx.query<MemoryRow>({
    text: `UPDATE memories SET content = $2, pinned = $3, updated_at = clock_timestamp()
      WHERE id = $1 RETURNING ${columns}`,
    values: [before.id, toStorableText(change.content), change.pinned],
  });
  if (row === undefined) throw new Error(`The memory ${before.id} is not there to be changed.`);
  return toMemory(row);
}

/** False: there is none in scope. */
export async function deleteMemory(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  const written = await db.execute({
    text: `DELETE FROM memories WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return written > 0;
}

/** The pinned ones that a run may read, newest first. */
export async function pinnedMemories(
  db: Queryable,
  reach: MemoryReach,
): Promise<readonly Memory[]> {
  const rows = await db.query<MemoryRow>({
    name: 'pinned_memories',
    text: `SELECT ${columns} FROM memories WHERE ${inReach} AND pinned
      ORDER BY created_at DESC, id DESC LIMIT 200`,
    values: reachValues(reach),
  });
  return rows.map(toMemory);
}

/** Those that a run may read and that have words of the text, the best first. */
export async function recallMemories(
  db: Queryable,
  reach: MemoryReach,
  query: { readonly text: string; readonly limit: number; readonly pinnedToo: boolean },
): Promise<readonly Memory[]> {
  const rows = await db.query<MemoryRow>({
    name: 'recall_memories',
    text: `WITH asked AS MATERIALIZED (SELECT ${anyWordSql('$4::text')} AS query)
      SELECT ${columns} FROM memories, asked
      WHERE ${inReach} AND (NOT pinned OR $6) AND search @@ query
      ORDER BY ts_rank(search, query, 1) DESC, created_at DESC, id DESC LIMIT $5`,
    values: [...reachValues(reach), queryText(query.text), query.limit, query.pinnedToo],
  });
  return rows.map(toMemory);
}

/** Takes one away that a run may read and that runs wrote. False: there is none. */
export async function forgetMemory(
  db: Queryable,
  reach: MemoryReach,
  id: string,
): Promise<boolean> {
  const written = await db.execute({
    text: `DELETE FROM memories WHERE ${inReach} AND id = $4 AND run_id IS NOT NULL`,
    values: [...reachValues(reach), id],
  });
  return written > 0;
}

/** Who writes under the same key waits, so that no two take the last place. */
async function whyFull(
  tx: Queryable,
  key: Pick<Memory, 'workspaceId' | 'agentId' | 'entityId' | 'pinned'>,
): Promise<WhyFull | null> {
  const entityId = storableOrNull(key.entityId);
  const names = JSON.stringify([key.workspaceId, key.agentId, entityId]);
  await tx.query({
    text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 8231))',
    values: [names],
  });
  const [counted] = await tx.query<{ all: number; pinned: number }>({
    text: `SELECT count(*) AS "all", count(*) FILTER (WHERE pinned) AS pinned FROM memories
      WHERE workspace_id = $1 AND agent_id IS NOT DISTINCT FROM $2 AND entity_id IS NOT DISTINCT FROM $3`,
    values: [key.workspaceId, key.agentId, entityId],
  });
  const { all = 0, pinned = 0 } = counted ?? {};
  if (key.pinned && pinned >= memoryMaxima.pinnedPerKey) return 'full_of_pinned';
  return all >= memoryMaxima.perKey ? 'full' : null;
}

function queryText(text: string): string {
  return toStorableText(text.slice(0, maxQueryLength));
}

function toMemory(row: MemoryRow): Memory {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    agentId: row.agent_id,
    entityId: fromStorableOrNull(row.entity_id),
    content: fromStorableText(row.content),
    pinned: row.pinned,
    runId: row.run_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
