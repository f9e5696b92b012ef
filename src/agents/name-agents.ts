import type { Agent, AgentDefinition } from '../core/agent.ts';
import { fieldName, type Problems } from '../core/validate.ts';
import { findAgentLabel } from '../store/agent-labels.ts';
import { findAgentIdsByName, getAgent } from '../store/agents.ts';
import type { Queryable } from '../store/connect.ts';
import { agentToolPrefix } from '../tools/agent-tools.ts';

interface Naming {
  readonly workspaceId: string;
  readonly definition: AgentDefinition;
  /** As it stands; absent for a new one. */
  readonly agent?: Agent;
  readonly problems: Problems;
}

/**
 * The definition with the agents that its `tools` name (`agent:` and an id, a number or a name) named by their
 * ids: a later rename changes nothing. What stood before is not judged again.
 */
export async function withAgentIds(tx: Queryable, naming: Naming): Promise<AgentDefinition> {
  const { definition, agent, problems } = naming;
  if (definition.tools?.some((name) => name.startsWith(agentToolPrefix)) !== true)
    return definition;
  const tools: string[] = [];
  const named = new Map<string, string>();
  for (const [index, name] of definition.tools.entries()) {
    const read = await canonical(tx, naming, name);
    if ('problem' in read) problems.set(fieldName(['tools', index]), read.problem);
    else if (tools.includes(read.name)) problems.set(fieldName(['tools', index]), 'is there twice');
    else if (agent !== undefined && read.name === `${agentToolPrefix}${agent.id}`) {
      problems.set(fieldName(['tools', index]), 'is this agent itself, which cannot ask itself');
    } else {
      tools.push(read.name);
      named.set(name, read.name);
    }
  }
  const actions =
    definition.actions?.map((action) =>
      action.type === 'tool' ? { ...action, tool: named.get(action.tool) ?? action.tool } : action,
    ) ?? null;
  return { ...definition, tools, actions };
}

async function canonical(
  tx: Queryable,
  { workspaceId, agent }: Naming,
  name: string,
): Promise<{ readonly name: string } | { readonly problem: string }> {
  if (!name.startsWith(agentToolPrefix) || agent?.definition.tools?.includes(name) === true) {
    return { name };
  }
  const given = name.slice(agentToolPrefix.length);
  const scope = [workspaceId];
  const label = await findAgentLabel(tx, scope, given);
  const found = label === null ? null : await getAgent(tx, scope, label.id);
  if (found !== null) return { name: `${agentToolPrefix}${found.id}` };
  const ids = await findAgentIdsByName(tx, workspaceId, given);
  if (ids.length > 1) return { problem: `names several agents ("${given}"); name one by its id` };
  const [id] = ids;
  if (id !== undefined) return { name: `${agentToolPrefix}${id}` };
  return {
    problem: `names no agent of this workspace ("${given}"); give ${agentToolPrefix} and an id, a number or a name`,
  };
}
