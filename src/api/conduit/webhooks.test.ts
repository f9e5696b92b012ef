import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const fields = { url: 'https://example.com/hooks', event_types: ['run.completed'] };

async function make(body: object = {}) {
  const made = await api.request('POST', '/v1/webhooks', { body: { ...fields, ...body } });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  return made.json.data;
}

describe('a webhook', () => {
  test('shows its secret once, and is listed, read, changed and deleted', async () => {
    const made = await make({ description: 'Books' });
    expect(made).toMatchObject({
      ...fields,
      id: expect.stringMatching(/^wh/),
      description: 'Books',
      agent_ids: null,
      enabled: true,
      disabled_reason: null,
      failing_since: null,
      former_secret_until: null,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    });
    const { secret, ...shown } = made;
    const path = `/v1/webhooks/${made.id}`;
    expect((await api.request('GET', path)).json.data).toEqual(shown);
    const list = await api.request('GET', '/v1/webhooks');
    expect(list.json.data).toContainEqual(shown);
    expect(list.text).not.toContain(secret);
    const patched = await api.request('PATCH', path, {
      body: { event_types: ['run.*', 'run.*'], enabled: false },
    });
    expect(patched.json.data).toMatchObject({
      event_types: ['run.*'],
      enabled: false,
      url: fields.url,
    });
    const gone = await api.request('DELETE', path);
    expect(gone.json.data).toEqual({ id: made.id, deleted: true });
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      expect((await api.request(method, path, method === 'PATCH' ? { body: {} } : {})).status).toBe(
        404,
      );
    }
  });

  test('is made once for an Idempotency-Key, with its secret kept for the repeat', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await api.request('POST', '/v1/webhooks', { body: fields, headers });
    const again = await api.request('POST', '/v1/webhooks', { body: fields, headers });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.json).toEqual(first.json);
    const rows = await api.deps.db.query<{ response: string }>(
      `SELECT response FROM idempotency_keys WHERE key = 'once'`,
    );
    expect(rows[0]?.response).not.toContain(first.json.data.secret);
  });

  test('is for agents of its workspace, by id or number', async () => {
    const agent = async (workspace_id: string, token: string) => {
      const body = { workspace_id, name: 'A', description: 'd', instructions: 'i' };
      return (await api.request('POST', '/v1/agents', { token, body })).json.data.id;
    };
    const own = await agent(api.workspace.id, api.tokens.write);
    const foreign = await agent(api.otherWorkspace.id, api.tokens.other);
    expect((await make({ agent_ids: [own] })).agent_ids).toEqual([own]);
    const refused = await api.request('POST', '/v1/webhooks', {
      body: { ...fields, agent_ids: [own, foreign] },
    });
    expect([refused.status, refused.json.error]).toEqual([
      400,
      expect.stringContaining('agent_ids[1] is no agent of this workspace'),
    ]);
  });

  test.each([
    [{ url: 'ftp://example.com' }, /url must be a URL/],
    [{ url: 'https://user:pw@example.com' }, /credentials/],
    [{ url: 'https://example.com/#a' }, /fragment/],
    [{ url: 'https://example.com:22/' }, /port 80, 443 or one above 1023/],
    [{ url: 'http://93.184.215.14/' }, /https/],
    [{ url: 'https://10.0.0.1/' }, /10\.0\.0\.1.*SIGNALBOX_WEBHOOK_PRIVATE_NETWORKS/],
    [{ url: 'https://2130706434/' }, /127\.0\.0\.2/],
    [{ url: 'https://[::ffff:a00:1]/' }, /not a public address/],
    [{ url: 'https://localhost/' }, /name this machine/],
    [{ url: 'https://metadata.google.internal/' }, /name this machine/],
    [{ url: undefined }, /url is required/],
    [{ event_types: [] }, /event_types must not be empty/],
    [
      { event_types: ['run.exploded'] },
      /event_types\[0\] must be one of .*"run\.completed".*"run\.\*"/,
    ],
    [{ event_types: ['webhook.test'] }, /event_types\[0\]/],
    [{ enabled: 'yes' }, /enabled must be a boolean/],
    [{ agent_ids: [] }, /agent_ids must not be empty/],
  ])('is refused with %j', async (change, message) => {
    const answer = await api.request('POST', '/v1/webhooks', { body: { ...fields, ...change } });
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringMatching(message)]);
  });
});

