import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addToken, createTestApi, type TestApi } from '../../../test/support/api.ts';
import { getRun } from '../../store/runs.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const webhook = { name: 'Changed', type: 'webhook', config: {} };
const cron = { name: 'Daily', type: 'cron', config: { expression: '0 8 * * *' } };
const message = { name: 'Inbox', type: 'message', config: {} };

async function agentWith(fields: Record<string, unknown>) {
  const body = {
    workspace_id: api.workspace.id,
    name: 'Reservations',
    description: 'd',
    instructions: 'i',
    ...fields,
  };
  const { status, json, text } = await api.request('POST', '/v1/agents', { body });
  expect(status, text).toBe(201);
  return json.data;
}

async function payloadOf(runId: string) {
  return (await getRun(api.deps.db, 'all', runId))?.payloadJson;
}

describe('POST /v1/agents/{id}/run', () => {
  test('dispatches the only trigger and can be read at once under either id', async () => {
    const agent = await agentWith({ triggers: [webhook] });
    const { status, json } = await api.request('POST', `/v1/agents/${agent.id}/run`);
    expect(status).toBe(200);
    expect(json.data).toMatchObject({
      dispatched: true,
      trigger_id: agent.triggers[0].id,
      trigger_type: 'webhook',
    });
    for (const id of [json.data.id, json.data.run_id]) {
      const run = await api.request('GET', `/v1/agents/${agent.id}/runs/${id}`);
      expect(run.json.data).toMatchObject({
        id: json.data.id,
        run_id: json.data.run_id,
        status: 'accepted',
        trigger_event_id: expect.stringMatching(/^te/),
        tool_trace: [],
      });
    }
  });

  test('keeps the payload as it was written, null included, and {} when absent', async () => {
    const agent = await agentWith({ triggers: [webhook] });
    const given = '{"b":12345678901234567890,"2":1.0,"1":"\\u0000\\ud800","__proto__":{"x":1}}';
    for (const [body, payload] of [
      [`{"payload": ${given}}`, given],
      ['{"payload": null}', 'null'],
      ['{"payload": [1, 2]}', '[1, 2]'],
      ['{}', '{}'],
      ['', '{}'],
    ]) {
      const { json } = await api.request('POST', `/v1/agents/${agent.id}/run`, { body });
      expect(await payloadOf(json.data.id)).toBe(payload);
    }
  });

  test('keeps the place in the queue that the caller asks for, and refuses one out of range', async () => {
    const agent = await agentWith({ triggers: [webhook] });
    const path = `/v1/agents/${agent.id}/run`;
    const body = { priority: 60, concurrency_key: 'res_123' };
    const { json } = await api.request('POST', path, { body });
    const [row] = await api.deps.db.query({
      text: 'SELECT priority, concurrency_key FROM runs WHERE id = $1',
      values: [json.data.id],
    });
    expect(row).toEqual({ priority: 60, concurrency_key: 'res_123' });
    for (const bad of [{ priority: -1 }, { priority: 3_601 }, { concurrency_key: '' }]) {
      const refused = await api.request('POST', path, { body: bad });
      expect(refused.status).toBe(400);
      expect(refused.json.error).toContain(Object.keys(bad)[0]);
    }
  });

  test('ignores the payload of a cron trigger', async () => {
    const agent = await agentWith({ triggers: [cron] });
    const body = { payload: { ignored: true } };
    const { json } = await api.request('POST', `/v1/agents/${agent.id}/run`, { body });
    expect(json.data.trigger_type).toBe('cron');
    expect(await payloadOf(json.data.id)).toBe('{}');
  });

  test('asks for trigger_id when there are several, disabled ones too', async () => {
    const agent = await agentWith({ triggers: [webhook, { ...cron, enabled: false }] });
    const path = `/v1/agents/${agent.id}/run`;
    const without = await api.request('POST', path);
    expect([without.status, without.json.error]).toEqual([
      400,
      expect.stringContaining('trigger_id'),
    ]);
    const chosen = await api.request('POST', path, { body: { trigger_id: agent.triggers[0].id } });
    expect(chosen.status).toBe(200);
    const disabled = await api.request('POST', path, {
      body: { trigger_id: agent.triggers[1].id },
    });
    expect([disabled.status, disabled.json.error]).toEqual([
      422,
      expect.stringContaining('disabled'),
    ]);
    const unknown = await api.request('POST', path, {
      body: { trigger_id: 'tr77c0dy0mgdpzmqz6tesry8w184002s' },
    });
    expect(unknown.status).toBe(404);
  });

  test.each([
    ['a message trigger', { triggers: [message] }, 'message'],
    ['no trigger', { triggers: [] }, 'no trigger'],
    ['a disabled agent', { triggers: [webhook], enabled: false }, 'disabled'],
    ['an inactive agent', { triggers: [webhook], operation_mode: 'inactive' }, 'inactive'],
  ])('answers 422 for %s, and says so', async (_, fields, word) => {
    const agent = await agentWith(fields);
    const { status, json } = await api.request('POST', `/v1/agents/${agent.id}/run`);
    expect([status, json.error]).toEqual([422, expect.stringContaining(word)]);
  });

  test('takes the trace id of traceparent', async () => {
    const agent = await agentWith({ triggers: [webhook] });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { json } = await api.request('POST', `/v1/agents/${agent.id}/run`, {
      headers: { traceparent },
    });
    const run = await api.request('GET', `/v1/agents/${agent.id}/runs/${json.data.run_id}`);
    expect(run.json.data.trace_id).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });
});

