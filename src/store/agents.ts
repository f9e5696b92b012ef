import type { Agent, AgentDefinition } from '../core/agent.ts';
import { isId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { definitionFromColumn, insertAgentVersion, triggersFromColumn } from './agent-versions.ts';
import type { Queryable } from './connect.ts';
import { keepCronCursors } from './cron-cursors.ts';
import { toJsonColumn } from './json-column.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';
import { deleteTriggersOf, replaceTriggers, type TriggerToSave } from './triggers.ts';

interface AgentRow {
  readonly id: string;
  readonly number: number;
  readonly workspace_id: string;
  readonly version: number;
  readonly definition: string;
  readonly triggers: string;
  readonly enabled: boolean;
  readonly paused_at: Date | null;
  readonly test_gate: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
}

type SavedRow = Omit<AgentRow, 'definition' | 'triggers'>;

const ownColumns =
  'id, number, workspace_id, version, enabled, paused_at, test_gate, created_at, updated_at';
const columns = `a.id, a.number, a.workspace_id, a.version, a.enabled, a.paused_at, a.test_gate,
  a.created_at, a.updated_at, v.definition, v.triggers`;
const withVersion = 'agents a JOIN agent_versions v ON v.agent_id = a.id AND v.version = a.version';

export interface AgentFilter {
  readonly scope: WorkspaceScope;
  readonly enabled?: boolean;
}

/** What a save writes; the triggers become the agent's only ones. */
export interface AgentSave {
  readonly definition: AgentDefinition;
  readonly triggers: readonly TriggerToSave[];
  readonly enabled: boolean;
}

/** The agent by id or by number (`42`); null when there is none in scope, or it was deleted. */
export async function getAgent(
  db: Queryable,
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<Agent | null> {
  const key = keyOf(idOrNumber);
  if (key === null) return null;
  const rows = await db.query<AgentRow>({
    name: `get_agent_by_${key.column}`,
    text: `SELECT ${columns} FROM ${withVersion} WHERE ${liveAgent(key)}`,
    values: [key.value, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toAgent(rows[0]);
}

/** Agents by their ids, those in scope that were not deleted, in the order of their ids. */
export async function listAgentsByIds(
  db: Queryable,
  scope: WorkspaceScope,
  ids: readonly string[],
): Promise<readonly Agent[]> {
  const rows = await db.query<AgentRow>({
    name: 'list_agents_by_ids',
    text: `SELECT ${columns} FROM ${withVersion}
      WHERE a.id = ANY ($1) AND a.deleted_at IS NULL AND ${inScopeSql('a.workspace_id', '$2')}
      ORDER BY a.id`,
    values: [ids, scopeValue(scope)],
  });
  return rows.map(toAgent);
}

/** Ids of a workspace's agents of exactly this name, at most 10. */
export async function findAgentIdsByName(
  db: Queryable,
  workspaceId: string,
  name: string,
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>({
    text: `SELECT id FROM agents WHERE workspace_id = $1 AND name = $2 AND deleted_at IS NULL
      ORDER BY id LIMIT 10`,
    values: [workspaceId, toStorableText(name)],
  });
  return rows.map((row) => row.id);
}

/** Ids of agents of exactly this name, else of those whose name is this slug (`order-desk`); at most 2. */
export async function findAgentIdsCalled(
  db: Queryable,
  scope: WorkspaceScope,
  called: string,
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string; is_name: boolean }>({
    name: 'agents_called',
    text: `SELECT id, name = $2 AS is_name FROM agents
      WHERE ${inScopeSql('workspace_id', '$1')} AND deleted_at IS NULL
        AND (name = $2 OR trim(BOTH '-' FROM regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g')) = $2)
      ORDER BY is_name DESC, id LIMIT 3`,
    values: [scopeValue(scope), toStorableText(called)],
  });
  const named = rows.filter(({ is_name }) => is_name);
  return (named.length > 0 ? named : rows).slice(0, 2).map(({ id }) => id);
}

/** A page of agents, newest first. */
export async function listAgents(
  db: Queryable,
  filter: AgentFilter,
  page: PageRequest,
): Promise<Page<Agent>> {
  const conditions = new Conditions().inScope(filter.scope, 'a.workspace_id');
  if (filter.enabled !== undefined) {
    conditions.add(filter.enabled, (placeholder) => `a.enabled = ${placeholder}`);
  }
  const tail = conditions.pageOf(page, ['a.deleted_at IS NULL'], 'a');
  const rows = await db.query<AgentRow>({
    text: `SELECT ${columns} FROM ${withVersion} ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toAgent), page.limit, (agent) => agent);
}

/**
 * Locks the agent for the rest of the transaction and reads it: what is then decided by it and saved
 * overwrites nobody's change.
 */
export async function lockAgent(
  tx: Queryable,
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<Agent | null> {
  const key = keyOf(idOrNumber);
  if (key === null) return null;
  const locked = await tx.query<{ id: string }>({
    name: `lock_agent_by_${key.column}`,
    text: `SELECT a.id FROM agents a WHERE ${liveAgent(key)} FOR UPDATE`,
    values: [key.value, scopeValue(scope)],
  });
  // Read by a statement of its own: the one that waited for the lock joined versions of before the wait.
  return locked[0] === undefined ? null : getAgent(tx, scope, locked[0].id);
}

/** Writes a new agent as version 1. */
export async function insertAgent(
  tx: Queryable,
  agent: AgentSave & { readonly id: string; readonly workspaceId: string },
): Promise<Agent> {
  const [row] = await tx.query<SavedRow>({
    text: `INSERT INTO agents (id, workspace_id, name, version, definition, enabled, created_at, updated_at)
      SELECT $1, $2, $3, 1, $4, $5, now, now FROM clock_timestamp() now RETURNING ${ownColumns}`,
    values: [
      agent.id,
      agent.workspaceId,
      toStorableText(agent.definition.name),
      toJsonColumn(agent.definition),
      agent.enabled,
    ],
  });
  return saveVersion(tx, row, agent);
}

/** Writes the next version of a locked agent. */
export async function saveAgentVersion(
  tx: Queryable,
  agentId: string,
  save: AgentSave,
): Promise<Agent> {
  const [row] = await tx.query<SavedRow>({
    text: `UPDATE agents SET name = $2, definition = $3, enabled = $4,
        version = (SELECT max(v.version) FROM agent_versions v WHERE v.agent_id = $1) + 1,
        updated_at = clock_timestamp()
      WHERE id = $1 RETURNING ${ownColumns}`,
    values: [
      agentId,
      toStorableText(save.definition.name),
      toJsonColumn(save.definition),
      save.enabled,
    ],
  });
  return saveVersion(tx, row, save);
}

/** Switches a locked agent on or off; no new version. */
export async function setAgentEnabled(
  tx: Queryable,
  agent: Agent,
  enabled: boolean,
): Promise<Agent> {
  const [row] = await tx.query<{ updated_at: Date }>({
    text: `UPDATE agents SET enabled = $2, updated_at = clock_timestamp() WHERE id = $1
      RETURNING updated_at`,
    values: [agent.id, enabled],
  });
  if (row === undefined) throw new Error(`The agent ${agent.id} is not there to be updated.`);
  const changed = { ...agent, enabled, updatedAt: row.updated_at };
  await keepCronCursors(tx, { ...changed, isActive: isActive(changed) });
  return changed;
}

/** Switches the gate of a locked agent; no new version. */
export async function setTestGate(tx: Queryable, agent: Agent, testGate: boolean): Promise<Agent> {
  const [row] = await tx.query<{ updated_at: Date }>({
    text: `UPDATE agents SET test_gate = $2, updated_at = clock_timestamp() WHERE id = $1
      RETURNING updated_at`,
    values: [agent.id, testGate],
  });
  if (row === undefined) throw new Error(`The agent ${agent.id} is not there to be updated.`);
  return { ...agent, testGate, updatedAt: row.updated_at };
}

/** Deletes (softly) an agent and its triggers; its id, or null when there is none in scope. */
export async function deleteAgent(
  tx: Queryable,
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<string | null> {
  const key = keyOf(idOrNumber);
  if (key === null) return null;
  const [row] = await tx.query<{ id: string }>({
    text: `UPDATE agents a SET deleted_at = clock_timestamp(), updated_at = clock_timestamp()
      WHERE ${liveAgent(key)} RETURNING a.id`,
    values: [key.value, scopeValue(scope)],
  });
  if (row === undefined) return null;
  await deleteTriggersOf(tx, row.id);
  await keepCronCursors(tx, { ...row, workspaceId: '', isActive: false, triggers: [] });
  return row.id;
}

async function saveVersion(
  tx: Queryable,
  row: SavedRow | undefined,
  save: AgentSave,
): Promise<Agent> {
  if (row === undefined) throw new Error('The write of an agent returned no row.');
  const triggers = await replaceTriggers(tx, {
    workspaceId: row.workspace_id,
    agentId: row.id,
    at: row.updated_at,
    triggers: save.triggers,
  });
  const { definition } = save;
  const { version, updated_at: createdAt } = row;
  await insertAgentVersion(tx, { agentId: row.id, version, definition, triggers, createdAt });
  const agent = { ...toAgentBase(row), definition, triggers };
  await keepCronCursors(tx, { ...agent, isActive: isActive(agent) });
  return agent;
}

function isActive(agent: Pick<Agent, 'enabled' | 'definition'>): boolean {
  return agent.enabled && agent.definition.operation_mode !== 'inactive';
}

interface AgentKey {
  readonly column: 'id' | 'number';
  readonly value: string | number;
}

function keyOf(idOrNumber: string): AgentKey | null {
  if (isId(idOrNumber)) return { column: 'id', value: idOrNumber };
  if (!/^[1-9][0-9]{0,14}$/.test(idOrNumber)) return null;
  return { column: 'number', value: Number(idOrNumber) };
}

function liveAgent(key: AgentKey): string {
  return `a.${key.column} = $1 AND a.deleted_at IS NULL AND ${inScopeSql('a.workspace_id', '$2')}`;
}

function toAgentBase(row: SavedRow): Omit<Agent, 'definition' | 'triggers'> {
  return {
    id: row.id,
    number: row.number,
    workspaceId: row.workspace_id,
    version: row.version,
    enabled: row.enabled,
    pausedAt: row.paused_at,
    testGate: row.test_gate,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toAgent(row: AgentRow): Agent {
  return {
    ...toAgentBase(row),
    definition: definitionFromColumn(row.definition),
    triggers: triggersFromColumn(row.triggers),
  };
}
