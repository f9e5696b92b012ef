import { z } from 'zod';
import type { Agent, AgentDefinition } from '../core/agent.ts';
import { type ModelClient, noUsage } from '../core/model.ts';
import { isModelName } from '../core/model-entry.ts';
import type { Run } from '../core/run.ts';
import { listAgentsByIds } from '../store/agents.ts';
import type { Queryable } from '../store/connect.ts';
import { checkedBy } from './checked-by.ts';
import type { AgentTool } from './tool.ts';

// Another agent as a tool. A call is a run of its own (`runs/child-runs.ts`); here is what the model is
// offered, and what it is told where a call cannot be.

/** How an agent names another one in `tools`: this and its id. */
export const agentToolPrefix = 'agent:';

/** Runs above one another at most: the first one's children are at depth 1. */
export const maxDepth = 5;

export interface AgentToolDeps {
  readonly db: Queryable;
  readonly models: Pick<ModelClient, 'whyUnusable' | 'cost' | 'registry'>;
  /** What an agent without a model runs on; null when the server has none. */
  readonly defaultModel: string | null;
}

const argumentsSchema = z.strictObject({
  message: z.string().min(1),
  payload: z.record(z.string(), z.unknown()).optional(),
});

/** The arguments of a call of an agent, as models and people are told. */
export const agentToolSchema = {
  type: 'object',
  properties: {
    message: { type: 'string', description: 'What the agent is to do, in full.' },
    payload: { type: 'object', description: 'Data that it needs, if any.' },
  },
  required: ['message'],
  additionalProperties: false,
} as const;

export function describeAgentTool({ definition }: Pick<Agent, 'definition'>): string {
  const { name, description } = definition;
  return `Asks the agent "${name}": ${description.slice(0, 1_000)} It works in a run of its own and answers when it is done. It knows nothing of this conversation: give it all it needs.`;
}

/** The agents that the run's agent names in its `tools`, as tools. One that was deleted is left out. */
export async function agentToolsFor(
  deps: AgentToolDeps,
  run: Pick<Run, 'workspaceId' | 'agentId' | 'ancestry'>,
  definition: Pick<AgentDefinition, 'tools' | 'limits'>,
): Promise<readonly AgentTool[]> {
  const ids = (definition.tools ?? [])
    .filter((name) => name.startsWith(agentToolPrefix))
    .map((name) => name.slice(agentToolPrefix.length));
  if (ids.length === 0) return [];
  const agents = await listAgentsByIds(deps.db, [run.workspaceId], ids);
  return await Promise.all(
    agents.map(async (agent) => {
      const model = agent.definition.model ?? deps.defaultModel;
      const known = model === null ? null : await modelFacts(deps, run.workspaceId, model);
      return agentTool(agent, { caller: { ...run, definition }, model, known });
    }),
  );
}

interface ModelFacts {
  readonly problem: string | null;
  readonly hasPrice: boolean;
}

async function modelFacts(
  { models }: AgentToolDeps,
  workspaceId: string,
  model: string,
): Promise<ModelFacts> {
  const { registry } = models;
  if (registry === undefined || !isModelName(model)) {
    return { problem: models.whyUnusable(model), hasPrice: models.cost(model, noUsage) !== null };
  }
  return {
    problem: await registry.whyUnusable(workspaceId, model),
    hasPrice: (await registry.costOf(workspaceId, model, noUsage)) !== null,
  };
}

interface Caller extends Pick<Run, 'agentId' | 'ancestry'> {
  readonly definition: Pick<AgentDefinition, 'limits'>;
}

interface Called {
  readonly caller: Caller;
  readonly model: string | null;
  /** Null without a model. */
  readonly known: ModelFacts | null;
}

function agentTool(agent: Agent, called: Called): AgentTool {
  const { model } = called;
  const refusal = whyNot(agent, called);
  return {
    name: agentToolName(agent),
    description: describeAgentTool(agent),
    inputSchema: agentToolSchema,
    toolId: agent.id,
    version: agent.version,
    idempotent: true,
    requiresApproval: false,
    // In a dry run the other run is a dry one too.
    hasEffects: false,
    agent: { model: model ?? '' },
    ...(refusal === null ? {} : { refusal }),
    check: checkedBy(argumentsSchema),
    call: () => Promise.reject(new Error('A call of an agent is a run, and not made in place.')),
  };
}

/** Has an underscore, which names of custom tools cannot have, and the number, which tells namesakes apart. */
function agentToolName({ number, definition }: Agent): string {
  const words = definition.name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return `agent_${[number, ...words].join('_').slice(0, 50)}`;
}

function whyNot(agent: Agent, { caller, model, known }: Called): string | null {
  const { name } = agent.definition;
  if ([...caller.ancestry, caller.agentId].includes(agent.id)) {
    return `agent_loop: the agent "${name}" already works on this: asking it again would go round in a circle. Answer with what you have.`;
  }
  if (caller.ancestry.length >= maxDepth) {
    return `agent_depth: this run is already ${maxDepth} agents deep, and may not ask a further one. Answer with what you have.`;
  }
  if (!agent.enabled || agent.definition.operation_mode === 'inactive') {
    return `agent_disabled: the agent "${name}" is disabled or inactive.`;
  }
  if (known === null) return `agent_without_model: the agent "${name}" has no model.`;
  if (known.problem !== null)
    return `agent_without_model: the model of "${name}" cannot be used: ${known.problem}`;
  const cap = caller.definition.limits?.max_cost_usd ?? null;
  if (cap !== null && !known.hasPrice) {
    return `agent_without_price: this run has a limit of ${cap} USD, and the price of "${model}", which the agent "${name}" runs on, is not known.`;
  }
  return null;
}