describe('Idempotency-Key of a dispatch', () => {
  async function runs(agentId: string) {
    return (await api.request('GET', `/v1/agents/${agentId}/runs`)).json.data.length;
  }

  test('a repeat gets the first answer and starts nothing, even when the agent is disabled since', async () => {
    const agent = await agentWith({ triggers: [webhook] });
    const send = { body: { payload: 1 }, headers: { 'Idempotency-Key': 'once' } };
    const first = await api.request('POST', `/v1/agents/${agent.id}/run`, send);
    await api.request('PATCH', `/v1/agents/${agent.id}`, { body: { enabled: false } });
    const second = await api.request('POST', `/v1/agents/${agent.id}/run`, send);
    expect([second.status, second.json]).toEqual([200, first.json]);
    expect(await runs(agent.id)).toBe(1);
  });

  test('repeats at the same time share one run', async () => {
    const agent = await agentWith({ triggers: [webhook] });
    const send = { body: {}, headers: { 'Idempotency-Key': 'together' } };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api.request('POST', `/v1/agents/${agent.id}/run`, send)),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await runs(agent.id)).toBe(1);
  });

  test('another body, or another agent, with the same key is 422', async () => {
    const agent = await agentWith({ triggers: [webhook] });
    const other = await agentWith({ triggers: [webhook] });
    const headers = { 'Idempotency-Key': 'mine' };
    await api.request('POST', `/v1/agents/${agent.id}/run`, { body: { payload: 1 }, headers });
    for (const [id, payload] of [
      [agent.id, 2],
      [other.id, 1],
    ]) {
      const { status, json } = await api.request('POST', `/v1/agents/${id}/run`, {
        body: { payload },
        headers,
      });
      expect([status, json.error]).toEqual([422, expect.stringContaining('Idempotency-Key')]);
    }
  });

  test.each(['', 'x'.repeat(256), 'tab\there'])('%j cannot be a key', async (key) => {
    const agent = await agentWith({ triggers: [webhook] });
    const { status } = await api.request('POST', `/v1/agents/${agent.id}/run`, {
      headers: { 'Idempotency-Key': key },
    });
    expect(status).toBe(400);
  });
});

describe('workspace of an object', () => {
  test('override first: malformed or unknown 400, not allowed 403, object not in it 404', async () => {
    const agent = await agentWith({ triggers: [webhook] });
    const path = `/v1/agents/${agent.id}`;
    const ask = (workspaceId: string, token: string) =>
      api.request('GET', `${path}?workspace_id=${workspaceId}`, { token });
    const { write, both, other } = api.tokens;
    for (const bad of ['', 'nonsense', 'ws00000000000000000000000000000x', '%00']) {
      const { status, json } = await ask(bad, write);
      expect([bad, status, json.error]).toEqual([
        bad,
        400,
        bad === '%00' ? expect.any(String) : 'Invalid workspace id',
      ]);
    }
    expect((await ask(api.otherWorkspace.id, write)).status).toBe(403);
    expect((await ask(api.otherWorkspace.id, both)).status).toBe(404);
    expect((await ask(api.workspace.id, both)).status).toBe(200);
    expect((await api.request('GET', path, { token: both })).status).toBe(200);
    expect((await api.request('GET', path, { token: other })).status).toBe(404);
  });

  test('a list asks a token of several workspaces for one, and one of a single workspace not', async () => {
    const agent = await agentWith({ triggers: [] });
    const { both, write, admin } = api.tokens;
    for (const token of [both, admin]) {
      const { status, json } = await api.request('GET', '/v1/agents', { token });
      expect([status, json.error]).toEqual([400, expect.stringContaining('workspace_id')]);
    }
    const own = await api.request('GET', '/v1/agents', { token: write });
    expect(own.json.data.map((each: { id: string }) => each.id)).toContain(agent.id);
    const other = await api.request('GET', `/v1/agents?workspace_id=${api.otherWorkspace.id}`, {
      token: both,
    });
    expect(other.json).toEqual({ data: [], next_cursor: null, has_more: false });
  });

  test('a token whose workspaces are all gone reaches nothing', async () => {
    const { admin } = api.tokens;
    const made = await api.request('POST', '/v1/workspaces', {
      token: admin,
      body: { name: 'Gone' },
    });
    const token = await addToken(api.deps, { access: 'write', workspaceIds: [made.json.data.id] });
    await api.request('DELETE', `/v1/workspaces/${made.json.data.id}`, { token: admin });
    expect((await api.request('GET', '/v1/workspaces', { token })).json.data).toEqual([]);
    expect((await api.request('GET', '/v1/agents', { token })).status).toBe(400);
  });
});
