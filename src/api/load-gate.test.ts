import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTestApi } from '../../test/support/api.ts';
import { createApiObjects } from '../../test/support/api-objects.ts';
import { createLoadGate, LoopDelay, loadLimits } from './load-gate.ts';
import { serveApi } from './serve.ts';
import { writeLimits } from './writes-under-way.ts';

const idle = { loopDelayMs: () => 0, waitingCommits: () => 0, waitingQueries: () => 0 };

test.each([
  ['loopDelayMs', loadLimits.loopDelayMs],
  ['waitingCommits', loadLimits.waitingCommits],
  ['waitingQueries', loadLimits.waitingQueries],
] as const)(
  'too much of %s refuses writes at once, reads later, and health never',
  async (sign, limit) => {
    let now = 0;
    const load = createLoadGate({ ...idle, [sign]: () => now });
    await using api = await createTestApi({ load });
    const { agent } = await createApiObjects(api, api.workspace.id);
    const ask = async () => {
      const answers = await Promise.all([
        api.request('POST', `/v1/agents/${agent}/run`, { body: {} }),
        api.request('GET', `/v1/agents/${agent}`),
        api.request('GET', '/healthz', { token: null }),
        api.request('GET', '/readyz', { token: null }),
      ]);
      return answers.map(({ status }) => status);
    };
    const runs = async () =>
      (await api.request('GET', `/v1/agents/${agent}/runs`)).json.data.length;
    const before = await runs();
    now = limit;
    expect(await ask()).toEqual([200, 200, 200, 200]);
    now = limit + 1;
    expect(await ask()).toEqual([503, 200, 200, 200]);
    const refused = await api.request('POST', `/v1/agents/${agent}/run`, { body: {} });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.json.error).toContain('send it again');
    const neo = await api.request('POST', `/public-api/agents/${agent}/run-now`, { body: {} });
    expect([neo.status, neo.json.error.code]).toEqual([503, 'unavailable']);
    // No token is looked up for what is refused.
    const nobody = await api.request('POST', `/v1/agents/${agent}/run`, { token: null, body: {} });
    expect(nobody.status).toBe(503);
    now = loadLimits.readsAt * limit + 1;
    expect(await ask()).toEqual([503, 503, 200, 200]);
    now = 0;
    expect(await ask()).toEqual([200, 200, 200, 200]);
    expect(await runs()).toBe(before + 2);
  },
);

test('many writes that all take long refuse more of them until one is quick again', () => {
  let nowMs = 0;
  const told: number[] = [];
  const load = createLoadGate({ ...idle, now: () => nowMs, onRefused: (n) => told.push(n) });
  const begin = (count: number) =>
    Array.from({ length: count }, () => load.admit({ isWrite: true }));
  const end = (writes: readonly Disposable[]) => {
    for (const write of writes) write[Symbol.dispose]();
  };
  const few = begin(10);
  nowMs += 5_000;
  end(few);
  nowMs += 3_000;
  // Few that take long are what they are: nobody waits for the process.
  const many = begin(loadLimits.writesAtOnce + 10);
  nowMs += loadLimits.writeMs + 50;
  end(many.splice(0, 5));
  expect(() => begin(1)).toThrow('send it again');
  load.admit({ isWrite: false });
  // A look without an answer tells nothing new.
  nowMs += 1_000;
  expect(() => begin(1)).toThrow('send it again');
  end(many.splice(0, many.length - loadLimits.writesAtOnce + 1));
  const quick = begin(1);
  nowMs += 60;
  end(quick);
  nowMs += 60;
  begin(5);
  expect(told).toEqual([1]);
});

