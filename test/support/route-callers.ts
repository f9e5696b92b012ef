import { expect } from 'vitest';
import { roles } from '../../src/core/member.ts';
import { hashTokenSecret, newTokenSecret } from '../../src/core/token-secret.ts';
import { findTokenByHash, revokeToken } from '../../src/store/tokens.ts';
import { addToken, type TestApi } from './api.ts';
import { addChatAttachment } from './chat-attachment.ts';
import { addPerson } from './people.ts';

/** Who may ask for something, besides the holders of the API's own tokens. */
export interface RouteCallers {
  /** Bad credentials, by what is wrong with them. */
  readonly refused: Readonly<Record<string, string | null>>;
  /** A member of the workspace in each role. */
  readonly people: Readonly<Record<string, { readonly id: string; readonly cookie: string }>>;
  /** The cookie of an owner of the other workspace. */
  readonly stranger: string;
  /** The cookie of an owner who was removed. */
  readonly formerMember: string;
  /** A chat session of somebody outside, and its token. */
  readonly outside: { readonly session: string; readonly token: string; readonly file: string };
}

/** The chat is with the agent. */
export async function createRouteCallers(api: TestApi, agentId: string): Promise<RouteCallers> {
  const refused = {
    none: null,
    'no scheme': api.tokens.write,
    'another scheme': `Basic ${api.tokens.write}`,
    empty: 'Bearer ',
    'not a token': 'Bearer $$$',
    'two tokens': `Bearer ${api.tokens.write} ${api.tokens.read}`,
    unknown: `Bearer ${newTokenSecret('capi')}`,
    'unknown of the other form': `Bearer ${newTokenSecret('neo_sk')}`,
    'a token of nobody’s making': 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.AAAA',
    revoked: `Bearer ${await revokedToken(api)}`,
    expired: `Bearer ${await expiredToken(api)}`,
  };
  const own = await Promise.all(
    roles.map(async (role) => [role, await addPerson(api, api.workspace.id, role)] as const),
  );
  return {
    refused,
    people: Object.fromEntries(own),
    stranger: (await addPerson(api, api.otherWorkspace.id, 'owner')).cookie,
    formerMember: await removedMember(api),
    outside: await somebodyOutside(api, agentId),
  };
}

async function somebodyOutside(api: TestApi, agent_id: string): Promise<RouteCallers['outside']> {
  const body = { agent_id };
  const session = await api.request('POST', '/public-api/chat/sessions', { body });
  const { id: session_id } = session.json.data;
  const minted = await api.request('POST', '/public-api/sessions', { body: { session_id } });
  expect(minted.status, minted.text).toBe(201);
  const file = await addChatAttachment(api, session_id);
  return { session: session_id, token: minted.json.data.token, file };
}

async function removedMember(api: TestApi): Promise<string> {
  const { cookie, id } = await addPerson(api, api.workspace.id, 'owner');
  const path = `/v1/workspaces/${api.workspace.id}/users/${id}`;
  const answer = await api.request('DELETE', path, { token: api.tokens.admin });
  expect(answer.status).toBe(200);
  return cookie;
}

async function revokedToken(api: TestApi): Promise<string> {
  const { deps, workspace } = api;
  const secret = await addToken(deps, { access: 'write', workspaceIds: [workspace.id] });
  const found = await findTokenByHash(deps.db, hashTokenSecret(secret));
  await revokeToken(deps.db, 'all', found?.tokenId ?? '');
  return secret;
}

async function expiredToken(api: TestApi): Promise<string> {
  const { deps, workspace } = api;
  const secret = await addToken(deps, { access: 'write', workspaceIds: [workspace.id] });
  await deps.db.execute({
    text: `UPDATE tokens SET expires_at = clock_timestamp() WHERE secret_hash = $1`,
    values: [hashTokenSecret(secret)],
  });
  return secret;
}
