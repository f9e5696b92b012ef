import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { makeHook as makeHookIn, postHook } from '../../test/support/hooks.ts';
import { createHookGate } from './hook-gate.ts';

// Webhooks in, over HTTP: the way of a request from the URL to the trigger event.

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi({ hookResultWithinMs: 200 });
});
afterAll(() => api[Symbol.asyncDispose]());

const makeHook = (config?: object, agent?: object) => makeHookIn(api, config, agent);
const post = (url: string, body: string, headers?: Readonly<Record<string, string>>) =>
  postHook(api, url, body, headers);

async function eventOf(id: string): Promise<{ payload: string; source: string; runs: number }> {
  const [row] = await api.deps.db.query<{ payload: string; source: string; runs: number }>({
    text: `SELECT payload, source,
        (SELECT count(*) FROM runs r WHERE r.trigger_event_id = e.id) AS runs
      FROM trigger_events e WHERE id = $1`,
    values: [id],
  });
  if (row === undefined) throw new Error(`There is no event ${id}`);
  return row;
}

async function countEvents(trigger: string): Promise<number> {
  const rows = await api.deps.db.query<{ n: number }>({
    text: 'SELECT count(*) AS n FROM trigger_events WHERE trigger_id = $1',
    values: [trigger],
  });
  return rows[0]?.n ?? 0;
}

describe('a webhook', () => {
  test('is committed with its run before it is acknowledged', async () => {
    const hook = await makeHook();
    const answer = await post(hook.url, '{ "id": 12345678901234567890 }');
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      trigger_event_id: expect.stringMatching(/^te/),
      repeated: false,
      runs: [
        { id: expect.stringMatching(/^ar/), run_id: expect.any(String), agent_id: hook.agent },
      ],
    });
    expect(await eventOf(answer.json.trigger_event_id)).toEqual({
      payload: '{ "id": 12345678901234567890 }',
      source: 'webhook',
      runs: 1,
    });
    const run = await api.request('GET', `/v1/agents/${hook.agent}/runs/${answer.json.runs[0].id}`);
    expect(run.json.data).toMatchObject({ trigger_id: hook.trigger });
  });

  test('at an unknown, malformed or deleted URL is 404, all alike', async () => {
    const gone = await makeHook();
    await api.request('DELETE', `/v1/agents/${gone.agent}`);
    const bodies = new Set<string>();
    for (const url of [`/hooks/${'0'.repeat(32)}`, '/hooks/x', '/hooks/%F0%9F%92%A5x', gone.url]) {
      const answer = await post(url, '{}');
      expect([url, answer.status]).toEqual([url, 404]);
      if (!url.includes('%')) bodies.add(answer.text);
    }
    expect([...bodies]).toEqual(['{"error":"There is no webhook at this URL."}']);
  });

  test('of another method is 405', async () => {
    const { url } = await makeHook();
    const answer = await api.request('GET', url, { token: null });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('with a body that is too large or broken is refused, and fires nothing', async () => {
    const hook = await makeHook();
    const large = await post(hook.url, `"${'x'.repeat(1_048_576)}"`);
    expect(large.status).toBe(413);
    const broken = await post(hook.url, '{"a": ');
    expect([broken.status, broken.json.error]).toEqual([
      400,
      expect.stringMatching(/not valid JSON.*line 1, column 7.*application\/json/),
    ]);
    expect(await countEvents(hook.trigger)).toBe(0);
  });

  test('for an agent that is disabled is kept, and starts no run', async () => {
    const hook = await makeHook({}, { enabled: false });
    const answer = await post(hook.url, '{}');
    expect([answer.status, answer.json.runs]).toEqual([202, []]);
    expect(await eventOf(answer.json.trigger_event_id)).toMatchObject({ runs: 0 });
  });
});

