import { sessionCookieName } from '../../src/api/session-cookie.ts';
import type { Role } from '../../src/core/member.ts';
import { hashTokenSecret, newTokenSecret } from '../../src/core/token-secret.ts';
import { addMember } from '../../src/store/members.ts';
import { createSession } from '../../src/store/sessions.ts';
import type { TestApi } from './api.ts';

let count = 0;

/** A new member, and the cookie of a session of theirs. */
export async function addPerson(
  api: TestApi,
  workspaceId: string,
  role: Role,
): Promise<{ readonly id: string; readonly email: string; readonly cookie: string }> {
  const email = `${role}-${count++}@example.com`;
  const added = await addMember(
    api.deps.db,
    { scope: 'all', workspaceId },
    { email, role, firstName: null, lastName: null, identity: null, invitation: null },
  );
  const id = added?.member.id ?? '';
  return { id, email, cookie: await sessionOf(api, id) };
}

/** The cookie of a new session of a person. */
export async function sessionOf(api: TestApi, userId: string): Promise<string> {
  const secret = newTokenSecret('capi');
  await createSession(api.deps.db, {
    secretHash: hashTokenSecret(secret),
    owner: { userId },
    lifetimeS: 3_600,
  });
  return `${sessionCookieName(api.deps.cursorKey)}=${secret}`;
}

/** The cookie of a new session of a token. */
export async function cookieOf(api: TestApi, token: string): Promise<string> {
  const answer = await api.request('POST', '/v1/session', { token });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}
