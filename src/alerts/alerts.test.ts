import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { insertAgent } from '../../test/support/engine.ts';
import { sendNotices } from '../../test/support/outgoing.ts';
import { insertRunRow } from '../../test/support/runs.ts';
import { startReceiver, type WebhookReceiver } from '../../test/support/webhook-receiver.ts';
import type { Mail } from '../notifications/mail.ts';
import { checkBudgets } from '../store/budget-use.ts';
import { type WatchDeps, watchAlerts } from './watch.ts';

let api: TestApi;
let slack: WebhookReceiver;
let slackStatus = 200;
const toSlack: string[] = [];
const mails: Mail[] = [];
let sandboxProblem: string | null = null;

beforeAll(async () => {
  api = await createTestApi();
  slack = await startReceiver();
  slack.respond = ({ body }) => {
    toSlack.push(JSON.parse(body).text);
    return slackStatus;
  };
  const value = `http://127.0.0.1:${slack.port}/services/T/B/x`;
  await api.request('PUT', '/v1/secrets/SLACK', { body: { value } });
});
afterAll(async () => {
  await slack[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await api.deps.db.execute('DELETE FROM alert_rules');
  mails.length = 0;
  toSlack.length = 0;
  slackStatus = 200;
  sandboxProblem = null;
});

const watching = (): WatchDeps => ({
  db: api.deps.db,
  sandboxProblem: () => sandboxProblem,
  publicUrl: 'https://signalbox.example.com',
  everyMs: 0,
});

/** Two processes look at once, then what they found is sent. */
async function look(): Promise<void> {
  await Promise.all([watchAlerts(watching()), watchAlerts(watching())]);
  await sendNotices(api.deps, { mails, publicUrl: null });
}

async function make(kind: string, settings: object, change: object = {}) {
  const notify = { emails: ['ops@example.com'], slack_secret: 'SLACK' };
  const body = { name: kind, kind, settings, notify, ...change };
  const made = await api.request('POST', '/v1/alerts', { body });
  if (made.status !== 201) throw new Error(made.text);
  return made.json.data;
}

/** A run that has ended, unless its columns are changed; its execution id. */
async function addRun(change: Readonly<Record<string, unknown>>, agentId: string) {
  const { db } = api.deps;
  const id = await insertRunRow(db, { workspaceId: api.workspace.id, agentId, owner: null });
  const isOver = change.status !== 'accepted';
  const ended = { status: 'completed', completed_at: new Date(), stop_reason: 'completed' };
  const row = { wake_at: null, ...(isOver ? ended : {}), ...change };
  const columns = Object.keys(row).map((name, at) => `${name} = $${at + 2}`);
  const [run] = await db.query<{ run_id: string }>({
    text: `UPDATE runs SET ${columns.join(', ')} WHERE id = $1 RETURNING run_id`,
    values: [id, ...Object.values(row)],
  });
  return run?.run_id ?? '';
}

const agent = async () => (await insertAgent(api.deps.db, {}, api.workspace.id)).agentId;

describe('an alert', () => {
  test('fires once on every channel, says what to do, links the run, and clears once', async () => {
    const webhook = await api.request('POST', '/v1/webhooks', {
      body: { url: 'https://example.com/hooks', event_types: ['alert.*'] },
    });
    expect(webhook.status).toBe(201);
    const agent_id = await agent();
    const made = await make('failure_rate', {
      ...{ window_minutes: 10, max_share: 0.5, min_runs: 2 },
      agent_id,
    });
    await look();
    expect(mails).toEqual([]);
    await addRun({}, agent_id);
    // Times are kept in milliseconds: two runs may begin in the same.
    const earlier = new Date(Date.now() - 1_000);
    await addRun({ status: 'failed', created_at: earlier }, agent_id);
    const last = await addRun({ status: 'failed' }, agent_id);
    for (let n = 0; n < 3; n++) await look();
    expect(mails).toEqual([
      {
        id: expect.any(String),
        unsubscribeUrl: null,
        to: 'ops@example.com',
        subject: '[firing] failure_rate',
        text: expect.stringMatching(
          new RegExp(
            `^2 of 3 runs .*failed \\(66\\.7 %.*\\nWhat to do: .*retry.*\\nRun: https://signalbox\\.example\\.com/runs/${last}$`,
          ),
        ),
      },
    ]);
    expect(toSlack).toEqual([expect.stringContaining('*[firing] failure_rate*\n2 of 3 runs')]);
    const firing = await api.request('GET', `/v1/alerts/${made.id}`);
    expect(firing.json.data).toMatchObject({
      state: 'firing',
      since: expect.any(String),
      run_id: last,
      notices: [{ attempts: 1, error: null }, { sent_at: expect.any(String) }],
    });
    for (let n = 0; n < 5; n++) await addRun({}, agent_id);
    for (let n = 0; n < 3; n++) await look();
    expect(mails.map(({ subject }) => subject)).toEqual([
      '[firing] failure_rate',
      '[cleared] failure_rate',
    ]);
    expect(toSlack).toHaveLength(2);
    const events = await api.deps.db.query<{ type: string; payload: string }>(
      `SELECT type, payload FROM internal_events WHERE type LIKE 'alert.%' ORDER BY created_at`,
    );
    expect(events.map(({ type }) => type)).toEqual(['alert.firing', 'alert.cleared']);
    expect(JSON.parse(events[0]?.payload ?? '')).toMatchObject({
      state: 'firing',
      run_id: last,
      what_to_do: expect.stringContaining('retry'),
      link: expect.stringContaining(last),
    });
    const cleared = await api.request('GET', `/v1/alerts/${made.id}`);
    expect(cleared.json.data).toMatchObject({ state: 'ok', since: null, summary: null });
  });

  test('of a trigger that goes silent fires when it should have fired, and clears when it does', async () => {
    const created = await api.request('POST', '/v1/agents', {
      body: {
        ...{ workspace_id: api.workspace.id, name: 'A', description: 'd', instructions: 'i' },
        triggers: [{ name: 'Orders', type: 'webhook', config: {} }],
      },
    });
    const trigger_id = created.json.data.triggers[0].id;
    await make('trigger_silence', { trigger_id, window_minutes: 5 });
    const old = { trigger_id, created_at: new Date(Date.now() - 3_600_000) };
    const before = await addRun(old, created.json.data.id);
    await look();
    expect(mails).toEqual([]);
    const age = `clock_timestamp() - interval '6 minutes'`;
    await api.deps.db.execute(`UPDATE alert_rules SET created_at = ${age}`);
    await api.deps.db.execute({
      text: `UPDATE triggers SET created_at = ${age} WHERE id = $1`,
      values: [trigger_id],
    });
    await look();
    expect(mails[0]?.text).toMatch(/Trigger "Orders" has not fired for 5 minutes/);
    expect(mails[0]?.text).toContain(`/runs/${before}`);
    const run = await api.request('POST', `/v1/agents/${created.json.data.id}/run`, {
      body: { payload: {} },
    });
    expect(run.status).toBe(200);
    await look();
    expect(mails.map(({ subject }) => subject)).toEqual([
      '[firing] trigger_silence',
      '[cleared] trigger_silence',
    ]);
  });

  test('of keys, money, queues, budgets and the sandbox fires on what is so', async () => {
    const agent_id = await agent();
    await make('key_expiry', { within_days: 7 });
    await make('spend', { window_minutes: 60, max_cost_usd: 5, agent_id });
    await make('queue_age', { max_seconds: 30 });
    await make('sandbox_degraded', {});
    await make('budget_exceeded', { agent_id });
    await look();
    expect(mails).toEqual([]);
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const token = await api.request('POST', '/v1/tokens', {
      token: api.tokens.admin,
      body: {
        ...{ name: 'CI', access: 'read', workspace_ids: [api.workspace.id] },
        expires_at: inDays(3),
      },
    });
    expect(token.status).toBe(201);
    await api.request('POST', '/v1/models', {
      body: { name: 'keyed', provider: 'openai', model: 'x', key_expires_at: inDays(2) },
    });
    const dear = await addRun({ cost_usd: 6 }, agent_id);
    const waiting = {
      status: 'accepted',
      wake_at: new Date(),
      created_at: new Date(Date.now() - 60_000),
    };
    const queued = await addRun(waiting, agent_id);
    sandboxProblem = 'bubblewrap is missing';
    const budget = await api.request('POST', '/v1/budgets', {
      body: { agent_id, period: 'day', max_cost_usd: 5 },
    });
    expect(budget.status).toBe(201);
    // What the run has used is found as for every budget, by the process that checks them.
    await checkBudgets(api.deps.db, { limit: 100 });
    for (let n = 0; n < 3; n++) await look();
    const text = mails.map((mail) => mail.text).join('\n');
    expect(mails).toHaveLength(5);
    expect(text).toMatch(/Keys end: key of model "keyed" on .*; token "CI" \(.*\) on /);
    expect(text).toContain(`cost 6.00 USD, more than 5 USD`);
    expect(text).toContain(dear);
    expect(text).toMatch(/waiting to begin for 6\d s, longer than 30 s/);
    expect(text).toContain(queued);
    expect(text).toContain('bubblewrap is missing');
    const told = mails.find(({ subject }) => subject === '[firing] budget_exceeded')?.text;
    expect(told).toContain(budget.json.data.id);
    expect(told).toMatch(/\nRun: https:\/\/signalbox\.example\.com\/runs\/run_/);
    // Each of them clears, once, by what people do about it.
    sandboxProblem = null;
    const { db } = api.deps;
    const tokenPath = `/v1/tokens/${token.json.data.id}`;
    await api.request('DELETE', tokenPath, { token: api.tokens.admin });
    await api.request('PATCH', '/v1/models/keyed', { body: { key_expires_at: inDays(90) } });
    await db.execute({
      text: `UPDATE runs SET created_at = clock_timestamp() - interval '2 hours' WHERE run_id = $1`,
      values: [dear],
    });
    await db.execute({
      text: `UPDATE runs SET status = 'running', wake_at = NULL, owner = 'pr', started_at = clock_timestamp()
        WHERE run_id = $1`,
      values: [queued],
    });
    const raised = await api.request('PATCH', `/v1/budgets/${budget.json.data.id}`, {
      body: { max_cost_usd: 50 },
    });
    expect(raised.status).toBe(200);
    await checkBudgets(db, { limit: 100, id: budget.json.data.id });
    for (let n = 0; n < 3; n++) await look();
    const cleared = mails.slice(5).map(({ subject }) => subject);
    expect(cleared.toSorted()).toEqual([
      '[cleared] budget_exceeded',
      '[cleared] key_expiry',
      '[cleared] queue_age',
      '[cleared] sandbox_degraded',
      '[cleared] spend',
    ]);
    // A budget that is taken away holds no alert up.
    await api.request('PATCH', `/v1/budgets/${budget.json.data.id}`, { body: { max_cost_usd: 5 } });
    await checkBudgets(db, { limit: 100, id: budget.json.data.id });
    await look();
    await api.request('DELETE', `/v1/budgets/${budget.json.data.id}`);
    await look();
    expect(mails.slice(10).map(({ subject }) => subject)).toEqual([
      '[firing] budget_exceeded',
      '[cleared] budget_exceeded',
    ]);
  });

  test('of a rule that is due is looked at within a quarter of a minute', async () => {
    sandboxProblem = 'it is broken';
    await make('sandbox_degraded', {});
    const { db } = api.deps;
    const every = { ...watching(), everyMs: 15_000 };
    const age = (seconds: number) =>
      db.execute(
        `UPDATE alert_rules SET checked_at = clock_timestamp() - make_interval(secs => ${seconds})`,
      );
    await age(14);
    expect(await watchAlerts(every)).toBe(0);
    await age(15.1);
    expect(await watchAlerts(every)).toBe(1);
  });

  test('that cannot be told is tried again, and says why', async () => {
    slackStatus = 500;
    sandboxProblem = 'it is broken';
    const made = await make(
      'sandbox_degraded',
      {},
      { notify: { emails: [], slack_secret: 'SLACK' } },
    );
    await look();
    await look();
    expect(toSlack).toHaveLength(1);
    const failed = await api.request('GET', `/v1/alerts/${made.id}`);
    expect(failed.json.data.notices).toMatchObject([
      { attempts: 1, sent_at: null, error: 'It was answered 500.' },
    ]);
    slackStatus = 200;
    await api.deps.db.execute('UPDATE alert_notices SET next_at = clock_timestamp()');
    await look();
    expect(toSlack).toHaveLength(2);
    expect((await api.request('GET', `/v1/alerts/${made.id}`)).json.data.notices).toMatchObject([
      { attempts: 2, sent_at: expect.any(String), error: null },
    ]);
  });

  test.each([
    [{ kind: 'weather' }, /kind must be one of/],
    [{ settings: {} }, /settings\.window_minutes is required for failure_rate/],
    [{ settings: { window_minutes: 5, max_share: 2 } }, /settings\.max_share/],
    [
      { settings: { window_minutes: 5, max_share: 0, max_seconds: 3 } },
      /settings\.max_seconds is no setting of failure_rate/,
    ],
    [
      { settings: { window_minutes: 5, max_share: 0, agent_id: 'ag1' } },
      /settings\.agent_id is no/,
    ],
    [
      { kind: 'trigger_silence', settings: { window_minutes: 5, trigger_id: 'tr1' } },
      /settings\.trigger_id is no trigger/,
    ],
    [{ notify: { emails: ['nobody'] } }, /notify\.emails\[0\]/],
    [
      { notify: { slack_secret: 'NONE' } },
      /notify\.slack_secret names no secret.*\/v1\/secrets\/NONE/,
    ],
  ])('is refused with %j', async (change, message) => {
    const body = {
      name: 'Refused',
      kind: 'failure_rate',
      settings: { window_minutes: 5, max_share: 0 },
      ...change,
    };
    const answer = await api.request('POST', '/v1/alerts', { body });
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringMatching(message)]);
  });

  test('that is switched off fires no more, and one that is gone is not found', async () => {
    sandboxProblem = 'it is broken';
    const made = await make('sandbox_degraded', {});
    await look();
    const off = await api.request('PATCH', `/v1/alerts/${made.id}`, { body: { enabled: false } });
    expect(off.json.data).toMatchObject({ enabled: false, state: 'ok', summary: null });
    await look();
    expect(mails).toHaveLength(1);
    expect((await api.request('DELETE', `/v1/alerts/${made.id}`)).status).toBe(200);
    for (const method of ['GET', 'DELETE']) {
      expect((await api.request(method, `/v1/alerts/${made.id}`)).status).toBe(404);
    }
  });
});
