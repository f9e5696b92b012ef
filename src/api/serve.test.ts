import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { createApiObjects } from '../../test/support/api-objects.ts';
import { DrivenRun, drivenByTest } from '../../test/support/driven-run.ts';
import { maxBodyBytes } from './body.ts';
import { type ServedApi, serveApi } from './serve.ts';

let api: TestApi;
let served: ServedApi;
beforeAll(async () => {
  api = await createTestApi({ engine: drivenByTest });
  served = await serveApi({ deps: api.deps, host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const authorization = () => ({ Authorization: `Bearer ${api.tokens.write}` });

/** What a server answers to these very bytes, until it closes or says no more. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(served.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    answer += chunk;
  });
  // Bytes that nobody reads any more end in a reset, after the answer.
  socket.on('error', () => undefined);
  const closed = once(socket, 'close').catch(() => undefined);
  socket.end(bytes);
  await closed;
  return answer;
}

test('serves both dialects on a port', async () => {
  const response = await fetch(`${served.url}/v1`, { headers: authorization() });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ data: { name: 'Signalbox' } });
  expect((await fetch(`${served.url}/public-api/openapi.json`)).status).toBe(200);
});

test('a port that is taken is refused', async () => {
  const again = serveApi({ deps: api.deps, host: '127.0.0.1', port: served.port });
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('a chunked body over the limit is answered 413 before it ends', async () => {
  const request = httpRequest(`${served.url}/v1/agents`, {
    method: 'POST',
    headers: authorization(),
  });
  request.on('error', () => undefined);
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.write(Buffer.alloc(maxBodyBytes + 1, 0x20));
  const [response] = await answered;
  expect([response.statusCode, JSON.parse(await text(response))]).toEqual([
    413,
    { error: expect.stringContaining('1048576') },
  ]);
  request.destroy();
  expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
});

test.each([
  ['GET /v1/agents/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 401],
  ['GET //v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
  ['GET /v1 HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
  ['BREW /v1 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['nonsense\r\n\r\n', 400],
  [`GET /v1 HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
])('stays up after %.50j', async (bytes, status) => {
  expect(await raw(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
});

test('closing ends streams, finishes what is under way, and takes nothing new', async () => {
  const closing = await serveApi({ deps: api.deps, host: '127.0.0.1', port: 0 });
  const { agent, run } = await createApiObjects(api, api.workspace.id);
  await new DrivenRun(api, run).model('Let me look.');
  const stream = await fetch(`${closing.url}/v1/agents/${agent}/runs/${run}/events`, {
    headers: authorization(),
  });
  const waiting = fetch(`${closing.url}/v1/agents/${agent}/run?wait=60`, {
    method: 'POST',
    headers: authorization(),
  });
  while ((await api.request('GET', `/v1/agents/${agent}/runs`)).json.data.length < 2);
  await closing[Symbol.asyncDispose]();
  expect(await stream.text()).toMatch(/event: step/);
  const answer = await waiting;
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { data: expect.objectContaining({ dispatched: true }) },
  ]);
  await expect(fetch(`${closing.url}/healthz`)).rejects.toThrow();
});

test('a reader that goes away is no error', async () => {
  const { agent, run } = await createApiObjects(api, api.workspace.id);
  const gone = new AbortController();
  const stream = await fetch(`${served.url}/v1/agents/${agent}/runs/${run}/events`, {
    headers: authorization(),
    signal: gone.signal,
  });
  const reader = stream.body?.getReader();
  await reader?.read();
  gone.abort();
  await expect(reader?.read()).rejects.toThrow();
  expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
});
