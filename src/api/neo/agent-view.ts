import { z } from '@hono/zod-openapi';
import {
  type Agent,
  type AgentDefinition,
  type AgentVersion,
  operationModes,
  type Trigger,
  triggerTypes,
} from '../../core/agent.ts';
import { showAction } from './agent-actions.ts';
import { accesses, audiences, autonomyKindOf, neoAttributesOf } from './agent-attributes.ts';
import { targetChangesOf } from './agent-conditions.ts';
import {
  type AutonomyKind,
  agentStates,
  autonomyKinds,
  stateOf,
  triggerKindOf,
  triggerKinds,
} from './agent-kind.ts';

// Agents as Neo's pages show them. Fields beside the documented ones are ours.

const triggerRow = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    type: z.enum(triggerTypes),
    config: z.record(z.string(), z.unknown()),
    enabled: z.boolean(),
  })
  .openapi('AgentTrigger');

const snapshotShape = {
  version: z.number().int().openapi({ description: 'Number of the saved version, from 1.' }),
  name: z.string(),
  description: z.string(),
  autonomy_type: z.enum(autonomyKinds),
  trigger_type: z.enum(triggerKinds),
  entity_type: z
    .string()
    .openapi({ description: '`none`, or what its conditions are about, such as `ticket`.' }),
  audience: z.enum(audiences).nullable().openapi({ description: 'Of conversational agents.' }),
  access: z.enum(accesses).nullable().openapi({ description: 'Of conversational agents.' }),
  actions: z.array(z.looseObject({ id: z.string(), action_type: z.string() })),
  ticket_conditions: z.looseObject({}).nullable(),
  time_entry_conditions: z.looseObject({}).nullable(),
  operation_mode: z.enum(operationModes),
  agent_settings: z.looseObject({ custom_instructions: z.string() }),
  toolbox: z.object({ tool_settings_by_type: z.record(z.string(), z.looseObject({})) }),
  integrations: z.record(z.string(), z.unknown()),
  schedule: z
    .looseObject({})
    .nullable()
    .openapi({ description: 'Configuration of the first cron trigger.' }),
  callback_settings: z.object({
    target_changes: z.array(z.looseObject({ change_type: z.string() })),
    run_only_once_per_entity: z.boolean(),
  }),
  process_entities_sequentially: z.boolean(),
  execution_order: z.number().int().nullable(),
  ignore_execution_order: z.boolean(),
  triggers: z.array(triggerRow),
};

export const agentRow = z
  .object({
    id: z.string().openapi({ description: 'Number of the agent.', example: '42' }),
    uid: z.string().openapi({ description: 'Id of the agent, accepted wherever its number is.' }),
    state: z.enum(agentStates),
    ...snapshotShape,
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('Agent');

export const agentSnapshot = z
  .object({
    agent_id: z.number().int(),
    ...snapshotShape,
    created_at: z.string().openapi({ format: 'date-time', description: 'Of the version.' }),
  })
  .openapi('AgentSnapshot');

export const agentVersionRow = z
  .object({
    agent_id: z.number().int(),
    version: z.number().int(),
    name: z.string(),
    description: z.string(),
    trigger_type: z.enum(triggerKinds),
    is_current: z.boolean(),
    created_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('AgentVersion');

export function showAgent(agent: Agent): z.input<typeof agentRow> {
  return {
    id: String(agent.number),
    uid: agent.id,
    state: stateOf(agent),
    ...snapshotOf(agent),
    created_at: agent.createdAt.toISOString(),
    updated_at: agent.updatedAt.toISOString(),
  };
}

export function showSnapshot(agent: Agent, version: AgentVersion): z.input<typeof agentSnapshot> {
  return {
    agent_id: agent.number,
    ...snapshotOf(version),
    created_at: version.createdAt.toISOString(),
  };
}

export function showVersion(agent: Agent, version: AgentVersion): z.input<typeof agentVersionRow> {
  return {
    agent_id: agent.number,
    version: version.version,
    name: version.definition.name,
    description: version.definition.description,
    trigger_type: triggerKindOf(version.triggers),
    is_current: version.version === agent.version,
    created_at: version.createdAt.toISOString(),
  };
}

interface SavedState {
  readonly version: number;
  readonly definition: AgentDefinition;
  readonly triggers: readonly Trigger[];
}

function snapshotOf({ version, definition, triggers }: SavedState) {
  const { name, description, instructions, operation_mode, tools, attributes, actions, ...others } =
    definition;
  const kept = neoAttributesOf(definition);
  const autonomy = autonomyKindOf(definition, triggers);
  const {
    run_only_once_per_entity,
    process_entities_sequentially,
    execution_order,
    ignore_execution_order,
    ...settings
  } = others;
  return {
    version,
    name,
    description,
    autonomy_type: autonomy,
    trigger_type: triggerKindOf(triggers),
    entity_type: kept.entity_type ?? 'none',
    audience: kept.audience ?? (autonomy === 'CONVERSATIONAL' ? ('MSP' as const) : null),
    access: kept.access ?? (autonomy === 'CONVERSATIONAL' ? ('ALL_USERS' as const) : null),
    actions: actions === null ? actionsOf(autonomy) : actions.map(showAction),
    ticket_conditions: kept.ticket_conditions ?? null,
    time_entry_conditions: kept.time_entry_conditions ?? null,
    operation_mode,
    agent_settings: { ...kept.agent_settings, custom_instructions: instructions, ...settings },
    toolbox: {
      tool_settings_by_type: Object.fromEntries(
        (tools ?? []).map((tool) => [tool, kept.tool_settings?.[tool] ?? {}]),
      ),
    },
    integrations: kept.integrations ?? {},
    callback_settings: { target_changes: targetChangesOf(triggers), run_only_once_per_entity },
    process_entities_sequentially,
    execution_order,
    ignore_execution_order,
    schedule: triggers.find((trigger) => trigger.type === 'cron')?.config ?? null,
    triggers: triggers.map((trigger) => ({
      id: trigger.id,
      name: trigger.name,
      description: trigger.description,
      type: trigger.type,
      config: trigger.config,
      enabled: trigger.enabled,
    })),
  };
}

/** What the server makes of it: the model's loop is one action. */
function actionsOf(autonomy: AutonomyKind) {
  return autonomy === 'AGENTIC' ? [{ id: 'agentic', action_type: 'AGENTIC' }] : [];
}
