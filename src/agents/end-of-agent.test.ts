import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAgentDeps } from '../../test/support/agent-deps.ts';
import { writtenAgent } from '../../test/support/agents.ts';
import { createTool } from '../../test/support/custom-tool.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { getAgentVersion, getAgentVersionAt } from '../store/agent-versions.ts';
import { getAgent } from '../store/agents.ts';
import { createWorkspace, deleteWorkspace, getWorkspace } from '../store/workspaces.ts';
import { deleteCustomTool } from '../tools/custom-tools.ts';
import type { AgentDeps } from './agent-deps.ts';
import type { AgentInput } from './agent-input.ts';
import { createAgent, deleteAgent, patchAgent } from './save-agent.ts';

let database: TestDatabase;
let deps: AgentDeps;
let workspaceId: string;
let scope: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  deps = createAgentDeps(database.db);
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  workspaceId = (await createWorkspace(database.db, { name: 'W', rateLimit: null })).id;
  scope = [workspaceId];
});

const written = (given?: Partial<AgentInput>) => writtenAgent(workspaceId, given);

describe('deleteAgent', () => {
  test('takes the agent and its triggers away, and keeps versions for its runs', async () => {
    const agent = await createAgent(
      deps,
      scope,
      written({ triggers: [{ name: 'T', type: 'webhook' }] }),
    );
    expect(await deleteAgent(deps, scope, String(agent.number))).toBe(agent.id);
    expect(await getAgent(deps.db, scope, agent.id)).toBeNull();
    await expect(deleteAgent(deps, scope, agent.id)).rejects.toMatchObject({
      problem: 'not_found',
    });
    await expect(patchAgent(deps, scope, agent.id, {})).rejects.toMatchObject({
      problem: 'not_found',
    });
    const live = await deps.db.query({
      text: 'SELECT 1 FROM triggers WHERE agent_id = $1 AND deleted_at IS NULL',
      values: [agent.id],
    });
    expect(live).toEqual([]);
    const key = { agentId: agent.id, version: 1 };
    expect(await getAgentVersion(deps.db, scope, key)).toMatchObject({ version: 1 });
  });
});

describe('what happens at the same time', () => {
  const rounds = Array.from({ length: 12 }, (_, round) => round);

  test('never leaves an agent with a tool that is deleted', async () => {
    const agent = await createAgent(deps, scope, written());
    for (const round of rounds) {
      const name = `tool-${round}`;
      const toolId = await createTool(deps.db, workspaceId, name);
      const [named, removed] = await Promise.allSettled([
        patchAgent(deps, scope, agent.id, { tools: [name] }),
        deleteCustomTool(deps.db, scope, toolId),
      ]);
      expect([named.status, removed.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });

  test('never leaves an agent in a workspace that is deleted', async () => {
    for (const _ of rounds) {
      const { id } = await createWorkspace(deps.db, { name: 'R', rateLimit: null });
      const [created, removed] = await Promise.allSettled([
        createAgent(deps, 'all', written({ workspace_id: id })),
        deleteWorkspace(deps.db, 'all', id),
      ]);
      expect([created.status, removed.status].toSorted()).toEqual(['fulfilled', 'rejected']);
      const isThere = (await getWorkspace(deps.db, 'all', id)) !== null;
      expect(isThere).toBe(created.status === 'fulfilled');
    }
  });
});

describe('the version at a time', () => {
  test('is the one that was current then', async () => {
    const agent = await createAgent(deps, scope, written());
    const second = await patchAgent(deps, scope, agent.id, { name: 'Second' });
    await deps.db.execute({
      text: `UPDATE agent_versions SET created_at = created_at - interval '1 hour'
        WHERE agent_id = $1 AND version = 1`,
      values: [agent.id],
    });
    const versionAt = async (at: Date) =>
      (await getAgentVersionAt(deps.db, scope, { agentId: agent.id, at }))?.version ?? null;
    expect(await versionAt(second.updatedAt)).toBe(2);
    expect(await versionAt(new Date(second.updatedAt.getTime() - 1))).toBe(1);
    expect(await versionAt(new Date(agent.createdAt.getTime() - 3_600_000))).toBe(1);
    expect(await versionAt(new Date(agent.createdAt.getTime() - 3_600_001))).toBeNull();
  });
});
