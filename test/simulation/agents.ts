import { type Agent, plainOrder } from '../../src/core/agent.ts';

// The agents of the simulation. The third and the fourth do what the first and the second ask of them.

export const agentCount = 4;

const agentId = (n: number) => `ag${String(n).padStart(30, '0')}`;

/** Whom the agent's runs ask: one of the same workspace, in the end itself. */
export function helperOf(id: string): string {
  const n = Number(id.slice(2));
  return agentId(n > 2 ? n : n + 2);
}

/** Of the first or the second workspace, by turns. */
export function agentOf(n: number): Agent {
  return {
    id: agentId(n),
    workspaceId: `ws${String(1 + ((n - 1) % 2)).padStart(30, '0')}`,
    version: 1,
    triggers: [],
    pausedAt: null,
    definition: {
      name: 'Tester',
      description: 'An agent of the simulation.',
      instructions: 'Do what the plan says.',
      guardrails: [],
      operation_mode: 'autopilot',
      autopilot_schedule: null,
      custom_response_delay_ms: 0,
      auto_mark_as_done: false,
      response_language: 'Original',
      responseflow: true,
      output_schema: [],
      skill_ids: [],
      model: 'scripted/simulated',
      fallback_model: null,
      limits: null,
      tools: null,
      concurrency: n === 2 || n === 3 ? 2 : null,
      ...plainOrder,
    },
  } as unknown as Agent;
}
