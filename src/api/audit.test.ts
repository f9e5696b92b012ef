import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { addPerson } from '../../test/support/people.ts';
import {
  appendEntries,
  listEntries,
  settlePending,
  trimAudit,
  verifyChain,
} from '../store/audit.ts';
import { apiRoutes } from './app.ts';
import { auditKey, isAudited } from './audit-trail.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const asAdmin = (method: string, path: string, body?: object) =>
  api.request(method, path, { token: api.tokens.admin, ...(body === undefined ? {} : { body }) });
const log = async (query = '') =>
  (await asAdmin('GET', `/v1/audit?workspace_id=${api.workspace.id}${query}`)).json.data;
const key = () => auditKey(api.deps.cursorKey);

const agent = {
  name: 'Audited',
  description: 'One.',
  instructions: 'Answer. The key is sk-abcdefgh12345678.',
};

test('every route that changes something is audited, with no exception', () => {
  const outside = apiRoutes()
    .map(({ route }) => route)
    .filter((route) => route.method !== 'get' && !isAudited(route));
  // What only computes an answer; webhooks coming in, which are kept as trigger events; and what comes in by a signed
  // URL, which was asked for by an audited request.
  const signed = [
    '/public-api/chat/attachments/{attachment_id}',
    '/public-api/feedback/{execution_id}',
  ];
  for (const { resource, right, path } of outside) {
    const isKnown =
      right === 'read' || ['hook', 'meta'].includes(resource) || signed.includes(path);
    expect([path, isKnown]).toEqual([path, true]);
  }
});

describe('an entry', () => {
  test('says who did what to what, with the state before and after, secrets masked', async () => {
    const { id, email, cookie } = await addPerson(api, api.workspace.id, 'editor');
    const ask = (method: string, path: string, body?: object) =>
      api.request(method, path, {
        token: null,
        headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' },
        ...(body === undefined ? {} : { body }),
      });
    const made = await ask('POST', '/v1/agents', { workspace_id: api.workspace.id, ...agent });
    const agentId = made.json.data.id;
    await ask('PATCH', `/v1/agents/${agentId}`, { name: 'Renamed' });
    await ask('DELETE', `/v1/agents/${agentId}`);
    const [removed, changed, created] = await log(`&object_id=${agentId}`);
    expect(created).toMatchObject({
      action: 'createAgent',
      resource: 'agent',
      actor: { kind: 'person', id, name: email },
      outcome: 'done',
      status: 201,
      before: null,
      after: { name: 'Audited', instructions: 'Answer. The key is ***.' },
    });
    expect(changed).toMatchObject({ before: { name: 'Audited' }, after: { name: 'Renamed' } });
    expect(changed.after.description).toBeUndefined();
    expect(removed).toMatchObject({ before: { name: 'Renamed' }, after: null });
  });

  test('is made of tokens without their secret, and of secrets without their value', async () => {
    const body = { name: 'x', access: 'write', workspace_ids: [api.workspace.id] };
    const { token, id } = (await asAdmin('POST', '/v1/tokens', body)).json.data;
    const value = 'the value that nobody may read';
    await asAdmin('PUT', '/v1/secrets/AUDITED', { workspace_id: api.workspace.id, value });
    const text = JSON.stringify(await log());
    expect(text).toContain(id);
    expect(text).toContain('AUDITED');
    expect(text).not.toContain(token);
    expect(text).not.toContain(value);
  });

  test('is made of dispatches, and not of what was refused', async () => {
    const made = await api.request('POST', '/v1/agents', {
      body: {
        workspace_id: api.workspace.id,
        ...agent,
        triggers: [{ name: 'w', type: 'webhook', config: {} }],
      },
    });
    const run = await api.request('POST', `/v1/agents/${made.json.data.id}/run`, { body: {} });
    expect(run.status).toBe(200);
    await expect
      .poll(
        async () => (await log()).some((one: { action: string }) => one.action === 'runAgent'),
        {
          timeout: 20_000,
        },
      )
      .toBe(true);
    const before = (await log()).length;
    await api.request('PATCH', `/v1/agents/${made.json.data.id}`, { body: { name: '' } });
    await api.request('DELETE', `/v1/agents/ag${'0'.repeat(30)}`);
    expect((await log()).length).toBe(before);
    expect(await api.deps.db.query('SELECT 1 FROM audit_pending')).toEqual([]);
  });

  test('comes of a change that the server did not live to finish', async () => {
    await api.deps.db.execute({
      text: `INSERT INTO audit_pending (id, chain, facts, begun_at)
        VALUES ('au1', $1, $2, clock_timestamp() - interval '11 minutes')`,
      values: [
        api.workspace.id,
        JSON.stringify({
          ...facts('au1'),
          action: 'deleteAgent',
          outcome: 'unknown',
        }),
      ],
    });
    await settlePending(api.deps.db, key());
    const [entry] = await log();
    expect(entry).toMatchObject({ id: 'au1', action: 'deleteAgent', outcome: 'unknown' });
  });
});

const facts = (id: string) => ({
  id,
  actor: { kind: 'token', id: 'tk1', name: 'x' },
  address: null,
  request_id: 'r',
  action: 'test',
  resource: 'agent',
  object_id: null,
  outcome: 'done' as const,
  status: 200,
  before: null,
  after: null,
});

