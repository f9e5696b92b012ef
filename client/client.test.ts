import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, serveApi } from '../src/api/serve.ts';
import { createTestApi, type TestApi } from '../test/support/api.ts';
import { type ApiObjects, createApiObjects } from '../test/support/api-objects.ts';
import { DrivenRun, drivenByTest } from '../test/support/driven-run.ts';
import { ApiError, Unreachable } from './api-error.ts';
import { type ClientOptions, createClient, dataOf } from './client.ts';
import { type ConnectionState, followRun, type RunEvent } from './follow-run.ts';
import { items, pages } from './pages.ts';
import { retryAfterMs } from './retrying-fetch.ts';
import { runAndWait } from './run-and-wait.ts';

// Against the real server on a real port; what a network does to a request is done in `fetch`.

let api: TestApi;
let served: ServedApi;
let own: ApiObjects;
beforeAll(async () => {
  api = await createTestApi({ engine: drivenByTest });
  served = await serveApi({ deps: api.deps, host: '127.0.0.1', port: 0 });
  own = await createApiObjects(api, api.workspace.id);
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

function client(change: Partial<ClientOptions> = {}) {
  return createClient({ baseUrl: served.url, token: api.tokens.write, ...change });
}

/** A `fetch` that is disturbed: by the number of the try, an answer of its own, or null to let it pass. */
function disturbed(disturb: (tried: number, request: Request) => Promise<Response | null>) {
  const requests: Request[] = [];
  return {
    requests,
    fetch: async (request: Request) => {
      requests.push(request);
      return (await disturb(requests.length, request)) ?? (await fetch(request));
    },
  };
}

const dispatch = (of: ReturnType<typeof client>) =>
  dataOf(of.v1.POST('/v1/agents/{id}/run', { params: { path: { id: own.agent } }, body: {} }));

test('gives the data of both dialects, by their documents', async () => {
  const path = { id: own.agent };
  const agent = await dataOf(client().v1.GET('/v1/agents/{id}', { params: { path } }));
  expect([agent.id, agent.triggers[0]?.type]).toEqual([own.agent, 'webhook']);
  const list = await dataOf(client().publicApi.GET('/public-api/agents'));
  expect(list).toHaveLength(2);
});

test('throws the server’s own sentence', async () => {
  const params = { path: { id: 'ag000000' } };
  const missing = dataOf(client().v1.GET('/v1/agents/{id}', { params }));
  await expect(missing).rejects.toThrow(ApiError);
  await expect(missing).rejects.toMatchObject({
    message: 'There is no agent ag000000.',
    status: 404,
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const refused = dataOf(client({ token: 'wrong' }).publicApi.GET('/public-api/agents'));
  await expect(refused).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
});

test('reads lists page by page, every item once', async () => {
  for (let made = 0; made < 4; made++) await dispatch(client());
  const list = (cursor: string | undefined) =>
    client().v1.GET('/v1/runs', { params: { query: { limit: 2, ...(cursor && { cursor }) } } });
  const ids: string[] = [];
  for await (const run of items(list)) ids.push(run.id);
  expect(ids.length).toBeGreaterThanOrEqual(5);
  expect(new Set(ids).size).toBe(ids.length);
  const sizes: number[] = [];
  for await (const page of pages(list)) sizes.push(page.length);
  expect(sizes.slice(0, -1).every((size) => size === 2)).toBe(true);
});

test('repeats after Retry-After, and no sooner', async () => {
  const busy = new Response(null, { status: 503, headers: { 'Retry-After': '1' } });
  const network = disturbed(async (tried) => (tried === 1 ? busy : null));
  const startedAtMs = performance.now();
  await dataOf(client(network).v1.GET('/v1'));
  expect(network.requests).toHaveLength(2);
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(990);
});

test('a dispatch whose answer was lost is the same dispatch when repeated', async () => {
  const network = disturbed(async (tried, request) => {
    if (tried > 1) return null;
    await fetch(request.clone());
    throw new TypeError('connection reset');
  });
  const before = (await api.request('GET', '/v1/runs?limit=100')).json.data.length;
  await dispatch(client(network));
  expect((await api.request('GET', '/v1/runs?limit=100')).json.data.length).toBe(before + 1);
  expect(network.requests).toHaveLength(2);
});

test('what could happen twice is not repeated', async () => {
  const network = disturbed(async () => new Response(null, { status: 502 }));
  const patch = client(network).v1.PATCH('/v1/agents/{id}', {
    params: { path: { id: own.agent } },
    body: { enabled: true },
  });
  await expect(dataOf(patch)).rejects.toMatchObject({ status: 502 });
  expect(network.requests).toHaveLength(1);
});

test('gives up after its tries, and at once when aborted', async () => {
  const network = disturbed(async () => Promise.reject(new TypeError('refused')));
  const retry = { retries: 1 };
  await expect(dataOf(client({ ...network, retry }).v1.GET('/v1'))).rejects.toThrow(Unreachable);
  expect(network.requests).toHaveLength(2);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(dataOf(client(network).v1.GET('/v1', { signal }))).rejects.toThrow('enough');
});

test('a Retry-After is seconds or a date', () => {
  expect(retryAfterMs('3', 0)).toBe(3_000);
  expect(retryAfterMs('Thu, 01 Jan 1970 00:00:10 GMT', 4_000)).toBe(6_000);
  expect(retryAfterMs('soon', 0)).toBeNull();
});

test('a stream goes on where the server broke it off, without gap and repeat', async () => {
  let server = await serveApi({ deps: api.deps, host: '127.0.0.1', port: 0 });
  const { port } = server;
  const { id: runId } = await dispatch(client());
  const run = new DrivenRun(api, runId);
  await run.model('First.');
  const states: ConnectionState['kind'][] = [];
  const seen: string[] = [];
  const events = followRun(client({ baseUrl: server.url }), {
    agentId: own.agent,
    runId,
    onConnection: ({ kind }) => states.push(kind),
  });
  for await (const event of events) {
    seen.push(shown(event));
    if (seen.length === 1) {
      await server[Symbol.asyncDispose]();
      await run.toolStarts('lookup', '{}');
      await run.toolEnds('lookup', '{}', '{"message":"found"}');
      server = await serveApi({ deps: api.deps, host: '127.0.0.1', port });
      await run.ends();
    }
  }
  expect(seen).toEqual(['model done', 'tool running', 'tool done', 'end completed']);
  expect(states[0]).toBe('open');
  expect(states).toContain('lost');
  await server[Symbol.asyncDispose]();
});

test('a stream that is refused ends with the reason; one that may come again later goes on', async () => {
  const missing = followRun(client(), { agentId: own.agent, runId: 'ar0' });
  await expect(missing.next()).rejects.toThrow('There is no run ar0.');
  const busy = new Response(null, { status: 503 });
  const network = disturbed(async (tried) => (tried === 1 ? busy : null));
  const { id: runId } = await dispatch(client());
  await new DrivenRun(api, runId).ends();
  const events = followRun(client(network), { agentId: own.agent, runId });
  expect(shown((await events.next()).value as RunEvent)).toBe('end completed');
  const away = disturbed(async () => Promise.reject(new TypeError('refused')));
  const hopeless = followRun(client(away), { agentId: own.agent, runId, patienceMs: 0 });
  await expect(hopeless.next()).rejects.toThrow(Unreachable);
});

test('runs an agent and waits for its end', async () => {
  const kinds: string[] = [];
  const ended = runAndWait(client(), {
    agentId: own.agent,
    payload: { reservation_id: 'res_1' },
    idempotencyKey: 'wait-for-me',
    onEvent: (event) => kinds.push(event.kind),
  });
  const again = () =>
    api.request('POST', `/v1/agents/${own.agent}/run`, {
      body: { payload: { reservation_id: 'res_1' } },
      headers: { 'Idempotency-Key': 'wait-for-me' },
    });
  const run = new DrivenRun(api, (await again()).json.data.id);
  await run.model('Let me see.');
  await run.ends();
  expect(await ended).toMatchObject({ status: 'completed', disposition: 'resolved' });
  expect(kinds).toEqual(['step', 'end']);
});

function shown(event: RunEvent): string {
  if (event.kind === 'step') return `${event.step.type} ${event.step.status}`;
  return event.kind === 'end' ? `end ${event.run.status}` : event.kind;
}
