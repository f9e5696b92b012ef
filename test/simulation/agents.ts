import type { Agent } from '../../src/core/agent.ts';
import { plainDefinition } from '../support/agents.ts';

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
      ...plainDefinition,
      name: 'Tester',
      description: 'An agent of the simulation.',
      instructions: 'Do what the plan says.',
      model: 'scripted/simulated',
      concurrency: n === 2 || n === 3 ? 2 : null,
    },
  } as unknown as Agent;
}