describe('a chain', () => {
  const chain = `ws${'1'.repeat(30)}`;
  const add = (id: string) =>
    appendEntries(api.deps.db, key(), [{ chain, facts: facts(id), pendingId: null }]);

  test('has no gaps, also when many write to it at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => add(`au${at}`)));
    const verdict = await verifyChain(api.deps.db, key(), chain);
    expect(verdict).toMatchObject({ ok: true, entries: 20, seq: 20, brokenAt: null });
  });

  test('holds whatever text there is, and still verifies', async () => {
    const [text, odd] = ['a\u0000b \ud800 \u{e000}', 'odd'];
    const given = { ...facts(text), object_id: text, after: { name: text } };
    const entry = { chain: odd, facts: given, pendingId: null };
    await appendEntries(api.deps.db, key(), [entry]);
    const verdict = await verifyChain(api.deps.db, key(), odd);
    expect(verdict).toMatchObject({ ok: true, entries: 1 });
    const page = { chain: odd, filter: { objectId: text }, before: null, limit: 10 };
    expect(await listEntries(api.deps.db, 'all', page)).toMatchObject([given]);
  });

  test('is changed by no statement', async () => {
    for (const text of [
      `UPDATE audit_entries SET action = 'x'`,
      'DELETE FROM audit_entries',
      'TRUNCATE audit_entries',
    ]) {
      await expect(api.deps.db.execute(text)).rejects.toThrow('append-only');
    }
  });

  test.each([
    [
      'another text',
      `UPDATE audit_entries SET entry = replace(entry, 'tk1', 'tk2') WHERE chain = $1 AND seq = 7`,
      7,
    ],
    ['another column', `UPDATE audit_entries SET actor_id = 'tk2' WHERE chain = $1 AND seq = 8`, 8],
    ['a missing entry', 'DELETE FROM audit_entries WHERE chain = $1 AND seq = 9', 9],
    ['a missing end', 'DELETE FROM audit_entries WHERE chain = $1 AND seq = 20', 20],
  ])('shows %s, from whoever owns the database', async (_, text, brokenAt) => {
    await expect(
      api.deps.db.transaction(async (tx) => {
        await tx.execute('ALTER TABLE audit_entries DISABLE TRIGGER USER');
        await tx.execute({ text, values: [chain] });
        const inside = {
          ...api.deps.db,
          transaction: (work: (q: typeof tx) => Promise<unknown>) => work(tx),
        };
        const verdict = await verifyChain(inside as typeof api.deps.db, key(), chain);
        throw new Error(`broken at ${verdict.brokenAt}, ${verdict.ok}`);
      }),
    ).rejects.toThrow(`broken at ${brokenAt}, false`);
  });

  test('goes on after the retention has taken its beginning', async () => {
    await api.deps.db.transaction(async (tx) => {
      await tx.execute('ALTER TABLE audit_entries DISABLE TRIGGER USER');
      await tx.execute({
        text: `UPDATE audit_entries SET at = at - interval '40 days' WHERE chain = $1 AND seq <= 12`,
        values: [chain],
      });
      await tx.execute('ALTER TABLE audit_entries ENABLE TRIGGER USER');
    });
    await trimAudit(api.deps.db, 30);
    await add('au99');
    const verdict = await verifyChain(api.deps.db, key(), chain);
    expect(verdict).toMatchObject({ ok: true, entries: 9, seq: 21 });
  });
});

describe('the routes', () => {
  test('list, page, export and verify, for owners alone and within their workspace', async () => {
    const owner = await addPerson(api, api.workspace.id, 'owner');
    const editor = await addPerson(api, api.workspace.id, 'editor');
    const ask = (cookie: string, path: string) =>
      api.request('GET', path, { token: null, headers: { Cookie: cookie } });
    expect((await ask(editor.cookie, '/v1/audit')).status).toBe(403);
    expect((await api.request('GET', '/v1/audit')).status).toBe(403);
    const first = await ask(owner.cookie, '/v1/audit?limit=2');
    expect(first.json.data).toHaveLength(2);
    const second = await ask(owner.cookie, `/v1/audit?limit=2&cursor=${first.json.next_cursor}`);
    expect(second.json.data[0].seq).toBe(first.json.data[1].seq - 1);
    for (const forged of [
      `audit_${first.json.data[0].seq}`,
      `${first.json.next_cursor}&resource=agent`,
    ]) {
      expect((await ask(owner.cookie, `/v1/audit?limit=2&cursor=${forged}`)).status).toBe(400);
    }
    const exported = await ask(owner.cookie, '/v1/audit/export?resource=agent');
    const lines = exported.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.every((line) => line.resource === 'agent')).toBe(true);
    const verdict = await ask(owner.cookie, '/v1/audit/verify');
    expect(verdict.json.data).toMatchObject({ ok: true, broken_at: null });
    const other = `?workspace_id=${api.otherWorkspace.id}`;
    for (const path of ['/v1/audit', '/v1/audit/export', '/v1/audit/verify']) {
      expect((await ask(owner.cookie, path + other)).status).toBe(403);
    }
  });

  test('keep what belongs to no workspace for the admin', async () => {
    const made = await asAdmin('POST', '/v1/workspaces', { name: 'New' });
    const text = JSON.stringify((await asAdmin('GET', '/v1/audit')).json.data);
    expect(text).toContain(made.json.data.id);
  });
});
