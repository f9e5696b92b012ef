import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAgentDeps } from '../../test/support/agent-deps.ts';
import { writtenAgent } from '../../test/support/agents.ts';
import { createTool } from '../../test/support/custom-tool.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { getAgentVersion, getAgentVersionAt, listAgentVersions } from '../store/agent-versions.ts';
import { getAgent, listAgents } from '../store/agents.ts';
import { createWorkspace } from '../store/workspaces.ts';
import type { AgentDeps } from './agent-deps.ts';
import type { AgentInput, AgentPatch } from './agent-input.ts';
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

const firstPage = { limit: 100, after: null };

const written = (given?: Partial<AgentInput>) => writtenAgent(workspaceId, given);

describe('patchAgent', () => {
  test('changes what is given, and a change makes a version', async () => {
    const agent = await createAgent(deps, scope, written());
    const patched = await patchAgent(deps, scope, agent.id, { instructions: 'Answer well.' });
    expect(patched).toMatchObject({
      version: 2,
      definition: { name: 'Concierge', instructions: 'Answer well.' },
    });
    expect(patched).toEqual(await getAgent(deps.db, scope, agent.id));
    const key = { agentId: agent.id, version: 1 };
    expect(await getAgentVersion(deps.db, scope, key)).toMatchObject({
      definition: agent.definition,
    });
  });

  test('makes no version of what is the same, nor of enabled alone', async () => {
    const triggers = [{ name: 'T', type: 'cron' as const, config: { expression: '0 9 * * *' } }];
    const agent = await createAgent(deps, scope, written({ triggers }));
    const same = await patchAgent(deps, scope, agent.id, {
      name: 'Concierge',
      triggers: [...agent.triggers],
    });
    expect(same).toEqual(agent);
    const off = await patchAgent(deps, scope, String(agent.number), { enabled: false });
    expect(off).toMatchObject({ version: 1, enabled: false });
    const both = await patchAgent(deps, scope, agent.id, { enabled: true, name: 'N' });
    expect(both).toMatchObject({ version: 2, enabled: true });
    expect(both).toEqual(await getAgent(deps.db, scope, agent.id));
  });

  test('patches at the same time lose nothing, and versions have no gap', async () => {
    const agent = await createAgent(deps, scope, written());
    const patches: AgentPatch[] = [
      { name: 'New' },
      { description: 'New' },
      { instructions: 'New' },
      { responseflow: false },
      { auto_mark_as_done: true },
      { triggers: [{ name: 'T', type: 'webhook' }] },
      { custom_response_delay_ms: 7 },
      { enabled: false },
    ];
    await Promise.all(patches.map((patch) => patchAgent(deps, scope, agent.id, patch)));
    const after = await getAgent(deps.db, scope, agent.id);
    expect(after).toMatchObject({
      version: 8,
      enabled: false,
      triggers: [{ name: 'T' }],
      definition: {
        name: 'New',
        description: 'New',
        instructions: 'New',
        responseflow: false,
        auto_mark_as_done: true,
        custom_response_delay_ms: 7,
      },
    });
    const { items } = await listAgentVersions(deps.db, { scope, agentId: agent.id }, firstPage);
    expect(items.map((version) => version.version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test('a refused patch changes nothing', async () => {
    const agent = await createAgent(deps, scope, written());
    const patching = patchAgent(deps, scope, agent.id, {
      name: 'New',
      tools: ['none'],
      enabled: false,
    });
    await expect(patching).rejects.toMatchObject({ problem: 'validation_error' });
    expect(await getAgent(deps.db, scope, agent.id)).toEqual(agent);
  });

  test('does not judge again what stood before', async () => {
    const agent = await createAgent(
      deps,
      scope,
      written({ model: 'priced/x', limits: { max_cost_usd: 1 } }),
    );
    const poorer: AgentDeps = {
      ...deps,
      whyUnusable: () => 'The key is gone.',
      hasPrice: () => false,
    };
    const patched = await patchAgent(poorer, scope, agent.id, { name: 'New' });
    expect(patched.definition.name).toBe('New');
    const patching = patchAgent(poorer, scope, agent.id, { fallback_model: 'priced/y' });
    await expect(patching).rejects.toMatchObject({
      details: { fallback_model: 'cannot be used: The key is gone' },
    });
  });

  test('takes a tool of the workspace, not of another', async () => {
    const agent = await createAgent(deps, scope, written());
    await createTool(deps.db, workspaceId, 'lookup');
    const patched = await patchAgent(deps, scope, agent.id, { tools: ['lookup', 'http-request'] });
    expect(patched.definition.tools).toEqual(['lookup', 'http-request']);
    const other = (await createWorkspace(deps.db, { name: 'O', rateLimit: null })).id;
    const foreign = createAgent(deps, 'all', written({ workspace_id: other, tools: ['lookup'] }));
    await expect(foreign).rejects.toMatchObject({ problem: 'validation_error' });
  });
});

describe('other workspaces', () => {
  test('do not find an agent, its versions or its lists', async () => {
    const agent = await createAgent(deps, scope, written());
    const other = [(await createWorkspace(deps.db, { name: 'O', rateLimit: null })).id];
    const { db } = deps;
    expect(await getAgent(db, other, agent.id)).toBeNull();
    expect(await getAgent(db, other, String(agent.number))).toBeNull();
    expect(await getAgent(db, [], agent.id)).toBeNull();
    expect((await listAgents(db, { scope: other }, firstPage)).items).toEqual([]);
    const key = { agentId: agent.id, version: 1 };
    expect(await getAgentVersion(db, other, key)).toBeNull();
    expect(await getAgentVersionAt(db, other, { agentId: agent.id, at: new Date() })).toBeNull();
    const listed = await listAgentVersions(db, { scope: other, agentId: agent.id }, firstPage);
    expect(listed.items).toEqual([]);
    const refused = { problem: 'not_found' };
    await expect(patchAgent(deps, other, agent.id, { name: 'X' })).rejects.toMatchObject(refused);
    await expect(deleteAgent(deps, other, agent.id)).rejects.toMatchObject(refused);
    expect(await getAgent(db, scope, agent.id)).toEqual(agent);
  });

  test('ids that are none find nothing', async () => {
    for (const id of [
      '',
      '0',
      '-1',
      '1e3',
      '99999999999999999999',
      'ag\0',
      "' OR 1=1 --",
      '../x',
    ]) {
      expect(await getAgent(deps.db, 'all', id)).toBeNull();
    }
  });
});