describe('verification', () => {
  const secret = 'the secret of the hook';
  const sign = (body: string, by = secret) => createHmac('sha256', by).update(body).digest('hex');

  test('is on the raw bytes: a form that means the same is refused', async () => {
    const { url, trigger } = await makeHook({ verify: 'hmac', secret });
    const signed = '{"a":1}';
    const good = await post(url, signed, { 'x-signature': sign(signed) });
    expect(good.status).toBe(202);
    const bad = await post(url, '{"a": 1}', { 'x-signature': sign(signed) });
    expect([bad.status, bad.json.error]).toEqual([401, expect.stringMatching(/X-Signature/)]);
    expect((await post(url, signed)).status).toBe(401);
    expect(await countEvents(trigger)).toBe(1);
  });

  test('comes before the body is read as anything', async () => {
    const { url } = await makeHook({ verify: 'hmac', secret });
    expect((await post(url, '{"a": ')).status).toBe(401);
  });

  test('shows no secret in any answer', async () => {
    const { url } = await makeHook({ verify: 'token', secret });
    const answer = await post(url, '{}', { authorization: 'Bearer wrong' });
    expect(answer.status).toBe(401);
    expect(answer.text).not.toContain(secret);
  });

  test.each([
    [{ verify: 'none', header: 'X-A' }, 'config.header'],
    [{ verify: 'github', secret: 'long enough', prefix: 'sha256=' }, 'config.prefix'],
    [{ verify: 'token', secret: 'long enough', algorithm: 'sha1' }, 'config.algorithm'],
    [{ verify: 'standard_webhooks', secret: 'not base64!' }, 'config.secret'],
    [{ verify: 'hmac', secret: 'long enough', encoding: 'base32' }, 'config.encoding'],
    [{ verify: 'hmac', secret: 'long enough', header: 'no header' }, 'config.header'],
  ])('that cannot be is refused on write: %j', async (config, field) => {
    const answer = await api.request('POST', '/v1/agents', {
      body: {
        workspace_id: api.workspace.id,
        name: 'A',
        description: 'd',
        instructions: 'i',
        triggers: [{ name: 'Hook', type: 'webhook', config }],
      },
    });
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringContaining(field)]);
  });
});

describe('de-duplication', () => {
  test('answers repeats by the first one’s ids, and fires nothing more', async () => {
    const hook = await makeHook({ dedupe: { header: 'X-Delivery' } });
    const first = await post(hook.url, '{"n":1}', { 'x-delivery': 'd1' });
    const again = await post(hook.url, '{"n":1}', { 'x-delivery': 'd1' });
    expect([first.status, again.status]).toEqual([202, 200]);
    expect(again.json).toEqual({ ...first.json, repeated: true });
    expect((await post(hook.url, '{"n":1}', { 'x-delivery': 'd2' })).status).toBe(202);
    expect(await countEvents(hook.trigger)).toBe(2);
  });

  test('holds when repeats come at once', async () => {
    const hook = await makeHook({ dedupe: { pointer: '/event/id' } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(hook.url, '{"event":{"id":7}}')),
    );
    expect(answers.map(({ status }) => status).filter((status) => status === 202)).toHaveLength(1);
    expect(new Set(answers.map(({ json }) => json.trigger_event_id)).size).toBe(1);
    expect(await countEvents(hook.trigger)).toBe(1);
  });

  test('takes values of any length and form, one trigger apart from another', async () => {
    const long = 'x'.repeat(10_000);
    for (const value of [long, 'a b', 'é', 'sha256:x']) {
      const one = await makeHook({ dedupe: { pointer: '/id' } });
      const other = await makeHook({ dedupe: { pointer: '/id' } });
      const body = JSON.stringify({ id: value });
      expect((await post(one.url, body)).status).toBe(202);
      expect((await post(one.url, body)).status).toBe(200);
      expect((await post(other.url, body)).status).toBe(202);
      expect((await post(one.url, JSON.stringify({ id: `${value}y` }))).status).toBe(202);
    }
  });

  test('takes a request without the value for a new one', async () => {
    const hook = await makeHook({ dedupe: { pointer: '/id' } });
    for (const body of ['{}', '{"id":null}', '{"id":{}}', '{"id":""}', '']) {
      expect((await post(hook.url, body)).status).toBe(202);
    }
    expect(await countEvents(hook.trigger)).toBe(5);
  });
});

