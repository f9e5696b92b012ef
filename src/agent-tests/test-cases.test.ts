import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestedDesk, type TestedDesk } from '../../test/support/agent-test-desk.ts';
import { assistant, modelOf } from '../../test/support/agent-tests.ts';

let api: TestedDesk;

beforeAll(async () => {
  api = await createTestedDesk(modelOf(assistant));
}, 60_000);
afterAll(() => api[Symbol.asyncDispose]());

describe('a case', () => {
  test('is made of a past run in one call, and passes on the same version', async () => {
    const agent = await api.makeAgent();
    await api.request('PATCH', `/v1/agents/${agent}`, {
      body: { triggers: [{ type: 'webhook', name: 'In', config: {} }] },
    });
    api.lookedUp.length = 0;
    const dispatched = await api.request('POST', `/v1/agents/${agent}/run?wait=20`, {
      body: { payload: { order: 'o7' } },
    });
    const runId = dispatched.json.data.id;
    await expect
      .poll(async () => (await api.request('GET', `/v1/runs/${runId}`)).json.data.status, {
        timeout: 20_000,
      })
      .toBe('completed');
    const made = await api.request('POST', '/v1/tests', {
      body: { from_run_id: runId, name: 'Again' },
    });
    expect(made.json.data).toMatchObject({
      agent_id: agent,
      payload: { order: 'o7' },
      from_run_id: runId,
      tools: {
        others: 'refuse',
        results: [{ tool: 'look-up', arguments: { order: 'o7' }, times: 1 }],
      },
      expect: {
        status: 'completed',
        disposition: ['resolved'],
        tools_called: [{ tool: 'look-up' }],
      },
    });
    expect(api.lookedUp).toEqual(['o7']);
    const { testRun } = await api.tested({ agent_id: agent });
    expect(testRun.passed).toBe(true);
    expect(api.lookedUp).toEqual(['o7']);
  });

  test('is created once, changed in revisions, and deleted', async () => {
    const agent = await api.makeAgent();
    const body = { agent_id: agent, name: 'One', payload: { big: 1 } };
    const headers = { 'Idempotency-Key': 'case-1' };
    const first = await api.request('POST', '/v1/tests', { body, headers });
    const again = await api.request('POST', '/v1/tests', { body, headers });
    expect(again.json.data).toEqual(first.json.data);
    expect((await api.request('POST', '/v1/tests', { body })).status).toBe(409);
    const path = `/v1/tests/${first.json.data.id}`;
    const patched = await api.request('PATCH', path, {
      body: '{"payload": {"id": 12345678901234567890}}',
    });
    expect(patched.text).toContain('"payload":{"id": 12345678901234567890}');
    expect(patched.json.data.revision).toBe(2);
    expect(
      (await api.request('PATCH', path, { body: { description: 'Why.' } })).json.data.revision,
    ).toBe(2);
    expect((await api.request('DELETE', path)).status).toBe(200);
    expect((await api.request('GET', path)).status).toBe(404);
    expect((await api.request('POST', '/v1/tests', { body })).status).toBe(201);
  });

  test.each([
    [{ expect: { dispositon: 'resolved' } }, 'expect has unknown fields: dispositon'],
    [
      { expect: { text: [{ matches: '(' }] } },
      'expect.text[0].matches must be a regular expression',
    ],
    [{ expect: { text: [{ equals: 'a', contains: 'b' }] } }, 'exactly one of'],
    [{ expect: { output: [{ path: 'a', exists: true }] } }, 'must be a JSON pointer'],
    [{ tools: { results: [{ tool: 'x', result: 1, error: 'e' }] } }, 'goes only without "result"'],
    [{ repeat: 0 }, 'repeat must be at least 1'],
    [{ payload: [1], conversation: [{ from: 'contact', text: 'x' }] }, 'payload must be an object'],
    [{ conversation: [{ from: 'me', text: 'x' }] }, 'conversation[0].from must be one of'],
  ])('refuses %j, naming the field', async (change, problem) => {
    const agent = await api.makeAgent();
    const answer = await api.request('POST', '/v1/tests', {
      body: { agent_id: agent, name: 'Bad', ...change },
    });
    expect([answer.status, answer.text.replaceAll('\\"', '"')]).toEqual([
      400,
      expect.stringContaining(problem),
    ]);
  });

  test('of a foreign or missing agent, run or case is refused when it is to run', async () => {
    const agent = await api.makeAgent();
    const other = await api.makeAgent();
    const otherCase = await api.makeCase(other);
    const status = async (body: object) =>
      (await api.request('POST', '/v1/tests/runs', { body })).status;
    expect(await status({ agent_id: agent })).toBe(422);
    expect(await status({ agent_id: agent, case_ids: [otherCase] })).toBe(400);
    await api.makeCase(agent);
    expect(await status({ agent_id: agent, variants: [{ version: 9 }] })).toBe(400);
    expect(await status({ agent_id: agent, variants: [{ model: 'no/model' }] })).toBe(400);
    expect(await status({ agent_id: 'ag000000000000000000000000000000' })).toBe(404);
    const missing = { from_run_id: 'ar000000000000000000000000000000' };
    expect((await api.request('POST', '/v1/tests', { body: missing })).status).toBe(404);
  });
});
