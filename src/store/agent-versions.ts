import {
  type AgentDefinition,
  type AgentVersion,
  plainOrder,
  type Trigger,
} from '../core/agent.ts';
import { isId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

// Every saved state of an agent. The current version's row is what reads of an agent show, so that
// definition and triggers always come from one save.

interface AgentVersionRow {
  readonly agent_id: string;
  readonly version: number;
  readonly definition: string;
  readonly triggers: string;
  readonly is_candidate: boolean;
  readonly created_at: Date;
}

const columns = 'v.agent_id, v.version, v.definition, v.triggers, v.is_candidate, v.created_at';
const ofAgents = 'agent_versions v JOIN agents a ON a.id = v.agent_id';

/** Keeps a version; `createdAt` is the save's own time. */
export async function insertAgentVersion(
  tx: Queryable,
  version: Omit<AgentVersion, 'isCandidate'>,
): Promise<void> {
  await tx.execute({
    name: 'insert_agent_version',
    text: `INSERT INTO agent_versions (agent_id, version, definition, triggers, created_at)
      VALUES ($1, $2, $3, $4, $5)`,
    values: [
      version.agentId,
      version.version,
      toJsonColumn(version.definition),
      toJsonColumn(version.triggers),
      version.createdAt,
    ],
  });
}

/** Keeps what a locked agent might become, as its next version; it is not live. */
export async function insertCandidate(
  tx: Queryable,
  candidate: Pick<AgentVersion, 'agentId' | 'definition' | 'triggers'>,
): Promise<AgentVersion> {
  const [row] = await tx.query<AgentVersionRow>({
    name: 'insert_agent_candidate',
    text: `INSERT INTO agent_versions AS v (agent_id, version, definition, triggers, is_candidate, created_at)
      SELECT $1, max(version) + 1, $2, $3, true, clock_timestamp() FROM agent_versions WHERE agent_id = $1
      RETURNING ${columns}`,
    values: [
      candidate.agentId,
      toJsonColumn(candidate.definition),
      toJsonColumn(candidate.triggers),
    ],
  });
  if (row === undefined) throw new Error('The write of a candidate returned no row.');
  return toAgentVersion(row);
}

/** One version; of a deleted agent too, since its runs still go by theirs. */
export async function getAgentVersion(
  db: Queryable,
  scope: WorkspaceScope,
  key: { readonly agentId: string; readonly version: number },
): Promise<AgentVersion | null> {
  if (!isId(key.agentId) || !isVersionNumber(key.version)) return null;
  const rows = await db.query<AgentVersionRow>({
    name: 'get_agent_version',
    text: `SELECT ${columns} FROM ${ofAgents}
      WHERE v.agent_id = $1 AND v.version = $2 AND ${inScopeSql('a.workspace_id', '$3')}`,
    values: [key.agentId, key.version, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toAgentVersion(rows[0]);
}

/** The version that was current at the time; null before the first, and for a deleted agent. */
export async function getAgentVersionAt(
  db: Queryable,
  scope: WorkspaceScope,
  key: { readonly agentId: string; readonly at: Date },
): Promise<AgentVersion | null> {
  if (!isId(key.agentId)) return null;
  const rows = await db.query<AgentVersionRow>({
    name: 'get_agent_version_at',
    text: `SELECT ${columns} FROM ${ofAgents}
      WHERE v.agent_id = $1 AND v.created_at <= $2 AND a.deleted_at IS NULL AND NOT v.is_candidate
        AND ${inScopeSql('a.workspace_id', '$3')}
      ORDER BY v.version DESC LIMIT 1`,
    values: [key.agentId, key.at, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toAgentVersion(rows[0]);
}

/** A page of an agent's versions, newest first. The position's `id` is the version's number. */
export async function listAgentVersions(
  db: Queryable,
  filter: { readonly scope: WorkspaceScope; readonly agentId: string },
  page: PageRequest,
): Promise<Page<AgentVersion>> {
  if (!isId(filter.agentId)) return { items: [], next: null };
  const conditions = new Conditions()
    .add(filter.agentId, (placeholder) => `v.agent_id = ${placeholder}`)
    .inScope(filter.scope, 'a.workspace_id');
  if (page.after !== null) {
    conditions.add(Number(page.after.id), (placeholder) => `v.version < ${placeholder}`);
  }
  const rows = await db.query<AgentVersionRow>({
    text: `SELECT ${columns} FROM ${ofAgents} ${conditions.where('a.deleted_at IS NULL')}
      ORDER BY v.version DESC LIMIT ${page.limit + 1}`,
    values: conditions.values,
  });
  return toPage(rows.map(toAgentVersion), page.limit, (version) => ({
    createdAt: version.createdAt,
    id: String(version.version),
  }));
}

/** The definition out of a version's JSON; one that was saved before a field was there has its default. */
export function definitionFromColumn(column: string): AgentDefinition {
  return { ...plainOrder, ...fromJsonColumn<AgentDefinition>(column) };
}

/** Triggers out of a version's JSON. */
export function triggersFromColumn(column: string): readonly Trigger[] {
  type Written = Omit<Trigger, 'createdAt' | 'updatedAt'> & {
    readonly createdAt: string;
    readonly updatedAt: string;
  };
  return fromJsonColumn<Written[]>(column).map((trigger) => ({
    ...trigger,
    createdAt: new Date(trigger.createdAt),
    updatedAt: new Date(trigger.updatedAt),
  }));
}

function isVersionNumber(version: number): boolean {
  return Number.isInteger(version) && version >= 1 && version <= 2_147_483_647;
}

function toAgentVersion(row: AgentVersionRow): AgentVersion {
  return {
    agentId: row.agent_id,
    version: row.version,
    definition: definitionFromColumn(row.definition),
    triggers: triggersFromColumn(row.triggers),
    isCandidate: row.is_candidate,
    createdAt: row.created_at,
  };
}