test('of more writes than are answered in time one goes in as one comes out, and a short burst goes in whole', () => {
  let nowMs = 0;
  const load = createLoadGate({ ...idle, now: () => nowMs });
  const underWay: Disposable[] = [];
  const offer = (count: number) => {
    for (let n = 0; n < count; n++) {
      try {
        underWay.push(load.admit({ isWrite: true }));
      } catch {}
    }
  };
  const answer = (count: number) => {
    for (const write of underWay.splice(0, count)) write[Symbol.dispose]();
  };
  // A thousand answers a second, and four times as many requests.
  offer(500);
  expect(underWay.length).toBe(500);
  const waiting: number[] = [];
  for (let ms = 0; ms < 10_000; ms += 10) {
    nowMs += 10;
    answer(10);
    offer(40);
    if (ms > 3_000) waiting.push(underWay.length);
  }
  expect(Math.max(...waiting)).toBeLessThanOrEqual(1.2 * writeLimits.waitMs);
  expect(Math.min(...waiting)).toBeGreaterThan(writeLimits.atOnce);
  // Callers who take their time are no crowd while others are answered at once.
  answer(underWay.length);
  nowMs += 10_000;
  offer(4 * writeLimits.atOnce);
  for (let ms = 0; ms < 5_000; ms += 10) {
    nowMs += 10;
    const prompt = load.admit({ isWrite: true });
    nowMs += 1;
    prompt[Symbol.dispose]();
  }
});

test('many that wait for a model, a tool or another server are no load, however long they take', async () => {
  let nowMs = 0;
  const load = createLoadGate({ ...idle, now: () => nowMs });
  const waiting = Array.from({ length: 2 * loadLimits.writesAtOnce }, () =>
    load.admit({ isWrite: true, waitsForOthers: true }),
  );
  nowMs += 20 * loadLimits.writeMs;
  for (const one of waiting.splice(0, loadLimits.writesAtOnce)) one[Symbol.dispose]();
  nowMs += 60;
  expect(() => load.admit({ isWrite: true })).not.toThrow();

  const asked: (boolean | undefined)[] = [];
  const noted = {
    refuses: () => false,
    admit: ({ waitsForOthers }: Parameters<typeof load.admit>[0]) => {
      asked.push(waitsForOthers);
      return { [Symbol.dispose]: () => undefined };
    },
  };
  await using api = await createTestApi({ load: noted });
  await api.request('POST', '/v1/chat/completions', { body: {} });
  await api.request('POST', '/v1/agents', { body: {} });
  expect(asked).toEqual([true, false]);
});

test('a loop that stays late is known, and one stall is not taken for it', async () => {
  using delay = new LoopDelay();
  const block = (ms: number) => {
    const until = performance.now() + ms;
    while (performance.now() < until);
  };
  await sleep(60);
  let most = 0;
  for (let n = 0; n < 6; n++) {
    block(400);
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, delay.ms);
  }
  expect(most).toBeGreaterThan(250);
  await expect.poll(() => delay.ms, { timeout: 20_000 }).toBeLessThan(250);
});

test('what is refused before anything is made of it reads as what is refused later, in each dialect', async () => {
  let now = loadLimits.loopDelayMs + 1;
  const load = createLoadGate({ ...idle, loopDelayMs: () => now });
  await using api = await createTestApi({ load });
  await using served = await serveApi({ deps: api.deps, host: '127.0.0.1', port: 0 });
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(served.url + path, { method: 'POST', body: '{}', ...init });
  const shown = async (
    answer: { readonly status: number; readonly headers: Headers },
    text: string,
  ) => {
    const {
      date,
      connection,
      'keep-alive': _,
      'content-length': __,
      ...headers
    } = Object.fromEntries(answer.headers);
    const id = headers['x-request-id'] ?? 'none';
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    return {
      status: answer.status,
      ...headers,
      'x-request-id': 'id',
      text: text.replace(id, 'id'),
    };
  };
  for (const path of ['/v1/agents', '/public-api/skills', '/v1/chat/completions', '/hooks/any']) {
    const early = await ask(path);
    const later = await api.request('POST', path, { body: {} });
    expect(await shown(early, await early.text())).toEqual(await shown(later, later.text));
    expect(early.status).toBe(503);
    expect(early.headers.get('retry-after')).toBe('1');
  }
  // A page of another origin is told what it may read; a large body is not read, nor its connection kept.
  const page = await ask('/v1/agents', { headers: { origin: 'https://elsewhere.example' } });
  const large = await ask('/v1/agents', { body: 'x'.repeat(1_000_000) }).catch(() => null);
  expect([page.status, large?.status ?? 503]).toEqual([503, 503]);
  const reads = await Promise.all([fetch(`${served.url}/healthz`), fetch(`${served.url}/v1`)]);
  expect(reads.map(({ status }) => status)).toEqual([200, 401]);
  now = 0;
  expect((await ask('/v1/agents')).status).toBe(401);
});
