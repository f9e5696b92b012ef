import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { type MadeHook, makeHook as makeHookIn, postHook } from '../../../test/support/hooks.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const makeHook = (config?: object, agent?: object) => makeHookIn(api, config, agent);
const post = (url: string, body: string, headers?: Readonly<Record<string, string>>) =>
  postHook(api, url, body, headers);

describe('rotation', () => {
  const rotate = (hook: MadeHook, what: 'secret' | 'url', body: object = {}, token?: string) =>
    api.request('POST', `/v1/agents/${hook.agent}/triggers/${hook.trigger}/rotate-${what}`, {
      body,
      ...(token === undefined ? {} : { token }),
    });
  const send = (url: string, token: string) =>
    post(url, '{}', { authorization: `Bearer ${token}` });

  test('of the secret keeps the former one good during the overlap, and no longer', async () => {
    const hook = await makeHook({ verify: 'token', secret: 'the first secret' });
    const second = await rotate(hook, 'secret');
    expect(second.status).toBe(200);
    expect(second.json.data.secret).toMatch(/^[\w-]{43}$/);
    const third = await rotate(hook, 'secret', { secret: 'the third secret', overlap_hours: 1 });
    expect(third.json.data.secret).toBe('the third secret');
    for (const token of ['the first secret', second.json.data.secret, 'the third secret']) {
      expect([token, (await send(hook.url, token)).status]).toEqual([token, 202]);
    }
    await api.deps.db.execute(
      `UPDATE former_hook_secrets SET valid_until = clock_timestamp() WHERE trigger_id = '${hook.trigger}'`,
    );
    expect((await send(hook.url, 'the first secret')).status).toBe(401);
    expect((await send(hook.url, second.json.data.secret)).status).toBe(401);
    expect((await send(hook.url, 'the third secret')).status).toBe(202);
  });

  test('without overlap ends every former secret, as setting one does', async () => {
    const hook = await makeHook({ verify: 'token', secret: 'the first secret' });
    await rotate(hook, 'secret', { secret: 'the second secret' });
    await rotate(hook, 'secret', { secret: 'the third secret', overlap_hours: 0 });
    expect((await send(hook.url, 'the first secret')).status).toBe(401);
    expect((await send(hook.url, 'the second secret')).status).toBe(401);
    await rotate(hook, 'secret', { secret: 'the fourth secret' });
    const triggers = [
      { id: hook.trigger, config: { verify: 'token', secret: 'the fifth secret' } },
    ];
    await api.request('PATCH', `/v1/agents/${hook.agent}`, { body: { triggers } });
    expect((await send(hook.url, 'the third secret')).status).toBe(401);
    expect((await send(hook.url, 'the fourth secret')).status).toBe(401);
    expect((await send(hook.url, 'the fifth secret')).status).toBe(202);
  });

  test('of the URL keeps the former one good during the overlap', async () => {
    const hook = await makeHook();
    const rotated = await rotate(hook, 'url', { overlap_hours: 2 });
    const next: string = rotated.json.data.config.url;
    expect(next).toMatch(/^\/hooks\/[0-9a-z]{32}$/);
    expect(next).not.toBe(hook.url);
    const agent = await api.request('GET', `/v1/agents/${hook.agent}`);
    expect(agent.json.data.triggers[0].config.url).toBe(next);
    expect((await post(hook.url, '{}')).status).toBe(202);
    expect((await post(next, '{}')).status).toBe(202);
    const last = await rotate(hook, 'url', { overlap_hours: 0 });
    expect((await post(hook.url, '{}')).status).toBe(404);
    expect((await post(next, '{}')).status).toBe(404);
    expect((await post(last.json.data.config.url, '{}')).status).toBe(202);
  });

  test('makes secrets that the scheme can use, and asks for those that only the sender makes', async () => {
    const standard = await makeHook({
      verify: 'standard_webhooks',
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    });
    const { secret } = (await rotate(standard, 'secret')).json.data;
    const headers = (id: string) => ({
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, new Date(), '{}'),
    });
    expect((await post(standard.url, '{}', headers('m1'))).status).toBe(202);
    const slack = await makeHook({ verify: 'slack', secret: 'signing secret' });
    const refused = await rotate(slack, 'secret');
    expect([refused.status, refused.json.error]).toEqual([
      400,
      expect.stringMatching(/secret is required/),
    ]);
    const same = await rotate(slack, 'secret', { secret: 'signing secret' });
    expect([same.status, same.json.error]).toEqual([
      400,
      expect.stringMatching(/in force already/),
    ]);
  });

  test('is refused where there is nothing to rotate', async () => {
    const open = await makeHook();
    expect((await rotate(open, 'secret')).status).toBe(409);
    expect((await rotate({ ...open, trigger: `tr${'0'.repeat(30)}` }, 'url')).status).toBe(404);
    expect((await rotate(open, 'url', {}, api.tokens.other)).status).toBe(404);
    expect((await rotate(open, 'url', { overlap_hours: -1 })).status).toBe(400);
    expect((await rotate(open, 'url', { overlap_hours: 721 })).status).toBe(400);
    const cron = await makeHook(
      {},
      {
        triggers: [{ name: 'Daily', type: 'cron', config: { expression: '0 9 * * *' } }],
      },
    );
    expect((await rotate(cron, 'url')).status).toBe(409);
  });
});
