import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { newId } from '../core/ids.ts';
import { scheduleTool } from '../tools/schedule.ts';
import { fire } from './fire.ts';
import { maxPending, scheduleByRuns } from './schedule-by-run.ts';

let api: TestApi;
let agentId: string;
let run: { readonly id: string; readonly workspaceId: string; readonly agentId: string };
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  await api.deps.db.execute('DELETE FROM scheduled_runs');
  agentId = await addAgent('Follower', api.tokens.write, api.workspace.id);
  const dispatched = await api.request('POST', `/v1/agents/${agentId}/run`);
  run = { id: dispatched.json.data.id, workspaceId: api.workspace.id, agentId };
});

async function addAgent(name: string, token: string, workspace_id: string, triggers?: object[]) {
  const made = await api.request('POST', '/v1/agents', {
    token,
    body: {
      workspace_id,
      name,
      description: 'd',
      instructions: 'i',
      triggers: triggers ?? [{ name: 'Hook', type: 'event', config: { event: 'a.b' } }],
    },
  });
  expect(made.status, made.text).toBe(201);
  return made.json.data.id as string;
}

/** A call as a run makes it: checked first. */
async function call(input: object, key: string = newId('unit'), of = run) {
  const tool = scheduleTool(scheduleByRuns(api.deps.db), of);
  const checked = tool.check(input);
  if (!checked.ok) return { ok: false as const, error: checked.problem };
  const { signal } = new AbortController();
  return await tool.call({ inputJson: JSON.stringify(checked.value), key, signal });
}

const scheduled = async () =>
  (await api.request('GET', '/v1/schedules?limit=100')).json.data as Record<string, unknown>[];

describe('the tool by which an agent schedules runs', () => {
  test('schedules the agent itself, with instructions, and names the run that did', async () => {
    const result = await call({
      at: '2035-04-03T09:00:00+02:00',
      instructions: 'Ask whether it worked.',
      payload: { ticket: 7 },
      entity_id: 't7',
    });
    expect(result).toMatchObject({
      ok: true,
      modelText: expect.stringContaining('Scheduled for 2035-04-03T07:00:00.000Z.'),
    });
    expect(await scheduled()).toMatchObject([
      {
        agent_id: agentId,
        status: 'scheduled',
        scheduled_for: '2035-04-03T07:00:00.000Z',
        additional_instructions: 'Ask whether it worked.',
        payload: { ticket: 7 },
        entity_id: 't7',
        created_by_run: run.id,
        created_by_token: null,
      },
    ]);
  });

  test('schedules nothing twice when a call is repeated after a crash', async () => {
    const first = await call({ in_minutes: 5 }, 'ar1:4');
    const again = await Promise.all([
      call({ in_minutes: 5 }, 'ar1:4'),
      call({ in_minutes: 5 }, 'ar1:4'),
    ]);
    for (const repeat of again)
      expect(repeat).toMatchObject({ ...first, runTimeMs: expect.anything() });
    expect(await scheduled()).toHaveLength(1);
  });

  test('is one scheduled run when the same call is made twice at the same time', async () => {
    const results = await Promise.all(
      Array.from({ length: 5 }, () => call({ in_minutes: 5 }, 'ar2:4')),
    );
    expect(
      new Set(results.map((result) => ('modelText' in result ? result.modelText : ''))),
    ).toHaveProperty('size', 1);
    expect(await scheduled()).toHaveLength(1);
  });

  test('finds another agent by id or exact name, and none of another workspace', async () => {
    const other = await addAgent('Night shift', api.tokens.write, api.workspace.id);
    for (const agent of [other, 'Night shift']) {
      expect(await call({ in_minutes: 5, agent })).toMatchObject({ ok: true });
    }
    const foreign = await addAgent('Foreign', api.tokens.other, api.otherWorkspace.id);
    for (const agent of [foreign, 'Foreign', 'night']) {
      expect(await call({ in_minutes: 5, agent })).toMatchObject({
        ok: false,
        error: expect.stringContaining(`There is no agent "${agent}"`),
      });
    }
    await addAgent('Night shift', api.tokens.write, api.workspace.id);
    expect(await call({ in_minutes: 5, agent: 'Night shift' })).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^2 agents are named "Night shift"/),
    });
  });

  test.each([
    [{}, /either `at` or `in_minutes`/],
    [{ at: '2035-04-03T09:00:00Z', in_minutes: 1 }, /either `at` or `in_minutes`/],
    [{ at: '2035-04-03T09:00:00' }, /a time with its zone/],
    [{ at: '2020-04-03T09:00:00Z' }, /must be in the future/],
    [{ in_minutes: -1 }, /in_minutes/],
    [{ in_minutes: 1, when: 'soon' }, /when/],
  ])('says what is wrong with %j', async (input, problem) => {
    expect(await call(input)).toMatchObject({ ok: false, error: expect.stringMatching(problem) });
  });

  test('refuses an agent that only messages start', async () => {
    const inbox = { name: 'Inbox', type: 'message', config: {} };
    const agent = await addAgent('Chat', api.tokens.write, api.workspace.id, [inbox]);
    expect(await call({ in_minutes: 5, agent })).toMatchObject({
      ok: false,
      error: expect.stringMatching(/conversational/),
    });
  });

  test('bounds what a run has waiting, calls side by side included', async () => {
    const results = await Promise.all(
      Array.from({ length: maxPending.run + 3 }, () => call({ in_minutes: 5 })),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(maxPending.run);
    expect(results.find((result) => !result.ok)).toMatchObject({
      error: expect.stringMatching(/may have 20 scheduled runs to come/),
    });
  });

  test('counts runs of the next hour as links of the chain, and later ones as new chains', async () => {
    const agent = await api.deps.reads.agent('all', agentId);
    const trigger = agent?.triggers[0];
    if (agent === null || trigger === undefined) throw new Error('no agent');
    const { runs } = await fire(api.deps, {
      workspaceId: api.workspace.id,
      source: 'event',
      eventType: 'a.b',
      triggerId: null,
      payloadJson: '{}',
      onceKey: null,
      occurredAt: null,
      causedByRunId: run.id,
      depth: 8,
      candidates: [{ agent, trigger, comparisons: [], matched: true, entityId: null }],
    });
    const deep = { ...run, id: runs[0]?.id ?? '' };
    expect(await call({ in_minutes: 59 }, newId('unit'), deep)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/8 firings follow one another at most/),
    });
    expect(await call({ in_minutes: 61 }, newId('unit'), deep)).toMatchObject({ ok: true });
  });
});
