import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { makeCertificate } from '../../test/support/certificate.ts';
import { createChannelBy } from '../../test/support/channels.ts';
import { startFakeSlack } from '../../test/support/fake-slack.ts';
import { startMailServer } from '../../test/support/mail-server.ts';
import { loopbackWay } from '../../test/support/outgoing.ts';
import { MessageDeliverer } from './message-deliverer.ts';

// Messages that go out, to servers that speak SMTP and Slack's API.

let api: TestApi;
const certificate = makeCertificate(['mail.example.com']);
const login = { user: 'desk', password: 'a password of the desk' };
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const create = (body: object) => createChannelBy(api, body);
const comesIn = async (url: string, body: object, headers: Record<string, string> = {}) => {
  const answer = await api.request('POST', url, {
    token: null,
    body: JSON.stringify(body),
    headers,
  });
  return answer.json.messages[0].conversation_id as string;
};
const say = async (id: string, body: string) =>
  (await api.request('POST', `/v1/conversations/${id}/messages`, { body: { body } })).json.data.id;
const messageOf = async (id: string, messageId: string) => {
  const all = await api.request('GET', `/v1/conversations/${id}/messages?limit=100`);
  return all.json.data.find((one: { id: string }) => one.id === messageId);
};

function openDeliverer(timeoutMs: number): MessageDeliverer {
  const deliverer = new MessageDeliverer({
    ...loopbackWay(api.deps),
    timeoutMs,
    authorities: [certificate.cert],
  });
  deliverer.start();
  return deliverer;
}

/** Sends what is due until nothing is. */
async function deliver(timeoutMs = 15_000): Promise<void> {
  await using deliverer = openDeliverer(timeoutMs);
  await deliverer.idle();
}
const becomeDue = () =>
  api.deps.db.execute(
    `UPDATE messages SET next_at = clock_timestamp() WHERE status IN ('queued', 'sending')`,
  );

const mailChannel = async (smtp: object, name: string) =>
  await create({
    ...{ type: 'email', name },
    config: { from: 'desk@example.com', from_name: 'The Desk', smtp },
    secrets: { smtp_password: login.password },
  });
const question = (address: string) => ({
  ...{ From: `Ada <${address}>`, Subject: 'Order', TextBody: 'Where is it?' },
  Headers: [{ Name: 'Message-ID', Value: `<q-${address}>` }],
});

