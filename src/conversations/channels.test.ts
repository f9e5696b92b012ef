import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { createChannelBy } from '../../test/support/channels.ts';
import { eventually } from '../../test/support/engine-process.ts';
import { loopbackWay } from '../../test/support/outgoing.ts';
import { startReceiver } from '../../test/support/webhook-receiver.ts';
import { listChannelsFor } from '../store/channels.ts';
import { ensureChatChannel } from './channels.ts';
import { MessageDeliverer } from './message-deliverer.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const create = (body: object) => createChannelBy(api, body);
const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  api.request('POST', url, { token: null, body, headers });
const messagesOf = async (id: string) =>
  (await api.request('GET', `/v1/conversations/${id}/messages?order=asc`)).json.data;

function signed(secret: string, id: string, body: string): Record<string, string> {
  const at = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

describe('a webhook channel', () => {
  test('takes in what is signed, once, follows edits, and sends what is answered, signed', async () => {
    await using receiver = await startReceiver();
    const channel = await create({
      type: 'webhook',
      name: 'Bridge',
      config: { url: receiver.url },
    });
    expect(channel.secret).toMatch(/^whsec_/);
    const body = JSON.stringify({ id: 'm1', from: { id: 'ada', name: 'Ada B' }, body: 'Hello' });
    expect((await post(channel.inbound_url, body)).status).toBe(401);
    const first = await post(channel.inbound_url, body, signed(channel.secret, 'a', body));
    expect(first.json.messages).toMatchObject([{ repeated: false }]);
    const again = await post(channel.inbound_url, body, signed(channel.secret, 'b', body));
    expect(again.json.messages).toMatchObject([{ id: first.json.messages[0].id, repeated: true }]);
    const edit = JSON.stringify({ type: 'edit', id: 'm1', body: 'Hello, you' });
    await post(channel.inbound_url, edit, signed(channel.secret, 'c', edit));
    const { conversation_id: id } = first.json.messages[0];
    const sent = await api.request('POST', `/v1/conversations/${id}/messages`, {
      body: { body: 'Hi, Ada.' },
    });
    expect(sent.json.data).toMatchObject({ status: 'queued', ticket_id: null });
    await using deliverer = new MessageDeliverer(loopbackWay(api.deps));
    deliverer.start();
    await eventually(async () => (await messagesOf(id))[1]?.status === 'sent');
    const [told] = receiver.received;
    expect(new Webhook(channel.secret).verify(told?.body ?? '', told?.headers ?? {})).toMatchObject(
      {
        type: 'message',
        data: { id: sent.json.data.id, to: 'ada', body: 'Hi, Ada.' },
      },
    );
    expect(await messagesOf(id)).toMatchObject([
      { direction: 'inbound', body: 'Hello, you', edited_at: expect.any(String) },
      { direction: 'outbound', attempts: 1 },
    ]);
  });

  test('takes a template for WhatsApp to its bridge, and refuses one elsewhere, or nothing to say', async () => {
    await using receiver = await startReceiver();
    const heard = async (channel: string) => {
      const made = await create({
        ...{ type: 'webhook', name: `By ${channel}`, channel },
        config: { url: receiver.url },
      });
      const taken = await api.request('POST', `/v1/channels/${made.id}/messages`, {
        body: { from: { id: '+49170' }, body: 'Hello' },
      });
      const { conversation_id: id } = taken.json.data;
      const { json } = await api.request('GET', `/v1/conversations/${id}`);
      return { id, contact: json.data.contact.id, node: json.data.channel_node_id };
    };
    const whatsapp = await heard('whatsapp');
    const sms = await heard('sms');
    const write = (to: typeof sms, body: object) =>
      api.request('POST', `/v1/contacts/${to.contact}/messages`, {
        body: { channel_node_id: to.node, ...body },
      });
    const whatsapp_template = { content_sid: 'HX12', variables: { 1: 'Ada' } };
    for (const [answer, field] of [
      [await write(sms, { whatsapp_template }), 'whatsapp_template'],
      [await write(whatsapp, {}), 'body'],
      [await write(whatsapp, { whatsapp_template: { content_sid: '' } }), 'content_sid'],
      [
        await write(whatsapp, { whatsapp_template: { content_sid: 'HX', variables: { 1: 2 } } }),
        'variables',
      ],
    ] as const) {
      expect([answer.status, answer.json.error]).toEqual([400, expect.stringContaining(field)]);
    }
    const sent = await write(whatsapp, { whatsapp_template });
    expect(sent.status).toBe(201);
    await using deliverer = new MessageDeliverer(loopbackWay(api.deps));
    deliverer.start();
    await eventually(async () => (await messagesOf(whatsapp.id))[1]?.status === 'sent');
    const [told] = receiver.received;
    expect(JSON.parse(told?.body ?? '').data).toMatchObject({
      body: '[template HX12]',
      whatsapp_template,
    });
    expect((await messagesOf(whatsapp.id))[1]).toMatchObject({ whatsapp_template });
  });

  test('keeps what its receiver refuses, with the reason and the time of the next attempt', async () => {
    await using receiver = await startReceiver();
    receiver.respond = () => 503;
    const channel = await create({ type: 'webhook', name: 'Away', config: { url: receiver.url } });
    const taken = await api.request('POST', `/v1/channels/${channel.id}/messages`, {
      body: { from: { id: 'bob' }, body: 'Hello' },
    });
    const { conversation_id: id } = taken.json.data;
    await api.request('POST', `/v1/conversations/${id}/messages`, { body: { body: 'Hi.' } });
    await using deliverer = new MessageDeliverer(loopbackWay(api.deps));
    deliverer.start();
    await eventually(async () => (await messagesOf(id))[1]?.attempts === 1);
    expect((await messagesOf(id))[1]).toMatchObject({
      status: 'queued',
      error: 'The receiver answered 503.',
      next_attempt_at: expect.any(String),
    });
    await api.request('DELETE', `/v1/channels/${channel.id}`);
    expect((await messagesOf(id))[1]).toMatchObject({ status: 'failed' });
  });
});

describe('a Slack channel', () => {
  const secrets = { signing_secret: 'slack-signing-secret', bot_token: 'xoxb-123456' };
  const slackHeaders = (body: string) => {
    const at = String(Math.floor(Date.now() / 1_000));
    const mac = createHmac('sha256', secrets.signing_secret).update(`v0:${at}:${body}`);
    return { 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${mac.digest('hex')}` };
  };

  test('answers the challenge, and takes in what people write, not what bots do', async () => {
    expect(
      (await api.request('POST', '/v1/channels', { body: { type: 'slack', name: 'S' } })).json
        .error,
    ).toMatch(/secrets.signing_secret/);
    const { inbound_url: url } = await create({ type: 'slack', name: 'Slack', secrets });
    const send = (body: object) => {
      const text = JSON.stringify(body);
      return post(url, text, slackHeaders(text));
    };
    const hello = { type: 'url_verification', challenge: 'c1' };
    expect((await post(url, JSON.stringify(hello))).status).toBe(401);
    expect((await send(hello)).json).toEqual({ challenge: 'c1' });
    const event = { type: 'message', channel: 'C1', user: 'U1', ts: '1.1', text: 'Hello' };
    const first = await send({ type: 'event_callback', team_id: 'T1', event });
    expect(first.json.messages.length).toBe(1);
    const bot = await send({ type: 'event_callback', event: { ...event, ts: '1.2', bot_id: 'B' } });
    expect(bot.json.messages).toEqual([]);
    const inThread = { ...event, ts: '1.3', thread_ts: '1.1', text: 'More' };
    const second = await send({ type: 'event_callback', team_id: 'T1', event: inThread });
    expect(second.json.messages[0].conversation_id).toBe(first.json.messages[0].conversation_id);
  });
});

describe('an e-mail channel', () => {
  test('finds threads by what messages refer to, for the same writer, from every form of service', async () => {
    const config = { from: 'support@example.com', verify: 'password' };
    const secrets = { inbound_password: 'inbound password' };
    const { inbound_url: url } = await create({ type: 'email', name: 'Mail', config, secrets });
    const basic = `Basic ${Buffer.from('any:inbound password').toString('base64')}`;
    const send = (body: string, type: string) =>
      post(url, body, { authorization: basic, 'Content-Type': type });
    const postmark = {
      From: 'ada@example.com',
      FromName: 'Ada',
      Subject: 'Order',
      TextBody: 'Where is it?',
      Headers: [{ Name: 'Message-ID', Value: '<1@example.com>' }],
    };
    expect((await post(url, JSON.stringify(postmark))).status).toBe(401);
    const first = await send(JSON.stringify(postmark), 'application/json');
    const { conversation_id: id } = first.json.messages[0];
    const raw = [
      'From: Ada <ADA@example.com>',
      'Message-ID: <2@example.com>',
      'References: <1@example.com>',
      'Subject: Re: Order',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>It is <b>number 17</b>.</p>',
    ].join('\r\n');
    const second = await send(raw, 'message/rfc822');
    expect(second.json.messages[0].conversation_id).toBe(id);
    expect((await messagesOf(id))[1].body).toBe('It is number 17.');
    const form = new URLSearchParams({
      sender: 'eve@example.com',
      'body-plain': 'Tell me, too.',
      'Message-Id': '<3@example.com>',
      'In-Reply-To': '<1@example.com>',
    });
    const third = await send(form.toString(), 'application/x-www-form-urlencoded');
    expect(third.json.messages[0].conversation_id).not.toBe(id);
    expect((await send('{"from": "nobody"}', 'application/json')).status).toBe(400);
  });

  test('keeps the files of messages within limits, from every form of service, until the thread is erased', async () => {
    const config = { from: 'files@example.com' };
    const { inbound_url: url } = await create({ type: 'email', name: 'Files', config });
    const text = Buffer.from('a,b\n1,2\n');
    const large = { Name: 'big.txt', ContentType: 'text/plain', Content: 'YWFh'.repeat(3_600_000) };
    const postmark = {
      From: 'ada@example.com',
      Headers: [{ Name: 'Message-ID', Value: '<f1@example.com>' }],
      Attachments: [
        { Name: '../Ü "1".csv', ContentType: 'text/csv', Content: text.toString('base64') },
        { Name: 'run.exe', ContentType: 'application/x-msdownload', Content: 'AAAA' },
        large,
      ],
    };
    const first = await post(url, JSON.stringify(postmark));
    expect([first.status, first.text]).toEqual([200, expect.any(String)]);
    const { conversation_id: id } = first.json.messages[0];
    const [message] = await messagesOf(id);
    expect(message.attachments).toMatchObject([
      { name: 'Ü 1.csv', media_type: 'text/csv', size_bytes: 8, kept: true },
      { kept: false, not_kept_reason: 'files of this type are not kept', url: null },
      { kept: false, not_kept_reason: expect.stringMatching(/larger than 10485760/) },
    ]);
    const seen = (await api.request('GET', `/v1/conversations/${id}`)).json.data;
    expect(seen.last_message_preview).toBe('Ü 1.csv, run.exe, big.txt');
    const file = await api.request('GET', message.attachments[0].url);
    expect(file.text).toBe('a,b\n1,2\n');
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    const [, lost] = message.attachments;
    const path = `/v1/conversations/${id}/attachments/${lost.id}`;
    expect((await api.request('GET', path)).json.error).toMatch(/not kept: files of this type/);
    const form = new FormData();
    form.set('from', 'ada@example.com');
    form.set('In-Reply-To', '<f1@example.com>');
    form.set('attachment-1', new File(['%PDF-'], 'bill.pdf'));
    const asForm = new Response(form);
    await post(url, await asForm.text(), {
      'Content-Type': asForm.headers.get('content-type') ?? '',
    });
    const raw = [
      'From: ada@example.com',
      'In-Reply-To: <f1@example.com>',
      'Content-Type: multipart/mixed; boundary=b',
      ...['', '--b', '', 'See there.', '--b', 'Content-Type: image/png; name="x.png"'],
      ...['Content-Transfer-Encoding: base64', '', 'iVBORw0KGgo=', '--b--', ''],
    ].join('\r\n');
    await post(url, raw, { 'Content-Type': 'message/rfc822' });
    const all = await messagesOf(id);
    expect(all.slice(1)).toMatchObject([
      { body: '', attachments: [{ name: 'bill.pdf', media_type: 'application/pdf', kept: true }] },
      { body: 'See there.', attachments: [{ name: 'x.png', size_bytes: 8, kept: true }] },
    ]);
    const other = { token: api.tokens.other };
    expect((await api.request('GET', message.attachments[0].url, other)).status).toBe(404);
    await api.deps.db.query({ text: 'DELETE FROM conversations WHERE id = $1', values: [id] });
    expect(await api.deps.db.query('SELECT id FROM attachments')).toEqual([]);
  });
});

test('the chat of a workspace is made once', async () => {
  const { deps, workspace } = api;
  const all = await Promise.all([1, 2, 3].map(() => ensureChatChannel(deps, workspace.id)));
  const first = await ensureChatChannel(deps, workspace.id);
  expect(first).toMatchObject({ type: 'chat', channel: 'chat' });
  expect(all).toEqual([first, first, first]);
  expect(await listChannelsFor(deps.db, workspace.id, 'chat')).toEqual([first]);
});
