import type { AgentDefinition } from '../core/agent.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn } from './json-column.ts';

// Which agents name a tool, a source of tools or a skill in their current definition.

const mostNames = 5;

/** Names of a workspace's agents whose current definition names the tool, at most 5. */
export async function listAgentsNamingTool(
  db: Queryable,
  workspaceId: string,
  toolName: string,
): Promise<readonly string[]> {
  return await listNaming(db, {
    workspaceId,
    part: JSON.stringify(toolName),
    isNaming: ({ tools }) => tools?.includes(toolName) === true,
  });
}

/** Names of agents that have the skill in `skill_ids`, at most 5. */
export async function listAgentsNamingSkill(
  db: Queryable,
  workspaceId: string,
  skillId: string,
): Promise<readonly string[]> {
  return await listNaming(db, {
    workspaceId,
    part: JSON.stringify(skillId),
    isNaming: (definition) => definition.skill_ids.includes(skillId),
  });
}

/** Names of agents whose `tools` name some of the source's, at most 5. */
export async function listAgentsNamingSource(
  db: Queryable,
  workspaceId: string,
  sourceName: string,
): Promise<readonly string[]> {
  const part = `${sourceName}__`;
  return await listNaming(db, {
    workspaceId,
    part,
    isNaming: ({ tools }) => tools?.some((name) => name.startsWith(part)) === true,
  });
}

/** Ids of all agents of the workspace that do not have the skill yet, in order. */
export async function listAgentsWithoutSkill(
  db: Queryable,
  workspaceId: string,
  skillId: string,
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>({
    text: `SELECT id FROM agents
      WHERE workspace_id = $1 AND deleted_at IS NULL AND strpos(definition, $2) = 0 ORDER BY id`,
    values: [workspaceId, JSON.stringify(skillId)],
  });
  return rows.map(({ id }) => id);
}

/** `part`: what the text of every such definition has in it. */
async function listNaming(
  db: Queryable,
  which: {
    readonly workspaceId: string;
    readonly part: string;
    readonly isNaming: (definition: AgentDefinition) => boolean;
  },
): Promise<readonly string[]> {
  const rows = await db.query<{ definition: string }>({
    text: `SELECT definition FROM agents
      WHERE workspace_id = $1 AND deleted_at IS NULL AND strpos(definition, $2) > 0`,
    values: [which.workspaceId, which.part],
  });
  return rows
    .map((row) => fromJsonColumn<AgentDefinition>(row.definition))
    .filter(which.isNaming)
    .slice(0, mostNames)
    .map((definition) => definition.name);
}
