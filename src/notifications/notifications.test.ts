import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { insertApproval } from '../../test/support/approvals.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { insertAgent } from '../../test/support/engine.ts';
import { startMailServer } from '../../test/support/mail-server.ts';
import { sendNotices } from '../../test/support/outgoing.ts';
import { addPerson } from '../../test/support/people.ts';
import { insertAgentRow, insertRunRow } from '../../test/support/runs.ts';
import { repositoryRoot } from '../../test/support/source-tree.ts';
import { startReceiver } from '../../test/support/webhook-receiver.ts';
import type { Database } from '../store/connect.ts';
import { gatherNotifications } from './gather.ts';
import type { Mail } from './mail.ts';
import { unsubscribeToken } from './unsubscribe.ts';

let api: TestApi;
let agentId: string;
let ada: Awaited<ReturnType<typeof addPerson>>;
const mails: Mail[] = [];
const publicUrl = 'https://signalbox.example.com';

beforeAll(async () => {
  api = await createTestApi();
  agentId = (await insertAgent(api.deps.db, {}, api.workspace.id)).agentId;
  ada = await addPerson(api, api.workspace.id, 'operator');
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(async () => {
  await api.deps.db.execute('DELETE FROM notification_preferences');
  mails.length = 0;
});

/** Tells what there is, as two processes at once would. */
async function tell(): Promise<void> {
  const { db } = api.deps;
  const gather = () => gatherNotifications({ db, publicUrl, nudge: () => undefined, gatherMs: 0 });
  await Promise.all([gather(), gather()]);
  await Promise.all([gather(), gather()]);
  await sendNotices(api.deps, { mails, publicUrl });
}

const prefer = async (body: object, as: string | null = ada.cookie) => {
  const made = await api.request('POST', '/v1/notifications/preferences', {
    ...(as === null ? {} : { token: null, headers: asPage(as) }),
    body: { workspace_id: api.workspace.id, ...body },
  });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  return made.json.data;
};
const asPage = (cookie: string) => ({ cookie, 'sec-fetch-site': 'same-origin' });
const messages = async () => (await api.request('GET', '/v1/notifications')).json.data;

async function fail(db: Database, of = { workspaceId: api.workspace.id, agentId }) {
  const id = await insertRunRow(db, { ...of, owner: null });
  await db.execute({
    text: `UPDATE runs SET status = 'failed', stop_reason = 'failed', error = 'The tool is gone.', wake_at = NULL,
        completed_at = clock_timestamp() WHERE id = $1`,
    values: [id],
  });
  return id;
}

async function handOver(reason = 'refund_over_limit') {
  const { db } = api.deps;
  const id = await insertRunRow(db, { workspaceId: api.workspace.id, agentId, owner: null });
  await db.execute({
    text: `UPDATE runs SET status = 'completed', disposition = 'escalated', disposition_reason = $2, wake_at = NULL,
        stop_reason = 'completed', completed_at = clock_timestamp() WHERE id = $1`,
    values: [id, reason],
  });
  return `es${id.slice(2)}`;
}

describe('a member', () => {
  test('is told of nothing until they ask for it, and then what to do and where', async () => {
    await handOver();
    await fail(api.deps.db);
    await tell();
    expect(await messages()).toEqual([]);
    await prefer({ channel: 'email' });
    const escalation = await handOver();
    const run = await insertRunRow(api.deps.db, {
      ...{ workspaceId: api.workspace.id, agentId },
      owner: null,
    });
    const of = { workspaceId: api.workspace.id, runId: run, agentId };
    const approval = await insertApproval(api.deps.db, of);
    await fail(api.deps.db);
    await tell();
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect(mail).toMatchObject({ to: ada.email, subject: '[Own] 1 hand-over and 1 approval' });
    expect(mail?.text).toContain(
      `- Tester: refund_over_limit\n  Approve or edit the reply, take over, or resolve it: ${publicUrl}/inbox?item=${escalation}`,
    );
    expect(mail?.text).toMatch(
      new RegExp(`May it run\\? \\(until .*\\)\\n {2}Approve.*item=${approval}`),
    );
    expect(await messages()).toMatchObject([
      { status: 'sent', attempts: 1, counts: { escalation: 1, approval: 1 }, user: { id: ada.id } },
    ]);
    // What has been told is not told again.
    await tell();
    expect(mails).toHaveLength(1);
  });

  test('is told which rule a reply was kept back for, and nothing that it says', async () => {
    await prefer({ channel: 'email', kinds: ['escalation'] });
    const escalation = await handOver('guardrail_violated');
    const violations = [
      { id: 'g1', title: 'No refunds', why: 'It says: Ada gets 40 EUR.' },
      { id: 'g1', title: 'No refunds', why: 'It says so twice.' },
      { id: 'g2', title: 'No prices', why: 'It names one.' },
    ];
    await api.deps.db.execute({
      text: `INSERT INTO journal (run_id, seq, unit_id, step, type, state, data)
        VALUES ($1, 1, $1, 1, 'guardrail', 'done', $2)`,
      values: [
        `ar${escalation.slice(2)}`,
        JSON.stringify({ violations, reply: '40 EUR for Ada.' }),
      ],
    });
    await handOver('guardrails_not_judged');
    await tell();
    expect(mails[0]?.text).toContain('- Tester: guardrail_violated: “No refunds”, “No prices”\n');
    expect(mails[0]?.text).toContain('- Tester: guardrails_not_judged\n');
    expect(mails[0]?.text).not.toContain('40 EUR');
  });

  test('gets a flood as one message, and after it the next one when its time has come', async () => {
    const made = await prefer({ channel: 'email', kinds: ['failure'], group_seconds: 600 });
    const runs: string[] = [];
    for (let n = 0; n < 25; n++) runs.push(await fail(api.deps.db));
    await tell();
    expect(mails.map(({ subject }) => subject)).toEqual(['[Own] 25 failed runs']);
    const links = mails[0]?.text.match(/\/runs\/ag\w+\/ar\w+/g) ?? [];
    expect(links).toHaveLength(10);
    expect(mails[0]?.text).toContain(`and 15 more: ${publicUrl}/runs?status=failed`);
    await fail(api.deps.db);
    await tell();
    expect(mails).toHaveLength(1);
    await api.deps.db.execute(
      `UPDATE notification_preferences SET due_at = clock_timestamp() WHERE due_at IS NOT NULL`,
    );
    await tell();
    expect(mails.map(({ subject }) => subject)).toEqual([
      '[Own] 25 failed runs',
      '[Own] 1 failed run',
    ]);
    expect(new Set(mails.map(({ id }) => id)).size).toBe(2);
    const path = `/v1/notifications/preferences/${made.id}`;
    expect((await api.request('GET', path)).json.data.last_told_at).not.toBe(null);
  });

  test('is told of the agents they chose, of approvals that they may decide, and of nothing that is settled', async () => {
    const other = await insertAgent(api.deps.db, {}, api.workspace.id);
    await prefer({ channel: 'email', kinds: ['failure'], agent_ids: [other.agentId] });
    await prefer({ channel: 'email', kinds: ['escalation', 'approval'] });
    await fail(api.deps.db);
    const run = await insertRunRow(api.deps.db, { ...other, owner: null });
    await api.deps.db.execute({
      text: `INSERT INTO approvals (id, workspace_id, run_id, agent_id, step, kind, question, proposal, approvers,
          on_expiry, expires_at)
        VALUES ('ap' || substr($1, 3), $2, $1, $3, 1, 'run_start', 'May it?', '{}', '{us1}', 'reject', now())`,
      values: [run, api.workspace.id, other.agentId],
    });
    const settled = await handOver();
    await api.request('POST', `/v1/escalations/${settled}/resolve`, { body: {} });
    await tell();
    expect(mails).toEqual([]);
    await fail(api.deps.db, { workspaceId: api.workspace.id, agentId: other.agentId });
    await tell();
    expect(mails.map(({ subject }) => subject)).toEqual(['[Own] 1 failed run']);
  });

  test('is told by a signed webhook and by Slack where somebody who may sets it up', async () => {
    await using receiver = await startReceiver();
    const refused = await api.request('POST', '/v1/notifications/preferences', {
      ...{ token: null, headers: asPage(ada.cookie) },
      body: { workspace_id: api.workspace.id, channel: 'webhook', target: receiver.url },
    });
    expect([refused.status, refused.json.error]).toEqual([403, expect.stringMatching(/by email/)]);
    const user_id = ada.id;
    const made = await prefer({ user_id, channel: 'webhook', target: receiver.url }, null);
    await api.request('PUT', '/v1/secrets/SLACK', { body: { value: receiver.url } });
    await prefer({ user_id, channel: 'slack', target: 'SLACK' }, null);
    const escalation = await handOver('<guardrail> & co');
    receiver.respond = ({ body }, response) => {
      if (body.includes('text')) return 200;
      response.setHeader('retry-after', '120');
      return 429;
    };
    await tell();
    const [slack] = receiver.received.filter(({ body }) => body.startsWith('{"text"'));
    expect(JSON.parse(slack?.body ?? '').text).toContain('Tester: &lt;guardrail&gt; &amp; co');
    const [waits] = (await api.request('GET', '/v1/notifications?status=queued')).json.data;
    expect(waits).toMatchObject({ channel: 'webhook', attempts: 1, error: 'It was answered 429.' });
    const waitMs = Date.parse(waits.next_attempt_at) - Date.now();
    expect(waitMs).toBeGreaterThan(100_000);
    receiver.respond = () => 200;
    await api.deps.db.execute(
      'UPDATE alert_notices SET next_at = clock_timestamp() WHERE next_at IS NOT NULL',
    );
    await tell();
    const hooks = receiver.received.filter(({ id }) => id !== '');
    expect(new Set(hooks.map(({ id }) => id))).toEqual(new Set([waits.id]));
    const told = new Webhook(made.secret).verify(hooks[1]?.body ?? '', hooks[1]?.headers ?? {});
    expect(told).toMatchObject({
      data: { counts: { escalation: 1 }, items: [{ id: escalation, kind: 'escalation' }] },
    });
  });

  test('ends it by the link of a mail, by a button and not by looking, and sees only their own', async () => {
    const made = await prefer({ channel: 'email' });
    await handOver();
    await tell();
    const url = mails[0]?.unsubscribeUrl ?? '';
    expect(mails[0]?.text).toContain(url);
    const path = url.slice(publicUrl.length);
    const page = await api.request('GET', path, { token: null });
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('<button>')]);
    const preference = `/v1/notifications/preferences/${made.id}`;
    expect((await api.request('GET', preference)).json.data.enabled).toBe(true);
    const forged = unsubscribeToken(Buffer.alloc(32, 2), made.id);
    const missed = await api.request('POST', `/unsubscribe/${forged}`, { token: null });
    expect(missed.status).toBe(404);
    await handOver();
    const { db } = api.deps;
    await gatherNotifications({ db, publicUrl, nudge: () => undefined, gatherMs: 0 });
    expect((await api.request('POST', path, { token: null })).status).toBe(200);
    await tell();
    expect(mails).toHaveLength(1);
    const bob = await addPerson(api, api.workspace.id, 'viewer');
    const asBob = { token: null, headers: asPage(bob.cookie) };
    expect((await api.request('GET', preference, asBob)).status).toBe(404);
    expect((await api.request('DELETE', preference, asBob)).status).toBe(404);
    expect((await api.request('GET', '/v1/notifications', asBob)).json.data).toEqual([]);
    const [sent] = await messages();
    expect((await api.request('GET', `/v1/notifications/${sent.id}`, asBob)).status).toBe(404);
    const ofAda = `/v1/notifications?user_id=${ada.id}`;
    expect((await api.request('GET', ofAda, asBob)).status).toBe(403);
    expect((await api.request('POST', `${preference}/test`)).status).toBe(409);
    await api.request('PATCH', preference, { body: { enabled: true } });
    expect((await api.request('POST', `${preference}/test`)).status).toBe(202);
    await tell();
    expect(mails.at(-1)?.subject).toBe('Test of Signalbox');
    await api.deps.db.execute({
      text: 'DELETE FROM members WHERE user_id = $1',
      values: [bob.id],
    });
  });

  test.each([
    [{ channel: 'pigeon' }, /channel must be one of/],
    [{ channel: 'email', kinds: [] }, /kinds/],
    [{ channel: 'email', kinds: ['rain'] }, /kinds\[0\]/],
    [{ channel: 'email', target: 'eve@example.com' }, /target is not for email/],
    [{ channel: 'slack', target: 'NONE' }, /target names no secret/],
    [{ channel: 'webhook', target: 'https://10.0.0.1/x' }, /target must not lead to 10\.0\.0\.1/],
    [{ channel: 'email', agent_ids: ['ag1'] }, /agent_ids\[0\] is no agent/],
    [{ channel: 'email', group_seconds: 1 }, /group_seconds/],
    [{ channel: 'email', user_id: 'us1' }, /user_id is no member/],
    [{ channel: 'email', user_id: undefined }, /user_id: is required with a token/],
  ])('is refused %j', async (change, message) => {
    const body = { user_id: ada.id, ...change };
    const answer = await api.request('POST', '/v1/notifications/preferences', { body });
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringMatching(message)]);
  });
});

