import { z } from '@hono/zod-openapi';
import { explainCron } from '../../agents/explain-cron.ts';
import {
  type Agent,
  type AgentDefinition,
  type AgentVersion,
  operationModes,
  responseLanguages,
  type Trigger,
  triggerTypes,
  weekdays,
} from '../../core/agent.ts';
import { expiryPolicies } from '../../core/approval.ts';
import { memoryScopes } from '../../core/memory.ts';
import { outputTypes } from '../../core/output-field.ts';
import { iso, isoOrNull } from './times.ts';

export const triggerShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  name: z.string(),
  description: z.string(),
  type: z.enum(triggerTypes),
  config: z.record(z.string(), z.unknown()),
  enabled: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
});

const currentTriggerShape = triggerShape.extend({
  explanation: z
    .string()
    .nullable()
    .openapi({ description: 'When a cron trigger is due, in words; null for other types.' }),
  next_ticks: z.array(z.string()).nullable().openapi({
    description:
      'The next five times that a cron trigger is due, without jitter; null for other types. Nothing fires while the trigger or the agent is disabled.',
  }),
});

const scheduleShape = z.object({
  timezone: z.string(),
  windows: z.array(z.object({ days: z.array(z.enum(weekdays)), from: z.string(), to: z.string() })),
});

const limitsShape = z.object({
  max_steps: z.number().int().nullable(),
  max_tokens: z.number().int().nullable(),
  max_cost_usd: z.number().nullable(),
  timeout_ms: z.number().int().nullable(),
});

const approvalsShape = z.object({
  run: z.enum(['start', 'reply']).nullable(),
  tools: z.array(z.string()),
  approvers: z.array(z.string()),
  expires_after_ms: z.number().int(),
  on_expiry: z.enum(expiryPolicies),
});

const definitionShape = z.object({
  name: z.string(),
  description: z.string(),
  version: z.literal('v2'),
  instructions: z.string(),
  guardrails: z.array(z.object({ id: z.string(), title: z.string(), knowledge: z.string() })),
  operation_mode: z.enum(operationModes),
  autopilot_schedule: scheduleShape.nullable(),
  custom_response_delay_ms: z.number(),
  auto_mark_as_done: z.boolean(),
  response_language: z.enum(responseLanguages),
  responseflow: z.boolean(),
  output_schema: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      type: z.enum(outputTypes),
      enum: z.array(z.string()).optional(),
      is_required: z.boolean(),
    }),
  ),
  skill_ids: z.array(z.string()),
  model: z.string().nullable(),
  fallback_model: z.string().nullable(),
  limits: limitsShape.nullable(),
  tools: z.array(z.string()).nullable().openapi({
    description:
      'Names of custom tools beside the globally enabled ones, and other agents: `agent:` and an id, number or name, kept as the id.',
  }),
  concurrency: z.number().int().nullable(),
  concurrency_key: z.string().nullable().openapi({
    description:
      'A JSON pointer into the payload, or text with `{{fields}}` of it: runs with the same key go one at a time. One that waits (for a person, a delay, another run or a provider) lets the next go on.',
  }),
  run_only_once_per_entity: z.boolean(),
  process_entities_sequentially: z.boolean(),
  execution_order: z.number().int().nullable(),
  ignore_execution_order: z.boolean(),
  memory: z
    .object({ scope: z.enum(memoryScopes), can_write: z.boolean() })
    .nullable()
    .openapi({
      description:
        'What runs note for later ones: of this agent alone, or shared. Null: they neither read nor write.',
    }),
  approvals: approvalsShape.nullable().openapi({
    description:
      'What its runs ask people for: the whole `run` before its first step (`start`) or before what it decided takes effect (`reply`), and calls of `tools`, beside those that always need approval. `approvers` are ids of tokens and members; empty is whoever may write. What nobody decides within `expires_after_ms` is rejected, or the run fails or is escalated.',
  }),
  cite_sources: z.boolean().openapi({
    description: 'Replies cite what `search_knowledge` found, and end with a list of it.',
  }),
  tools_when_untrusted: z.array(z.string()).nullable().openapi({
    description:
      'The only tools that a run may call, beside `finish`, once it has read text from outside: from the start where a webhook, an event, a message or another agent gave it its payload, else from the first answer of a tool. Null limits nothing.',
  }),
  actions: z
    .array(z.looseObject({ id: z.string(), type: z.string() }))
    .nullable()
    .openapi({
      description:
        'A chain: what runs do, in order, where no model decides it. Null: the model decides.',
    }),
  attributes: z.record(z.string(), z.unknown()).openapi({
    description:
      'What clients keep of the agent beside what decides its runs. With `managed: true` Neo’s dialect only reads it.',
  }),
  tool_versions: z.record(z.string(), z.number().int()).nullable().openapi({
    description:
      'Of an agent with a `test_gate`: the versions of its custom tools, by their ids, that its runs call. A tool that is edited reaches it with its next tested version. Null: tools as they are.',
  }),
});

