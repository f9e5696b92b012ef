import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAgentDeps } from '../../test/support/agent-deps.ts';
import { writtenAgent } from '../../test/support/agents.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createWorkspace } from '../store/workspaces.ts';
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

describe('an agent that names another as a tool', () => {
  const named = async (tools: string[]) =>
    (await createAgent(deps, scope, written({ tools }))).definition.tools;

  test('names it by id, number or name, and is stored with its id', async () => {
    const helper = await createAgent(deps, scope, written({ name: 'Night Porter' }));
    const stored = [`agent:${helper.id}`];
    expect(await named([`agent:${helper.id}`])).toEqual(stored);
    expect(await named([`agent:${helper.number}`])).toEqual(stored);
    expect(await named(['agent:Night Porter'])).toEqual(stored);
  });

  test('is refused where that is unknown, of another workspace, ambiguous, itself or twice', async () => {
    const other = await createWorkspace(database.db, { name: 'O', rateLimit: null });
    const foreign = await createAgent(deps, 'all', {
      ...written({ name: 'Foreign' }),
      workspace_id: other.id,
    });
    const twin = await createAgent(deps, scope, written({ name: 'Twin' }));
    await createAgent(deps, scope, written({ name: 'Twin' }));
    const refused: [string[], string, RegExp][] = [
      [['agent:Nobody'], 'tools[0]', /names no agent of this workspace/],
      [['agent:'], 'tools[0]', /names no agent/],
      [[`agent:${foreign.id}`], 'tools[0]', /names no agent/],
      [['agent:Foreign'], 'tools[0]', /names no agent/],
      [['agent:Twin'], 'tools[0]', /names several agents/],
      [[`agent:${twin.id}`, `agent:${twin.number}`], 'tools[1]', /twice/],
    ];
    for (const [tools, field, problem] of refused) {
      await expect(named(tools)).rejects.toMatchObject({
        problem: 'validation_error',
        details: { [field]: expect.stringMatching(problem) },
      });
    }
    await expect(
      patchAgent(deps, scope, twin.id, { tools: [`agent:${twin.id}`] }),
    ).rejects.toMatchObject({ details: { 'tools[0]': expect.stringMatching(/itself/) } });
  });

  test('keeps the name of one that was deleted since, until it is taken out', async () => {
    const helper = await createAgent(deps, scope, written({ name: 'Gone' }));
    const agent = await createAgent(deps, scope, written({ tools: ['agent:Gone'] }));
    await deleteAgent(deps, scope, helper.id);
    const tools = [`agent:${helper.id}`];
    const saved = await patchAgent(deps, scope, agent.id, { instructions: 'Other.', tools });
    expect(saved.definition.tools).toEqual(tools);
  });
});
