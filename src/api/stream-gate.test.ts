import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { createApiObjects } from '../../test/support/api-objects.ts';
import { openChatDesk } from '../../test/support/chat.ts';
import { addAgent } from '../../test/support/neo.ts';
import { createStreamGate } from './stream-gate.ts';

let api: TestApi;
let paths: readonly string[];
beforeAll(async () => {
  api = await createTestApi({ streams: createStreamGate({ perToken: 2, perWorkspace: 3 }) });
  const { agent, run } = await createApiObjects(api, api.workspace.id);
  paths = [`/v1/agents/${agent}/runs/${run}/events`, `/public-api/executions/${run}/events`];
});
afterAll(() => api[Symbol.asyncDispose]());

function open(path: string, token: string, init: RequestInit = {}) {
  return api.app.request(path, { headers: { Authorization: `Bearer ${token}` }, ...init });
}

test('streams are bounded by token and by workspace, in both dialects, and a closed one makes room', async () => {
  const [first = '', second = ''] = paths;
  const { write, read, both } = api.tokens;
  const opened = [await open(first, write), await open(second, write)];
  expect(opened.map(({ status }) => status)).toEqual([200, 200]);
  for (const [path, message] of [
    [first, /^2 event streams of this token are open/],
    [second, /^2 event streams of this token are open/],
  ] as const) {
    const refused = await open(path, write);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    const body = JSON.parse(await refused.text());
    expect(typeof body.error === 'string' ? body.error : body.error.message).toMatch(message);
  }
  opened.push(await open(first, read));
  const full = await open(first, both);
  expect(JSON.parse(await full.text()).error).toMatch(/^3 event streams of this workspace/);
  await opened[0]?.body?.cancel();
  const reopened = await open(first, both);
  expect(reopened.status).toBe(200);
  for (const stream of [...opened, reopened]) await stream.body?.cancel().catch(() => undefined);
});

test('a stream that never begins takes no place', async () => {
  const [first = ''] = paths;
  for (let n = 0; n < 5; n++) {
    const bad = await open(`${first}?last_event_id=nonsense`, api.tokens.write);
    expect(bad.status).toBe(400);
    expect((await open(first, api.tokens.write, { method: 'HEAD' })).status).toBe(200);
  }
  const stream = await open(first, api.tokens.write);
  expect(stream.status).toBe(200);
  await stream.body?.cancel();
});

test('whoever waits for an answer takes a place, and what finds none begins nothing', async () => {
  await using desk = await openChatDesk({ streams: createStreamGate({ perToken: 1 }) });
  const { id } = await addAgent(desk.api, { model: 'scripted/test', triggers: [] });
  const a2a = (method: string) => (key: string) => ({
    ...{ jsonrpc: '2.0', id: 1, method },
    params: { message: { messageId: key, role: 'ROLE_USER', parts: [{ text: 'Hello' }] } },
  });
  const agUi = (key: string) => ({
    ...{ threadId: key, runId: key },
    messages: [{ id: 'm1', role: 'user', content: 'Hello' }],
  });
  const begins = () => ({ assistant_id: id, input: 'Hello' });
  const chat = (stream: boolean) => () => ({
    ...{ model: id, stream },
    messages: [{ role: 'user', content: 'Hello' }],
  });
  const asks = [
    [`/a2a/agents/${id}`, a2a('SendMessage')],
    [`/a2a/agents/${id}`, a2a('SendStreamingMessage')],
    [`/ag-ui/agents/${id}`, agUi],
    ['/agent-protocol/runs/wait', begins],
    ['/agent-protocol/runs/stream', begins],
    ['/v1/chat/completions', chat(false)],
    ['/v1/chat/completions', chat(true)],
  ] as const;
  for (const [n, [path, body]] of asks.entries()) {
    const ask = (key: string) => desk.api.request('POST', path, { body: body(`${key}-${n}`) });
    const answered = ask('first');
    const call = await desk.nextCall();
    expect([path, (await ask('second')).status]).toEqual([path, 429]);
    call.answer({ text: 'Hi.' });
    expect([path, (await answered).status]).toEqual([path, 200]);
  }
  const runs = await desk.api.request('GET', `/v1/agents/${id}/runs`);
  expect(runs.json.data).toHaveLength(asks.length);
});