describe('an e-mail channel', () => {
  test.each([
    ['tls', true],
    ['starttls', false],
  ])('replies by %s with a login, in the thread of who wrote', async (security, isImplicitTls) => {
    await using server = await startMailServer({ certificate, isImplicitTls, login });
    const smtp = { host: 'mail.example.com', port: server.port, security, user: login.user };
    const channel = await mailChannel(smtp, security);
    const address = `${security}@example.org`;
    const id = await comesIn(channel.inbound_url, question(address));
    const first = await say(id, 'It is on its way.');
    await deliver();
    const second = await say(id, 'It has arrived: Grüße.');
    await deliver();
    expect(server.received).toMatchObject([
      { from: 'desk@example.com', to: [address], user: 'desk', isEncrypted: true },
      { to: [address] },
    ]);
    const [one, two] = server.received.map(({ mail }) => mail);
    expect(one).toMatchObject({
      subject: 'Re: Order',
      text: 'It is on its way.\n',
      from: { address: 'desk@example.com', name: 'The Desk' },
      messageId: `<${first}@example.com>`,
      inReplyTo: `<q-${address}>`,
      references: `<q-${address}>`,
    });
    expect(two).toMatchObject({
      text: 'It has arrived: Grüße.\n',
      inReplyTo: `<${first}@example.com>`,
      references: `<q-${address}> <${first}@example.com>`,
    });
    // An answer to ours finds the conversation again.
    const answer = {
      ...question(address),
      Headers: [{ Name: 'In-Reply-To', Value: one?.messageId }],
    };
    expect(await comesIn(channel.inbound_url, answer)).toBe(id);
    expect(await messageOf(id, second)).toMatchObject({ status: 'sent', attempts: 1, error: null });
  });

  test('tries again what is refused for now, and says so of what is refused for good', async () => {
    await using server = await startMailServer();
    const smtp = { host: 'mail.example.com', port: server.port, security: 'none' };
    const channel = await mailChannel(smtp, 'Refusals');
    const id = await comesIn(channel.inbound_url, question('later@example.org'));
    const later = await say(id, 'Later.');
    server.answer = () => '451 The mailbox is busy.';
    await deliver();
    expect(await messageOf(id, later)).toMatchObject({
      ...{ status: 'queued', attempts: 1 },
      error: expect.stringContaining('The mailbox is busy'),
      next_attempt_at: expect.any(String),
    });
    server.answer = () => 'take';
    await becomeDue();
    await deliver();
    expect(await messageOf(id, later)).toMatchObject({ status: 'sent', attempts: 2, error: null });
    server.answer = () => '550 There is no such user.';
    const never = await say(id, 'Never.');
    await deliver();
    await becomeDue();
    await deliver();
    expect(await messageOf(id, never)).toMatchObject({
      ...{ status: 'failed', attempts: 1, next_attempt_at: null },
      error: expect.stringContaining('There is no such user'),
    });
    expect(new Set(server.received.map(({ mail }) => mail.messageId)).size).toBe(2);
  });

  test('sends nothing twice when it is not known what became of it: a person decides', async () => {
    await using server = await startMailServer();
    const smtp = { host: 'mail.example.com', port: server.port, security: 'none' };
    const channel = await mailChannel(smtp, 'Crashes');
    const id = await comesIn(channel.inbound_url, question('once@example.org'));
    const message = await say(id, 'Once.');
    // It is taken, and the answer never comes.
    server.answer = () => 'hang';
    await deliver(1_500);
    expect(await messageOf(id, message)).toMatchObject({ status: 'unknown' });
    // The server dies between what was taken and noting it: its claim is all that is left.
    server.answer = () => 'take';
    const other = await say(id, 'Twice?');
    await deliver();
    await api.deps.db.execute({
      text: `UPDATE messages SET status = 'sending', sent_at = NULL, next_at = clock_timestamp() WHERE id = $1`,
      values: [other],
    });
    await deliver();
    expect(await messageOf(id, other)).toMatchObject({ status: 'unknown' });
    expect(server.received).toHaveLength(2);
    const path = `/v1/conversations/${id}/messages/${other}/resend`;
    expect((await api.request('POST', path)).status).toBe(202);
    await deliver();
    expect(await messageOf(id, other)).toMatchObject({ status: 'sent' });
    expect(server.received.at(-1)?.mail.messageId).toBe(server.received.at(-2)?.mail.messageId);
  });
});

describe('a Slack channel', () => {
  test('answers in the thread, waits when it is asked to, and says what is refused', async () => {
    const secrets = { signing_secret: 'slack-signing-secret', bot_token: 'xoxb-123456' };
    await using slack = await startFakeSlack({
      ...{ botToken: secrets.bot_token, signingSecret: secrets.signing_secret },
    });
    const config = { api_url: slack.apiUrl };
    const channel = await create({ type: 'slack', name: 'Slack', config, secrets });
    const event = {
      type: 'message',
      channel: 'C0GENERAL',
      user: 'U0ADA',
      ts: '1.1',
      text: 'Hello',
    };
    const body = { type: 'event_callback', team_id: 'T1', event };
    const signed = slack.sign(JSON.stringify(body));
    const id = await comesIn(channel.inbound_url, body, signed);
    const forged = await api.request('POST', channel.inbound_url, {
      ...{ token: null, body: JSON.stringify({ ...body, team_id: 'T2' }), headers: signed },
    });
    expect(forged.status).toBe(401);
    const first = await say(id, 'Hello, Ada.');
    slack.failures.push('ratelimited');
    await deliver();
    const waits = await messageOf(id, first);
    expect(waits).toMatchObject({ status: 'queued', attempts: 1, error: 'Slack asks to wait.' });
    expect(Date.parse(waits.next_attempt_at) - Date.now()).toBeGreaterThan(20_000);
    await becomeDue();
    await deliver();
    expect(slack.posted).toEqual([{ channel: 'C0GENERAL', text: 'Hello, Ada.', thread_ts: '1.1' }]);
    expect(await messageOf(id, first)).toMatchObject({ status: 'sent', attempts: 2 });
    slack.failures.push('is_archived');
    const refused = await say(id, 'Anybody?');
    await deliver();
    expect(await messageOf(id, refused)).toMatchObject({
      ...{ status: 'failed', attempts: 1, error: 'Slack refused it: is_archived.' },
    });
    slack.failures.push('hang_up');
    const unclear = await say(id, 'Still there?');
    await deliver();
    expect(await messageOf(id, unclear)).toMatchObject({ status: 'unknown', attempts: 1 });
    expect(slack.posted).toHaveLength(1);
  });
});
