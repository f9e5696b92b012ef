import { afterAll, beforeAll, expect, test } from 'vitest';
import { all, type ChatDesk, openChatDesk, tail, until } from '../../../test/support/chat.ts';

let desk: ChatDesk;
beforeAll(async () => {
  desk = await openChatDesk();
});
afterAll(() => desk[Symbol.asyncDispose]());

const sessions = '/public-api/chat/sessions';
const mint = (body: object, token?: string) =>
  desk.api.request('POST', '/public-api/sessions', {
    body,
    ...(token === undefined ? {} : { token }),
  });

test('somebody outside chats with their token, as who it says they are, whatever they send', async () => {
  const { api } = desk;
  const session_id = await desk.open();
  const minted = await mint({ session_id, end_user: 'Ada', end_user_email: 'ada@example.com' });
  expect([minted.status, minted.json.data.session_id]).toEqual([201, session_id]);
  const { token } = minted.json.data;
  const path = `${sessions}/${session_id}/messages`;
  const body = { message: 'Hello', sender: 'Eve', end_user: 'Eve', contact_id: 'eve' };
  const sent = await api.request('POST', path, { token, body });
  expect(sent.status, sent.text).toBe(202);
  const call = await desk.nextCall();
  expect(call.request.messages[1]?.text).toContain('"from":"Ada"');
  call.answer({ text: 'Hello Ada.' });
  const seen = await all(tail(api, session_id, { token, since: sent.json.data.since_cursor }));
  expect(JSON.stringify(seen)).toContain('Hello Ada.');
  const replay = await api.request('GET', path, { token });
  expect(replay.json.data).toHaveLength(2);
  const inside = await api.request('GET', `/v1/conversations/${session_id}/messages`);
  expect(JSON.stringify(inside.json)).not.toContain('Eve');
  for (const elsewhere of [`/v1/conversations/${session_id}`, sessions, '/v1/agents', '/v1']) {
    expect((await api.request('GET', elsewhere, { token })).status).toBe(403);
  }
  expect((await mint({ session_id }, token)).status).toBe(403);
});

test('a token ends with its time, its revocation and its session, and open streams with it', async () => {
  const { api } = desk;
  const session_id = await desk.open();
  const { token, jti } = (await mint({ session_id, ttl_seconds: 60 })).json.data;
  const read = async (by = token) =>
    (await api.request('GET', `${sessions}/${session_id}`, { token: by })).status;
  expect(await read()).toBe(200);
  const first = tail(api, session_id, { token, follow: true, since: '0-0-e-0' });
  await api.request('POST', `${sessions}/${session_id}/messages`, { body: { message: 'One' } });
  await until(first, ({ type }) => type === 'data-message');
  const revoke = () => api.request('DELETE', `/public-api/sessions/${jti}`);
  const other = { token: api.tokens.other };
  const foreign = await api.request('DELETE', `/public-api/sessions/${jti}`, other);
  expect([foreign.status, await read()]).toEqual([404, 200]);
  expect((await revoke()).status).toBe(200);
  expect(await read()).toBe(401);
  expect((await revoke()).status).toBe(404);
  // It is asked anew every few seconds.
  await all(first);
  const expiring = (await mint({ session_id })).json.data.token;
  expect(await read(expiring)).toBe(200);
  await api.deps.db.execute({
    text: 'UPDATE chat_tokens SET expires_at = clock_timestamp() WHERE session_id = $1',
    values: [session_id],
  });
  expect(await read(expiring)).toBe(401);
  const last = (await mint({ session_id })).json.data.token;
  await api.request('DELETE', `${sessions}/${session_id}`);
  expect(await read(last)).toBe(401);
  expect((await mint({ session_id })).status).toBe(409);
});

test('a token is minted for a session that is there, whose agent is allowed', async () => {
  const session_id = await desk.open();
  const shown = await desk.api.request('GET', `${sessions}/${session_id}`);
  const { agent_id } = shown.json.data;
  expect((await mint({ session_id, allowed_agent_ids: [agent_id] })).status).toBe(201);
  const refused = await mint({ session_id, allowed_agent_ids: [agent_id + 1] });
  expect([refused.status, Object.keys(refused.json.error.details)]).toEqual([
    422,
    ['allowed_agent_ids'],
  ]);
  expect((await mint({})).status).toBe(422);
  expect((await mint({ session_id, ttl_seconds: 1 })).status).toBe(422);
  expect((await mint({ session_id: `cv${'0'.repeat(30)}` })).status).toBe(404);
  expect((await mint({ session_id }, desk.api.tokens.other)).status).toBe(404);
  expect((await mint({ session_id }, desk.api.tokens.read)).status).toBe(403);
});