describe('greetings', () => {
  test('of Slack are answered by their challenge, once signed, and fire nothing', async () => {
    const secret = 'signing secret';
    const hook = await makeHook({ verify: 'slack', secret });
    const signed = (body: string) => {
      const time = String(Math.floor(Date.now() / 1_000));
      const mac = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex');
      return post(hook.url, body, {
        'x-slack-request-timestamp': time,
        'x-slack-signature': `v0=${mac}`,
      });
    };
    const body = '{"type":"url_verification","challenge":"3eZbrw1aB","token":"t"}';
    const greeting = await signed(body);
    expect([greeting.status, greeting.json]).toEqual([200, { challenge: '3eZbrw1aB' }]);
    expect((await post(hook.url, body)).status).toBe(401);
    expect(await countEvents(hook.trigger)).toBe(0);
    // Slack takes 200 alone for an answer.
    expect((await signed('{"type":"event_callback"}')).status).toBe(200);
  });

  test('of GitHub are answered, and fire nothing', async () => {
    const secret = 'a long secret';
    const hook = await makeHook({ verify: 'github', secret });
    const body = '{"zen":"Design for failure."}';
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = { 'x-hub-signature-256': `sha256=${signature}` };
    const ping = await post(hook.url, body, { ...headers, 'x-github-event': 'ping' });
    expect([ping.status, ping.json]).toEqual([200, { message: 'pong' }]);
    expect(await countEvents(hook.trigger)).toBe(0);
    const push = await post(hook.url, body, { ...headers, 'x-github-event': 'push' });
    expect(push.status).toBe(202);
  });
});

describe('respond: result', () => {
  const end = async (id: string) => {
    await api.deps.db.execute({
      text: `UPDATE runs SET status = 'completed', owner = NULL, wake_at = NULL, disposition = 'resolved',
        response = 'Done.', output = '{"n": 1.0}', stop_reason = 'completed', completed_at = clock_timestamp()
        WHERE id = $1`,
      values: [id],
    });
    api.deps.commits.emit(id);
  };

  test('answers with what the run decided', async () => {
    await using own = await createTestApi({
      engine: {
        ownerForNewRun: () => null,
        notCreated: () => undefined,
        stop: () => undefined,
        wake: () => undefined,
      },
    });
    const made = await own.request('POST', '/v1/agents', {
      body: {
        workspace_id: own.workspace.id,
        name: 'A',
        description: 'd',
        instructions: 'i',
        triggers: [{ name: 'Hook', type: 'webhook', config: { respond: 'result' } }],
      },
    });
    const { url } = made.json.data.triggers[0].config;
    const answering = own.request('POST', url, { token: null, body: '{}' });
    const id = await firstRunOf(own);
    await own.deps.db.execute({
      text: `UPDATE runs SET status = 'completed', wake_at = NULL, disposition = 'resolved', response = 'Done.',
        output = '{"n": 1.0}', stop_reason = 'completed', completed_at = clock_timestamp() WHERE id = $1`,
      values: [id],
    });
    own.deps.commits.emit(id);
    const answer = await answering;
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"output":{"n": 1.0}');
    expect(answer.json).toMatchObject({
      runs: [{ id }],
      result: { status: 'completed', disposition: 'resolved', response: 'Done.', error: null },
    });
  });

  test('answers as accepted when the run takes too long; a repeat gets the result', async () => {
    const hook = await makeHook({ respond: 'result', dedupe: { pointer: '/id' } });
    const first = await post(hook.url, '{"id":1}');
    expect([first.status, first.json.result]).toEqual([202, undefined]);
    await end(first.json.runs[0].id);
    const again = await post(hook.url, '{"id":1}');
    expect([again.status, again.json.repeated, again.json.result.response]).toEqual([
      200,
      true,
      'Done.',
    ]);
  });

  test('does not wait when too many do', async () => {
    await using full = await createTestApi({ hookGate: createHookGate({ waiting: 0 }) });
    const made = await full.request('POST', '/v1/agents', {
      body: {
        workspace_id: full.workspace.id,
        name: 'A',
        description: 'd',
        instructions: 'i',
        triggers: [{ name: 'Hook', type: 'webhook', config: { respond: 'result' } }],
      },
    });
    const { url } = made.json.data.triggers[0].config;
    const answer = await full.request('POST', url, { token: null, body: '{}' });
    expect(answer.status).toBe(202);
  });
});

async function firstRunOf(own: TestApi): Promise<string> {
  for (;;) {
    const [run] = await own.deps.db.query<{ id: string }>('SELECT id FROM runs');
    if (run !== undefined) return run.id;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
