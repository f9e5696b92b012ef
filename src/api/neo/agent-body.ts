import { z } from '@hono/zod-openapi';
import { agentMaxima } from '../../agents/agent-input.ts';
import type { Agent, AgentDefinition } from '../../core/agent.ts';
import type { ChainAction } from '../../core/chain.ts';
import { entityTypes } from '../../records/psa-kinds.ts';
import { actionInput } from './agent-actions.ts';
import { accesses, audiences, type NeoAttributes } from './agent-attributes.ts';
import { conditionsShape, targetChange } from './agent-conditions.ts';
import { type AutonomyKind, agentStates, autonomyKinds, triggerKinds } from './agent-kind.ts';

// What may be written of an agent in this dialect.

const anyObject = z.record(z.string(), z.unknown());
const name = z.string().min(1).max(agentMaxima.nameLength).regex(/\S/, 'must not be blank');

const fields = {
  description: z.string().max(agentMaxima.descriptionLength).nullable(),
  autonomy_type: z.enum(autonomyKinds),
  trigger_type: z.enum(triggerKinds),
  entity_type: z.enum(['none', ...entityTypes] as ['none', ...typeof entityTypes]),
  state: z.enum(agentStates),
  actions: z.array(actionInput).max(48),
  schedule: anyObject.nullable().openapi({ description: 'Configuration of a cron trigger.' }),
  callback_settings: z.looseObject({
    target_changes: z.array(targetChange).min(1).max(20).optional(),
    run_only_once_per_entity: z.boolean().optional(),
  }),
  ticket_conditions: conditionsShape.nullable(),
  time_entry_conditions: conditionsShape.nullable(),
  agent_settings: z.looseObject({
    custom_instructions: z.string().max(agentMaxima.instructionsLength).optional(),
  }),
  toolbox: z.looseObject({
    tool_settings_by_type: z
      .record(z.string(), anyObject.nullable())
      .openapi({ description: 'By name of the tool; null takes the tool away.' }),
  }),
  integrations: anyObject,
  audience: z.enum(audiences),
  access: z.enum(accesses),
  process_entities_sequentially: z.boolean(),
  execution_order: z.number().int().nullable(),
  ignore_execution_order: z.boolean(),
  expected_version: z
    .number()
    .int()
    .min(1)
    .openapi({ description: 'The version that the change was made on; ours, and optional.' }),
};

const optional = z.object(fields).partial();

export const agentUpdate = optional.extend({ name: name.optional() }).openapi('AgentUpdate');
export const agentCreate = optional
  .omit({ expected_version: true })
  .extend({ name, autonomy_type: fields.autonomy_type.default('CHAINED_ACTIONS') })
  .openapi('AgentCreate');

export type AgentUpdate = z.output<typeof agentUpdate>;
export type AgentCreate = z.output<typeof agentCreate>;

/** What there is of the agent, for a write to change. */
export interface AgentBefore {
  readonly tools: readonly string[];
  readonly attributes: AgentDefinition['attributes'];
  readonly kept: NeoAttributes;
  readonly autonomy: AutonomyKind;
  readonly triggers: Agent['triggers'];
  readonly actions: readonly ChainAction[];
}
