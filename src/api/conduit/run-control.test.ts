import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { createApiObjects } from '../../../test/support/api-objects.ts';
import { DrivenRun, drivenByTest } from '../../../test/support/driven-run.ts';
import { failedOutcome } from '../../runs/outcome.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi({ engine: drivenByTest });
});
afterAll(() => api[Symbol.asyncDispose]());

async function ended() {
  const { agent, run } = await createApiObjects(api, api.workspace.id);
  const driven = new DrivenRun(api, run);
  await driven.model('Let me look.');
  await driven.toolStarts('look-up', '{"id":"res_123"}');
  await driven.toolEnds('look-up', '{"id":"res_123"}', '{"message":"confirmed"}');
  await driven.ends(failedOutcome('failed', 'It broke.'));
  return { agent, run, path: `/v1/agents/${agent}/runs/${run}` };
}

describe('POST …/fork', () => {
  test('makes a run that shows where it comes from, once for a key', async () => {
    const { agent, run, path } = await ended();
    const result = '{"message":"edited","rawData":{"1":12345678901234567890}}';
    const text = `{"from_step":4,"tool_results":{"call_1":${result}},"payload":{"b":1}}`;
    const headers = { 'Idempotency-Key': 'fork 1' };
    const made = await api.request('POST', `${path}/fork`, { body: text, headers });
    expect([made.status, made.json.data]).toEqual([
      201,
      { id: expect.any(String), run_id: expect.any(String), forked_from: run },
    ]);
    const repeated = await api.request('POST', `${path}/fork`, { body: text, headers });
    expect(repeated.json).toEqual(made.json);
    const shown = await api.request('GET', `/v1/agents/${agent}/runs/${made.json.data.id}`);
    expect(shown.json.data).toMatchObject({
      status: 'accepted',
      forked_from: run,
      from_step: 4,
      dry_run: false,
      token_usage: { input: 0, output: 0 },
      total_cost: 0,
      tool_trace: [{ name: 'look-up', copied: true }],
    });
    expect(shown.text).toContain(`"output":${result}`);
    const steps = await api.request('GET', `/v1/agents/${agent}/runs/${made.json.data.id}/steps`);
    expect(steps.json.data.map((step: object) => ('copied' in step ? step.copied : null))).toEqual([
      true,
      true,
    ]);
  });

  test.each([
    [{}, 'from_step'],
    [{ from_step: 0 }, 'from_step'],
    [{ from_step: 1.5 }, 'from_step'],
    [{ from_step: null }, 'from_step'],
    [{ from_step: 'first' }, 'from_step'],
    [{ from_step: 9 }, 'from_step is not a step of this run; they are 1, 2, 4'],
    [{ from_step: 1, instructions: 7 }, 'instructions'],
    [{ from_step: 1, instructions: '' }, 'instructions'],
    [{ from_step: 1, model: [] }, 'model'],
    [{ from_step: 1, tool_results: [] }, 'tool_results'],
    [{ from_step: 4, tool_results: { '1': 1 } }, 'tool_results.1'],
    [{ from_step: 4, tool_results: { nothing: 1 } }, 'tool_results.nothing'],
  ])('%j is 400 and named', async (body, field) => {
    const { path } = await ended();
    const { status, json } = await api.request('POST', `${path}/fork`, { body });
    expect([status, json.error]).toEqual([400, expect.stringContaining(field)]);
  });

  test('is 422 for an agent that is disabled, and 404 for an unknown run', async () => {
    const { agent, path } = await ended();
    await api.request('PATCH', `/v1/agents/${agent}`, { body: { enabled: false } });
    const body = { from_step: 1 };
    expect((await api.request('POST', `${path}/fork`, { body })).status).toBe(422);
    const unknown = `/v1/agents/${agent}/runs/ar${'0'.repeat(30)}/fork`;
    expect((await api.request('POST', unknown, { body })).status).toBe(404);
  });
});

describe('POST …/runs/retry', () => {
  const since = '2020-01-01T00:00:00Z';

  test('retries what failed since the time, once', async () => {
    const { agent, run } = await ended();
    const path = `/v1/agents/${agent}/runs/retry`;
    const first = await api.request('POST', path, { body: { since } });
    expect([first.status, first.json.data]).toEqual([
      201,
      {
        retried: [{ id: expect.any(String), run_id: expect.any(String), retry_of: run }],
        more: false,
      },
    ]);
    const second = await api.request('POST', path, { body: { since } });
    expect(second.json.data).toEqual({ retried: [], more: false });
  });

  test.each([
    [{}, 'since'],
    [{ since: 'yesterday' }, 'since'],
    [{ since, until: since }, 'until must be after since'],
    [{ since, stop_reasons: [] }, 'stop_reasons'],
    [{ since, stop_reasons: ['completed'] }, 'stop_reasons'],
    [{ since, limit: 0 }, 'limit'],
    [{ since, limit: 1_001 }, 'limit'],
  ])('%j is 400 and named', async (body, field) => {
    const { agent } = await ended();
    const { status, json } = await api.request('POST', `/v1/agents/${agent}/runs/retry`, { body });
    expect([status, json.error]).toEqual([400, expect.stringContaining(field)]);
  });
});

describe('POST …/pause and …/resume', () => {
  test('hold new runs and let them go; both can be repeated', async () => {
    const { agent } = await createApiObjects(api, api.workspace.id);
    for (let times = 0; times < 2; times++) {
      const paused = await api.request('POST', `/v1/agents/${agent}/pause`);
      expect([paused.status, paused.json.data.paused_at]).toEqual([200, expect.any(String)]);
    }
    const made = await api.request('POST', `/v1/agents/${agent}/run`);
    expect(made.status).toBe(200);
    const run = () => api.request('GET', `/v1/agents/${agent}/runs/${made.json.data.id}`);
    expect((await run()).json.data.status).toBe('accepted');
    for (let times = 0; times < 2; times++) {
      const resumed = await api.request('POST', `/v1/agents/${agent}/resume`);
      expect([resumed.status, resumed.json.data.paused_at]).toEqual([200, null]);
    }
  });
});

describe('dry_run', () => {
  test('is shown on the run, and kept by its retry and fork', async () => {
    const { agent } = await createApiObjects(api, api.workspace.id);
    const body = { dry_run: true };
    const { json } = await api.request('POST', `/v1/agents/${agent}/run`, { body });
    const path = `/v1/agents/${agent}/runs`;
    await new DrivenRun(api, json.data.id).model('Hello');
    const fork = await api.request('POST', `${path}/${json.data.id}/fork`, {
      body: { from_step: 1 },
    });
    await api.request('POST', `${path}/${json.data.id}/cancel`);
    const retry = await api.request('POST', `${path}/${json.data.id}/retry`);
    for (const { id } of [json.data, retry.json.data, fork.json.data]) {
      expect((await api.request('GET', `${path}/${id}`)).json.data.dry_run).toBe(true);
    }
  });

  test.each(['yes', 1, null])('%j is 400', async (dry_run) => {
    const { agent } = await createApiObjects(api, api.workspace.id);
    const answer = await api.request('POST', `/v1/agents/${agent}/run`, { body: { dry_run } });
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringContaining('dry_run')]);
  });
});
