import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const ownPage = { 'Sec-Fetch-Site': 'same-origin' };
const password = 'correct horse battery staple';
let count = 0;

async function addMember(given: { readonly workspaceId?: string; readonly role?: string } = {}) {
  const email = `person-${count++}@example.com`;
  const path = `/v1/workspaces/${given.workspaceId ?? api.workspace.id}/users`;
  const body = { email, role: given.role ?? 'editor' };
  const answer = await api.request('POST', path, { token: api.tokens.admin, body });
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  return { email, id: answer.json.data.id, invitation: answer.json.data.invitation };
}

const post = (path: string, body: object, headers: Record<string, string> = ownPage) =>
  api.request('POST', path, { token: null, body, headers });
const accept = (invitation: string, newPassword = password) =>
  post('/v1/session/invitation', { invitation, password: newPassword });
const enter = (email: string, given = password) =>
  post('/v1/session/password', { email, password: given });
const cookieOf = ({ headers }: { readonly headers: Headers }) =>
  headers.get('set-cookie')?.split(';')[0] ?? '';
const whoIs = (cookie: string) =>
  api.request('GET', '/v1', { token: null, headers: { Cookie: cookie } });

describe('an invitation', () => {
  test('sets a password once, and signs in', async () => {
    const { email, id, invitation } = await addMember();
    expect(invitation).toMatch(/^capi_/);
    const answer = await accept(invitation);
    expect([answer.status, answer.json.data.user_id]).toEqual([201, id]);
    expect((await whoIs(cookieOf(answer))).json.data.user).toEqual({ id, email });
    expect((await accept(invitation)).status).toBe(401);
    expect((await enter(` ${email.toUpperCase()} `)).status).toBe(201);
  });

  test('asks for a password that is hard to guess', async () => {
    const { invitation } = await addMember();
    const answer = await accept(invitation, 'too short');
    expect([answer.status, answer.json.error]).toEqual([
      400,
      expect.stringMatching(/password.*12/),
    ]);
  });

  test('that comes after another ends it, and the sessions go with the new password', async () => {
    const { id, email, invitation } = await addMember();
    const session = cookieOf(await accept(invitation));
    const path = `/v1/workspaces/${api.workspace.id}/users/${id}/invitation`;
    const first = await api.request('POST', path, { token: api.tokens.admin });
    const second = await api.request('POST', path, { token: api.tokens.admin });
    expect((await accept(first.json.data.invitation)).status).toBe(401);
    expect((await whoIs(session)).status).toBe(200);
    expect((await accept(second.json.data.invitation, `${password} 2`)).status).toBe(201);
    expect((await whoIs(session)).status).toBe(401);
    expect((await enter(email)).status).toBe(401);
  });

  test('is stored nowhere as it is, nor is a password', async () => {
    const { invitation, email } = await addMember();
    const rows = () => api.deps.db.query<{ row: string }>('SELECT users::text AS row FROM users');
    expect((await rows()).some(({ row }) => row.includes(invitation))).toBe(false);
    await accept(invitation);
    const row = (await rows()).find((found) => found.row.includes(email))?.row ?? '';
    expect(row).toMatch(/scrypt\$17\$8\$1\$/);
    expect(row).not.toContain(password);
  });
});

describe('signing in by password', () => {
  test('says the same of a wrong password and of nobody', async () => {
    const { email, invitation } = await addMember();
    await accept(invitation);
    const wrong = await enter(email, 'a wrong password');
    const nobody = await enter('nobody@example.com');
    expect([wrong.status, nobody.status]).toEqual([401, 401]);
    expect(wrong.text).toBe(nobody.text);
  });

  test('is in the audit log when it is refused, with the address and never the password', async () => {
    await enter('refused@example.com', 'a password that was tried');
    const log = await api.request('GET', '/v1/audit?limit=5', { token: api.tokens.admin });
    const [entry] = log.json.data;
    expect(entry).toMatchObject({ action: 'signInByPassword', outcome: 'refused', status: 401 });
    expect(entry.after).toEqual({ email: 'refused@example.com' });
    expect(log.text).not.toContain('a password that was tried');
  });

  test.each(['known', 'unknown'])(
    'is closed after ten wrong tries at once, for who is %s',
    async (kind) => {
      const { email } = kind === 'known' ? await addMember() : { email: 'never@example.com' };
      // Counted as they come: only the first one costs a hash here.
      await api.deps.db.execute('DELETE FROM sign_in_tries');
      await enter(email, 'wrong');
      await api.deps.db.execute('UPDATE sign_in_tries SET tries = 10');
      const answers = await Promise.all(Array.from({ length: 5 }, () => enter(email)));
      for (const answer of answers) {
        expect(answer.status).toBe(429);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(800);
      }
      const [row] = await api.deps.db.query<{ tries: number }>('SELECT tries FROM sign_in_tries');
      expect(row?.tries).toBe(11);
      await api.deps.db.execute(
        `UPDATE sign_in_tries SET first_at = first_at - interval '15 minutes'`,
      );
      expect((await enter(email, 'wrong')).status).toBe(401);
    },
  );

  test('is for pages of this server alone, and takes JSON only', async () => {
    for (const headers of [
      {},
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'http://evil.test' },
    ]) {
      const body = { email: 'nobody@example.com', password };
      for (const path of ['/v1/session/password', '/v1/session/invitation']) {
        const answer = await post(
          path,
          { ...body, invitation: 'x' },
          headers as Record<string, string>,
        );
        expect([path, answer.status]).toEqual([path, 403]);
      }
    }
  });

  test('is changed by who knows the one before, and ends the other sessions', async () => {
    const { email, invitation } = await addMember({ role: 'viewer' });
    await accept(invitation);
    const mine = cookieOf(await enter(email));
    const other = cookieOf(await enter(email));
    const change = (current: string) =>
      api.request('PUT', '/v1/session/password', {
        token: null,
        headers: { Cookie: mine, ...ownPage },
        body: { current_password: current, new_password: `${password} 2` },
      });
    expect((await change('not the one')).status).toBe(403);
    expect((await change(password)).status).toBe(200);
    expect((await whoIs(mine)).status).toBe(200);
    expect((await whoIs(other)).status).toBe(401);
  });
});