export const agentShape = definitionShape.extend({
  id: z.string(),
  workspace_id: z.string(),
  agent_version: z.number().int().openapi({ description: 'Number of the saved version.' }),
  enabled: z.boolean(),
  paused_at: z
    .string()
    .nullable()
    .openapi({ description: 'While it is set, new runs are accepted and wait.' }),
  test_gate: z.boolean().openapi({
    description: 'Only a version on which the agent’s test cases pass goes live (409 otherwise).',
  }),
  triggers: z.array(currentTriggerShape),
  created_at: z.string(),
  updated_at: z.string(),
});

export const agentVersionShape = definitionShape.extend({
  agent_id: z.string(),
  agent_version: z.number().int(),
  is_candidate: z
    .boolean()
    .openapi({ description: 'Saved to be tried: it was never live itself.' }),
  triggers: z.array(triggerShape),
  created_at: z.string(),
});

export function showAgent(agent: Agent) {
  return {
    id: agent.id,
    workspace_id: agent.workspaceId,
    ...showDefinition(agent.definition),
    agent_version: agent.version,
    enabled: agent.enabled,
    paused_at: isoOrNull(agent.pausedAt),
    test_gate: agent.testGate,
    triggers: agent.triggers.map(showCurrentTrigger),
    created_at: iso(agent.createdAt),
    updated_at: iso(agent.updatedAt),
  };
}

export function showAgentVersion(version: AgentVersion) {
  return {
    agent_id: version.agentId,
    agent_version: version.version,
    is_candidate: version.isCandidate,
    ...showDefinition(version.definition),
    triggers: version.triggers.map(showTrigger),
    created_at: iso(version.createdAt),
  };
}

function showDefinition({ tool_pins: pins, ...definition }: AgentDefinition) {
  const versions = Object.entries(pins ?? {}).map(([id, { version }]) => [id, version]);
  const tool_versions = pins === undefined ? null : Object.fromEntries(versions);
  return { ...definition, version: 'v2', tool_versions };
}

function showCurrentTrigger(trigger: Trigger) {
  const { expression, timezone } = trigger.config;
  const isCron = trigger.type === 'cron';
  const explained =
    isCron && typeof expression === 'string' && typeof timezone === 'string'
      ? explainCron({ expression, timezone, after: new Date() })
      : null;
  return {
    ...showTrigger(trigger),
    explanation: explained?.words ?? null,
    next_ticks: explained?.nextTicks.map(iso) ?? null,
  };
}

export function showTrigger(trigger: Trigger) {
  return {
    id: trigger.id,
    workspace_id: trigger.workspaceId,
    name: trigger.name,
    description: trigger.description,
    type: trigger.type,
    config: trigger.config,
    enabled: trigger.enabled,
    created_at: iso(trigger.createdAt),
    updated_at: iso(trigger.updatedAt),
  };
}
