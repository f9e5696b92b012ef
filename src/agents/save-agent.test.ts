import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAgentDeps } from '../../test/support/agent-deps.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createNotedSandbox } from '../../test/support/sandbox.ts';
import { getAgentVersion, getAgentVersionAt, listAgentVersions } from '../store/agent-versions.ts';
import { getAgent, listAgents } from '../store/agents.ts';
import { createWorkspace } from '../store/workspaces.ts';
import { createCustomTool } from '../tools/custom-tools.ts';
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

function written(given: Partial<AgentInput> = {}): AgentInput {
  return {
    workspace_id: workspaceId,
    name: 'Concierge',
    description: 'Answers guests.',
    instructions: 'Answer.',
    ...given,
  };
}

async function createTool(name: string): Promise<string> {
  const tool = await createCustomTool({ db: deps.db, sandbox: createNotedSandbox() }, 'all', {
    workspace_id: workspaceId,
    name,
    language: 'python',
    code: 'c',
  });
  return tool.id;
}

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

describe('createAgent', () => {
  test('stores what was written, with the documented defaults', async () => {
    const agent = await createAgent(deps, scope, written({ instructions: 'A\0\uE000\uD800' }));
    expect(agent).toMatchObject({
      id: expect.stringMatching(/^ag[0-9a-z]{30}$/),
      workspaceId,
      version: 1,
      enabled: true,
      triggers: [],
      definition: {
        name: 'Concierge',
        description: 'Answers guests.',
        instructions: 'A\0\uE000\uD800',
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
      },
    });
    expect(await getAgent(deps.db, scope, agent.id)).toEqual(agent);
    expect(await getAgent(deps.db, scope, String(agent.number))).toEqual(agent);
    expect(agent.createdAt).toEqual(agent.updatedAt);
  });

  test('makes ids for guardrails and keeps those it is sent', async () => {
    const guardrails = [
      { id: 'guardrail_1', title: 'A', knowledge: 'a' },
      { title: 'B', knowledge: 'b' },
    ];
    const { definition } = await createAgent(deps, scope, written({ guardrails }));
    expect(definition.guardrails).toEqual([
      guardrails[0],
      { id: expect.stringMatching(/^gr[0-9a-z]{30}$/), title: 'B', knowledge: 'b' },
    ]);
  });

  test('completes output fields, schedules and limits', async () => {
    const { definition } = await createAgent(
      deps,
      scope,
      written({
        output_schema: [
          { name: 'score', type: 'integer' },
          { name: 'mood', enum: ['good', 'bad'] },
        ],
        autopilot_schedule: {
          timezone: 'Europe/Berlin',
          windows: [{ days: ['mon', 'sun'], from: '22:00', to: '06:00' }],
        },
        limits: { max_steps: 5, max_cost_usd: 0.5 },
        model: 'priced/one',
        tools: ['http-request'],
      }),
    );
    expect(definition.output_schema).toEqual([
      { name: 'score', description: '', type: 'integer', is_required: false },
      { name: 'mood', description: '', type: 'string', enum: ['good', 'bad'], is_required: false },
    ]);
    expect(definition.limits).toEqual({
      max_steps: 5,
      max_tokens: null,
      max_cost_usd: 0.5,
      timeout_ms: null,
    });
  });

  const window = { days: ['mon'], from: '09:00', to: '17:00' };
  test.each<[Record<string, unknown>, string, RegExp]>([
    [{ name: '' }, 'name', /must not be empty/],
    [{ name: ' ' }, 'name', /blank/],
    [{ name: 'x'.repeat(201) }, 'name', /at most 200/],
    [{ description: undefined }, 'description', /required/],
    [{ instructions: null }, 'instructions', /string/],
    [{ operation_mode: 'manual' }, 'operation_mode', /one of/],
    [{ response_language: 'Klingon' }, 'response_language', /one of/],
    [{ custom_response_delay_ms: -1 }, 'custom_response_delay_ms', /at least 0/],
    [{ enabled: 'yes' }, 'enabled', /boolean/],
    [{ limits: { max_stesp: 3 } }, 'limits', /unknown fields: max_stesp/],
    [{ limits: { max_steps: 0 } }, 'limits.max_steps', /at least 1/],
    [{ limits: { max_cost_usd: 1 } }, 'limits.max_cost_usd', /name one in "model"/],
    [{ limits: { max_cost_usd: 1 }, model: 'unpriced/x' }, 'limits.max_cost_usd', /not known/],
    [
      { limits: { max_cost_usd: 1 }, model: 'priced/x', fallback_model: 'unpriced/x' },
      'limits.max_cost_usd',
      /unpriced\/x/,
    ],
    [{ model: 'gpt' }, 'model', /provider\/model/],
    [{ model: 'nobody/x' }, 'model', /no provider for nobody/],
    [{ tools: ['missing-tool'] }, 'tools[0]', /create it first/],
    [{ tools: ['http-request', 'http-request'] }, 'tools[1]', /twice/],
    [{ skill_ids: ['ks1'] }, 'skill_ids[0]', /names no skill.*ks1/],
    [{ output_schema: [{ name: 'a', type: 'text' }] }, 'output_schema[0].type', /one of/],
    [{ output_schema: [{ name: 'a' }] }, 'output_schema[0].type', /unless "enum"/],
    [
      {
        output_schema: [
          { name: 'a', type: 'string' },
          { name: 'a', type: 'string' },
        ],
      },
      'output_schema[1].name',
      /two fields/,
    ],
    [
      { output_schema: [{ name: '__proto__', type: 'string' }] },
      'output_schema[0].name',
      /another/,
    ],
    [
      { autopilot_schedule: { timezone: 'Mars/Base', windows: [window] } },
      'autopilot_schedule.timezone',
      /IANA/,
    ],
    [
      { autopilot_schedule: { timezone: '+02:00', windows: [window] } },
      'autopilot_schedule.timezone',
      /IANA/,
    ],
    [
      { autopilot_schedule: { timezone: 'UTC', windows: [{ ...window, from: '9:00' }] } },
      'autopilot_schedule.windows[0].from',
      /09:30/,
    ],
    [
      { autopilot_schedule: { timezone: 'UTC', windows: [{ ...window, to: '09:00' }] } },
      'autopilot_schedule.windows[0].to',
      /24:00/,
    ],
    [
      {
        guardrails: [
          { id: 'a', title: 'A', knowledge: 'a' },
          { id: 'a', title: 'B', knowledge: 'b' },
        ],
      },
      'guardrails[1].id',
      /two guardrails/,
    ],
    [{ concurrency: 0 }, 'concurrency', /at least 1/],
  ])('refuses %j and stores nothing', async (given, field, problem) => {
    const creating = createAgent(deps, scope, { ...written(), ...given } as AgentInput);
    await expect(creating).rejects.toMatchObject({
      problem: 'validation_error',
      details: { [field]: expect.stringMatching(problem) },
    });
    expect((await listAgents(deps.db, { scope }, firstPage)).items).toEqual([]);
  });

  test('judges the workspace: unknown, then not allowed', async () => {
    const unknown = createAgent(deps, 'all', written({ workspace_id: 'ws' }));
    await expect(unknown).rejects.toMatchObject({ problem: 'invalid_workspace' });
    await expect(createAgent(deps, [], written())).rejects.toMatchObject({ problem: 'forbidden' });
  });
});

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
    await createTool('lookup');
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