test('whoever dies, and where: each thing is told in one message, and none is lost', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  await using server = await startMailServer();
  const of = await insertAgentRow(db);
  await db.execute(`INSERT INTO users (id, email) VALUES ('us1', 'ada@example.com')`);
  await db.execute({
    text: `INSERT INTO members (workspace_id, user_id, role) VALUES ($1, 'us1', 'owner')`,
    values: [of.workspaceId],
  });
  await db.execute({
    text: `INSERT INTO notification_preferences (id, workspace_id, user_id, channel, kinds, group_seconds, enabled)
      VALUES ('np1', $1, 'us1', 'email', '{failure}', 300, true)`,
    values: [of.workspaceId],
  });
  const runs = [await fail(db, of), await fail(db, of), await fail(db, of)];
  const main = join(repositoryRoot, 'test', 'support', 'notices-main.ts');
  const smtp = `smtp://127.0.0.1:${server.port}`;
  const env = { PATH: process.env.PATH ?? '', DATABASE_URL: database.url };
  const endings: unknown[] = [];
  const places = [
    ...['after:notification_facts_give_out', 'after:notification_preference_settle'],
    ...['after:notices_claim', 'before:notice_record', ''],
  ];
  for (const place of places) {
    // The lease of who died is over.
    await db.execute(
      `UPDATE alert_notices SET next_at = clock_timestamp() WHERE next_at IS NOT NULL`,
    );
    const child = spawn(process.execPath, [main, smtp, place], { stdio: 'inherit', env });
    endings.push((await once(child, 'exit'))[1]);
  }
  expect(endings).toEqual([...Array.from({ length: 4 }, () => 'SIGKILL'), null]);
  // Accepted and not noted, it went out a second time: the same message, by the same id.
  expect(server.received).toHaveLength(2);
  expect(new Set(server.received.map(({ mail }) => mail.messageId)).size).toBe(1);
  for (const run of runs) expect(server.received[0]?.mail.text).toContain(run);
  expect(server.received[1]?.mail.text).toBe(server.received[0]?.mail.text);
  const left = await db.query(`SELECT id FROM notification_facts
    UNION ALL SELECT fact_id FROM notification_items
    UNION ALL SELECT id FROM alert_notices WHERE sent_at IS NULL`);
  expect(left).toEqual([]);
}, 60_000);