describe('deliveries', () => {
  test('are listed, read with what is sent, and sent again', async () => {
    const webhook = await make();
    const path = `/v1/webhooks/${webhook.id}`;
    const sent = await api.request('POST', `${path}/test`);
    expect([sent.status, sent.json.data.message_id]).toEqual([202, expect.stringMatching(/^wm/)]);
    await api.request('POST', `${path}/test`);
    const page = await api.request('GET', `${path}/deliveries?limit=1&status=pending`);
    expect(page.json).toMatchObject({ has_more: true, data: [{ event_type: 'webhook.test' }] });
    const { next_cursor } = page.json;
    const rest = await api.request(
      'GET',
      `${path}/deliveries?limit=1&status=pending&cursor=${next_cursor}`,
    );
    const [delivery] = rest.json.data;
    expect(delivery).toEqual({
      id: expect.stringMatching(/^wd[0-9a-z]{30}$/),
      webhook_id: webhook.id,
      message_id: sent.json.data.message_id,
      event_type: 'webhook.test',
      status: 'pending',
      attempts: 0,
      next_attempt_at: expect.any(String),
      last_attempt: null,
      created_at: expect.any(String),
      ended_at: null,
    });
    const detail = await api.request('GET', `${path}/deliveries/${delivery.id}`);
    expect(detail.json.data).toEqual({
      ...delivery,
      attempt_log: [],
      payload: {
        type: 'webhook.test',
        timestamp: expect.any(String),
        data: { webhook_id: webhook.id },
      },
    });
    const again = await api.request('POST', `${path}/deliveries/${delivery.id}/resend`);
    expect([again.status, again.json.data.message_id]).toEqual([202, delivery.message_id]);
    expect((await api.request('GET', `${path}/deliveries?status=delivered`)).json.data).toEqual([]);
    expect(
      (await api.request('GET', `${path}/deliveries?event_type=run.failed`)).json.data,
    ).toEqual([]);
  });

  test('are those of their webhook alone', async () => {
    const [one, other] = [await make(), await make()];
    await api.request('POST', `/v1/webhooks/${one.id}/test`);
    const list = await api.request('GET', `/v1/webhooks/${one.id}/deliveries`);
    const [{ id }] = list.json.data;
    for (const [method, tail] of [
      ['GET', ''],
      ['POST', '/resend'],
    ] as const) {
      const answer = await api.request(method, `/v1/webhooks/${other.id}/deliveries/${id}${tail}`);
      expect([answer.status, answer.json.error]).toEqual([
        404,
        `The webhook has no delivery ${id}.`,
      ]);
    }
    expect((await api.request('GET', `/v1/webhooks/${one.id}/deliveries?status=lost`)).status).toBe(
      400,
    );
  });

  test('of a webhook that is switched off are not sent by hand', async () => {
    const webhook = await make({ enabled: false });
    const test = await api.request('POST', `/v1/webhooks/${webhook.id}/test`);
    expect([test.status, test.json.error]).toEqual([
      409,
      'The webhook is switched off. Enable it first.',
    ]);
  });
});

test('a rotated secret is shown once, and says how long the former one signs', async () => {
  const webhook = await make();
  const path = `/v1/webhooks/${webhook.id}`;
  const rotated = await api.request('POST', `${path}/rotate-secret`, {
    body: { overlap_hours: 0.5 },
  });
  expect(rotated.json.data.secret).toMatch(/^whsec_/);
  expect(rotated.json.data.secret).not.toBe(webhook.secret);
  expect(rotated.json.data.former_secret_until).toEqual(expect.any(String));
  const ended = await api.request('POST', `${path}/rotate-secret`, { body: { overlap_hours: 0 } });
  expect(ended.json.data.former_secret_until).toBeNull();
  expect((await api.request('GET', path)).text).not.toContain('whsec_');
});
