import type { AgentInput } from '../../src/agents/agent-input.ts';
import { type AgentDefinition, plainOrder } from '../../src/core/agent.ts';
import { newId } from '../../src/core/ids.ts';
import type { AgentSave } from '../../src/store/agents.ts';

/** A definition with every default. */
export const plainDefinition: AgentDefinition = {
  name: 'Concierge',
  description: 'Answers guests.',
  instructions: 'Answer.',
  guardrails: [],
  operation_mode: 'autopilot',
  autopilot_schedule: null,
  custom_response_delay_ms: 0,
  auto_mark_as_done: false,
  response_language: 'Original',
  responseflow: true,
  output_schema: [],
  skill_ids: [],
  model: null,
  fallback_model: null,
  limits: null,
  tools: null,
  concurrency: null,
  ...plainOrder,
};

/** What somebody writes to create that agent. */
export function writtenAgent(workspaceId: string, given: Partial<AgentInput> = {}): AgentInput {
  const { name, description, instructions } = plainDefinition;
  return { workspace_id: workspaceId, name, description, instructions, ...given };
}

/** An agent to insert, without triggers. */
export function newAgentRow(given: {
  readonly workspaceId: string;
  readonly definition?: Partial<AgentDefinition>;
}): AgentSave & { readonly id: string; readonly workspaceId: string } {
  return {
    id: newId('agent'),
    workspaceId: given.workspaceId,
    definition: { ...plainDefinition, ...given.definition },
    triggers: [],
    enabled: true,
  };
}
