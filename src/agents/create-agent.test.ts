import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAgentDeps } from '../../test/support/agent-deps.ts';
import { plainDefinition, writtenAgent } from '../../test/support/agents.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { getAgent, listAgents } from '../store/agents.ts';
import { createWorkspace } from '../store/workspaces.ts';
import type { AgentDeps } from './agent-deps.ts';
import type { AgentInput } from './agent-input.ts';
import { createAgent } from './save-agent.ts';

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
        ...plainDefinition,
        instructions: 'A\0\uE000\uD800',
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
