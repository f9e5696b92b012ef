import { z } from '@hono/zod-openapi';
import type { AgentDefinition, Trigger } from '../../core/agent.ts';
import { type AutonomyKind, autonomyKinds, triggerKindOf } from './agent-kind.ts';

// What this dialect says of an agent and nothing of which decides its runs: kept among the agent's attributes, under
// `neo`, so that it is versioned and rolled back with the rest.

export const audiences = ['MSP', 'END_USER'] as const;
export const accesses = ['ALL_USERS', 'ADMINS_ONLY', 'SPECIFIC_USERS'] as const;

const anyObject = z.record(z.string(), z.unknown());

/** `/v1` may have written anything there: what cannot be read is not there. */
const kept = z
  .object({
    autonomy_type: z.enum(autonomyKinds),
    entity_type: z.string(),
    audience: z.enum(audiences),
    access: z.enum(accesses),
    ticket_conditions: anyObject,
    time_entry_conditions: anyObject,
    tool_settings: z.record(z.string(), anyObject),
    integrations: anyObject,
    agent_settings: anyObject,
  })
  .partial();

export type NeoAttributes = z.output<typeof kept>;

export function neoAttributesOf({
  attributes,
}: Pick<AgentDefinition, 'attributes'>): NeoAttributes {
  const read = kept.safeParse(attributes.neo ?? {});
  return read.success ? read.data : {};
}

/** As it was created; else what nothing but a message starts is conversational. */
export function autonomyKindOf(
  definition: Pick<AgentDefinition, 'attributes' | 'actions'>,
  triggers: readonly Pick<Trigger, 'type'>[],
): AutonomyKind {
  if (definition.actions !== null) return 'CHAINED_ACTIONS';
  const created = neoAttributesOf(definition).autonomy_type;
  if (created !== undefined) return created;
  return triggerKindOf(triggers) === 'NONE' ? 'CONVERSATIONAL' : 'AGENTIC';
}
