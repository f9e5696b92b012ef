import type { Agent, AgentInput } from '../api/types.ts';

type Trigger = NonNullable<AgentInput['triggers']>[number];

/** What the editor edits of an agent; the rest stays as it is. */
export interface AgentDraft {
  readonly name: string;
  readonly description: string;
  readonly instructions: string;
  readonly operation_mode: Agent['operation_mode'];
  readonly enabled: boolean;
  readonly response_language: Agent['response_language'];
  readonly model: string | null;
  readonly fallback_model: string | null;
  readonly tools: readonly string[] | null;
  readonly guardrails: readonly {
    readonly id?: string;
    readonly title: string;
    readonly knowledge: string;
  }[];
  readonly output_schema: readonly Agent['output_schema'][number][];
  readonly limits: Agent['limits'];
  readonly triggers: readonly Trigger[];
  readonly skill_ids: readonly string[];
  readonly autopilot_schedule: Agent['autopilot_schedule'];
  readonly responseflow: boolean;
  readonly cite_sources: boolean;
  readonly memory: Agent['memory'];
  readonly concurrency: number | null;
  readonly run_only_once_per_entity: boolean;
  readonly approvals: Agent['approvals'];
}

export const emptyAgent: AgentDraft = {
  name: '',
  description: '',
  instructions: '',
  operation_mode: 'autopilot',
  enabled: true,
  response_language: 'Original',
  model: null,
  fallback_model: null,
  tools: null,
  guardrails: [],
  output_schema: [],
  limits: null,
  triggers: [{ type: 'webhook', name: 'Webhook', config: {} }],
  skill_ids: [],
  autopilot_schedule: null,
  responseflow: true,
  cite_sources: false,
  memory: null,
  concurrency: null,
  run_only_once_per_entity: false,
  approvals: null,
};

export function draftOf(agent: Agent): AgentDraft {
  return {
    name: agent.name,
    description: agent.description,
    instructions: agent.instructions,
    operation_mode: agent.operation_mode,
    enabled: agent.enabled,
    response_language: agent.response_language,
    model: agent.model,
    fallback_model: agent.fallback_model,
    tools: agent.tools,
    guardrails: agent.guardrails,
    output_schema: agent.output_schema,
    limits: agent.limits,
    skill_ids: agent.skill_ids,
    autopilot_schedule: agent.autopilot_schedule,
    responseflow: agent.responseflow,
    cite_sources: agent.cite_sources,
    memory: agent.memory,
    concurrency: agent.concurrency,
    run_only_once_per_entity: agent.run_only_once_per_entity,
    approvals: agent.approvals,
    triggers: agent.triggers.map(({ id, name, description, type, config, enabled }) => ({
      id,
      name,
      description,
      type,
      config,
      enabled,
    })),
  };
}

/** The members that differ: what a patch sends. */
export function changesOf(before: AgentDraft, after: AgentDraft): Partial<AgentDraft> {
  const names = Object.keys(after) as (keyof AgentDraft)[];
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, after[name]]),
  );
}

/** Secrets of webhooks are not kept in the browser. */
export function withoutSecrets(draft: AgentDraft): AgentDraft {
  return {
    ...draft,
    triggers: draft.triggers.map((trigger) => {
      const { secret: _secret, ...config } = trigger.config ?? {};
      return { ...trigger, config };
    }),
  };
}