describe('members', () => {
  const member = (workspaceId: string, id: string) => `/v1/workspaces/${workspaceId}/users/${id}`;
  const asAdmin = (method: string, path: string, body?: object) =>
    api.request(method, path, { token: api.tokens.admin, ...(body === undefined ? {} : { body }) });

  test('keep the last owner, also when two leave at once', async () => {
    const made = await asAdmin('POST', '/v1/workspaces', { name: 'Owned' });
    const workspaceId = made.json.data.id;
    const one = await addMember({ workspaceId, role: 'owner' });
    expect((await asAdmin('DELETE', member(workspaceId, one.id))).status).toBe(409);
    expect((await asAdmin('PATCH', member(workspaceId, one.id), { role: 'editor' })).status).toBe(
      409,
    );
    const two = await addMember({ workspaceId, role: 'owner' });
    const answers = await Promise.all(
      [one, two].map(({ id }) => asAdmin('DELETE', member(workspaceId, id))),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  test('change roles with the next request', async () => {
    await addMember({ role: 'owner' });
    const { id, invitation } = await addMember({ role: 'viewer' });
    const cookie = cookieOf(await accept(invitation));
    const tokens = () =>
      api.request('GET', '/v1/tokens', { token: null, headers: { Cookie: cookie } });
    expect((await tokens()).status).toBe(403);
    await asAdmin('PATCH', member(api.workspace.id, id), { role: 'owner' });
    expect((await tokens()).status).toBe(200);
    await asAdmin('DELETE', member(api.workspace.id, id));
    expect((await tokens()).status).toBe(401);
  });

  test('who own one workspace manage nothing of another, by whatever id', async () => {
    const { id, invitation } = await addMember({ role: 'owner' });
    const elsewhere = await addMember({ workspaceId: api.otherWorkspace.id, role: 'viewer' });
    const cookie = cookieOf(await accept(invitation));
    const ask = (method: string, path: string, body?: object) =>
      api.request(method, path, {
        token: null,
        headers: { Cookie: cookie, ...ownPage },
        ...(body === undefined ? {} : { body }),
      });
    const given = { name: 'x', access: 'write', workspace_ids: [api.otherWorkspace.id] };
    expect((await ask('POST', '/v1/tokens', given)).status).toBe(403);
    const both = { ...given, workspace_ids: [api.workspace.id, api.otherWorkspace.id] };
    expect((await ask('POST', '/v1/tokens', both)).status).toBe(403);
    const own = await ask('POST', '/v1/tokens', { ...given, workspace_ids: [api.workspace.id] });
    expect(own.status).toBe(201);
    expect((await ask('DELETE', member(api.otherWorkspace.id, elsewhere.id))).status).toBe(404);
    expect((await ask('DELETE', member(api.workspace.id, elsewhere.id))).status).toBe(404);
    const workspaces = await ask('POST', '/v1/workspaces', { name: 'x' });
    expect(workspaces.status).toBe(403);
    expect((await ask('GET', member(api.workspace.id, id))).status).toBe(200);
  });

  test('of others are not taken over: an account that a password opens is added by the admin alone', async () => {
    const owner = await addMember({ role: 'owner' });
    const cookie = cookieOf(await accept(owner.invitation));
    const victim = await addMember({ workspaceId: api.otherWorkspace.id });
    const add = (token: string | null) =>
      api.request('POST', `/v1/workspaces/${api.workspace.id}/users`, {
        token,
        headers: token === null ? { Cookie: cookie, ...ownPage } : {},
        body: { email: victim.email, role: 'viewer' },
      });
    expect((await add(null)).status).toBe(409);
    const added = await add(api.tokens.admin);
    expect([added.status, added.json.data.invitation]).toEqual([201, null]);
    const again = await api.request('POST', `${member(api.workspace.id, victim.id)}/invitation`, {
      token: null,
      headers: { Cookie: cookie, ...ownPage },
    });
    expect(again.status).toBe(403);
  });

  test('are listed page by page, and roles say what they may do', async () => {
    const first = await asAdmin('GET', `/v1/workspaces/${api.otherWorkspace.id}/users?limit=1`);
    expect(first.json.has_more).toBe(true);
    const path = `/v1/workspaces/${api.otherWorkspace.id}/users?limit=1&cursor=${first.json.next_cursor}`;
    const second = await asAdmin('GET', path);
    expect(second.json.data[0].id).not.toBe(first.json.data[0].id);
    const roles = await asAdmin('GET', `/v1/workspaces/${api.workspace.id}/roles`);
    expect(roles.json.data.map((role: { role_id: string }) => role.role_id)).toEqual([
      'owner',
      'editor',
      'operator',
      'viewer',
    ]);
    expect(roles.json.data[2].permissions).toContain('Edit run');
    expect(roles.json.data[2].permissions).not.toContain('Edit agent');
  });
});
