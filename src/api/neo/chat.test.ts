import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  all,
  type ChatDesk,
  openChatDesk,
  tail,
  textOf,
  until,
} from '../../../test/support/chat.ts';
import { documentFault } from '../../../test/support/neo.ts';

let desk: ChatDesk;
beforeAll(async () => {
  desk = await openChatDesk();
});
afterAll(() => desk[Symbol.asyncDispose]());

const sessions = '/public-api/chat/sessions';
const kinds = (envelopes: readonly { readonly type: string }[]) =>
  envelopes.map(({ type }) => type);
const guardrails = [{ title: 'No refunds', knowledge: 'Promise none.' }];

describe('a chat session', () => {
  test('is made, listed, read and closed, as documented', async () => {
    const { api } = desk;
    const id = await desk.open();
    const shown = await api.request('GET', `${sessions}/${id}`);
    expect(shown.json.data).toMatchObject({ id, client_id: null, title: null, archived_at: null });
    expect(documentFault(`GET ${sessions}/{session_id}`, shown)).toBeNull();
    const agent_id = shown.json.data.agent_id;
    const listed = await api.request('GET', `${sessions}?agent_id=${agent_id}`);
    expect(listed.json.data.map((one: { id: string }) => one.id)).toEqual([id]);
    const closed = await api.request('DELETE', `${sessions}/${id}`);
    expect([closed.status, closed.json.data.archived_at]).toEqual([200, expect.any(String)]);
    expect((await api.request('DELETE', `${sessions}/${id}`)).status).toBe(409);
    const message = await api.request('POST', `${sessions}/${id}/messages`, {
      body: { message: 'Hello?' },
    });
    expect([message.status, message.json.error.code]).toEqual([409, 'conflict']);
    expect((await api.request('GET', `${sessions}/${id}/messages`)).status).toBe(200);
    const left = await api.request('GET', `${sessions}?agent_id=${agent_id}`);
    expect(left.json.data).toEqual([]);
  });

  test('is refused in words for what it cannot be made of', async () => {
    const { api } = desk;
    const refused = async (body: unknown) => {
      const { status, json } = await api.request('POST', sessions, { body });
      return [status, json.error.code, Object.keys(json.error.details ?? {})];
    };
    expect(await refused({})).toEqual([422, 'validation_error', ['agent_id']]);
    const support = { managed_agent_key: 'NEO_SUPPORT' };
    expect(await refused(support)).toEqual([422, 'validation_error', ['managed_agent_key']]);
    expect((await refused({ ...support, agent_id: 1 }))[0]).toBe(422);
    expect((await refused({ agent_id: 999_999 }))[0]).toBe(404);
    expect((await refused({ agent_id: true }))[0]).toBe(422);
  });
});

describe('a message', () => {
  test('is answered by the agent, in text as it comes', async () => {
    const { api } = desk;
    const session = await desk.open();
    const sent = await desk.write(session, { message: 'Where is my order?' });
    const events = tail(api, session, { since: sent.since_cursor });
    const call = await desk.nextCall();
    expect(call.request.messages.at(-1)?.text).toMatch(/\nWhere is my order\?$/);
    expect(call.request.messages[0]?.text).toContain('as plain text');
    call.say('It is ');
    const first = await until(events, ({ type }) => type === 'text-delta');
    expect(kinds(first)).toEqual(['data-message', 'start', 'text-start', 'text-delta']);
    expect(first[0]).toMatchObject({ data: { role: 'user', message: 'Where is my order?' } });
    expect(first[1]?.messageId).toBe(sent.chat_turn_id);
    call.say('on its ');
    call.answer({ text: 'It is on its way.' });
    const rest = await all(events);
    expect(textOf([...first, ...rest])).toEqual(['It is on its way.']);
    expect(kinds(rest).slice(-3)).toEqual(['text-end', 'finish', 'done']);
    const replay = await api.request('GET', `${sessions}/${session}/messages`);
    expect(documentFault(`GET ${sessions}/{session_id}/messages`, replay)).toBeNull();
    expect(replay.json.data).toMatchObject([
      { role: 'user', sender: 'user', message: 'Where is my order?', chat_turn_id: null },
      {
        role: 'assistant',
        sender: 'agent',
        message: 'It is on its way.',
        chat_turn_id: sent.chat_turn_id,
      },
    ]);
    const second = await desk.write(session, { message: 'Thanks.' });
    const next = await desk.nextCall();
    expect(next.request.messages.slice(-2).map(({ text }) => text)).toEqual([
      'It is on its way.',
      'Thanks.',
    ]);
    next.answer({ text: 'You are welcome.' });
    const all2 = await all(tail(api, session, { since: second.since_cursor }));
    expect(textOf(all2)).toEqual(['You are welcome.']);
  });

  test('that is sent twice is one: 409 with the ids of the first, and no second turn', async () => {
    const { api } = desk;
    const session = await desk.open();
    const body = { message: 'Once', client_message_id: 'm-1' };
    const path = `${sessions}/${session}/messages`;
    const answers = await Promise.all([1, 2, 3].map(() => api.request('POST', path, { body })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409]);
    const first = answers.find(({ status }) => status === 202)?.json.data;
    for (const { json } of answers.filter(({ status }) => status === 409)) {
      expect(json.error).toMatchObject({
        code: 'conflict',
        details: { message_id: first.user_message_id, user_message_id: first.user_message_id },
      });
    }
    (await desk.nextCall()).answer({ text: 'Once.' });
    await desk.ended(first.chat_turn_id);
    const { json } = await api.request('GET', path);
    expect(json.data.map((one: { client_message_id: string }) => one.client_message_id)).toEqual([
      'm-1',
      null,
    ]);
    const runs = await api.request('GET', `/v1/runs?conversation_id=${session}`);
    expect(runs.json.data).toHaveLength(1);
    // Another session may call its message the same.
    const other = await desk.open();
    await desk.write(other, body);
    (await desk.nextCall()).answer({ text: 'Here too.' });
  });

  test('that is sent again with its Idempotency-Key is one, and gets the first one’s ids', async () => {
    const { api } = desk;
    const session = await desk.open();
    const path = `${sessions}/${session}/messages`;
    const send = (message: string) =>
      api.request('POST', path, { body: { message }, headers: { 'Idempotency-Key': 'chat-1' } });
    const answers = await Promise.all([send('Once'), send('Once'), send('Once')]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    const call = await desk.nextCall();
    const again = await send('Once');
    for (const { json } of answers)
      expect(json.data.user_message_id).toBe(again.json.data.user_message_id);
    call.answer({ text: 'Once.' });
    await desk.ended(again.json.data.chat_turn_id);
    const other = await send('Twice');
    expect([other.status, other.json.error.code]).toEqual([409, 'idempotency_conflict']);
    const { json } = await api.request('GET', path);
    expect(json.data.map((one: { message: string }) => one.message)).toEqual(['Once', 'Once.']);
  });

  test('that comes while one is being answered is answered together with it, once', async () => {
    const { api } = desk;
    const session = await desk.open();
    const one = await desk.write(session, { message: 'Where is it?' });
    const first = await desk.nextCall();
    const events = tail(api, session, { since: one.since_cursor });
    const two = await desk.write(session, { message: 'Number 17.' });
    expect(two.chat_turn_id).not.toBe(one.chat_turn_id);
    first.answer({ text: 'Which number?' });
    const second = await desk.nextCall();
    expect(second.request.messages.at(-1)?.text).toMatch(/\nWhere is it\?\n\nNumber 17\.$/);
    second.answer({ text: 'Tomorrow.' });
    const seen = await all(events);
    const ends = seen.flatMap(({ type, messageMetadata }) =>
      type === 'finish' ? [messageMetadata.outcome] : [],
    );
    expect(ends).toEqual(['superseded', 'answered']);
    const { json } = await api.request('GET', `${sessions}/${session}/messages`);
    const replies = json.data.filter((message: { role: string }) => message.role === 'assistant');
    expect(replies.map((reply: { message: string }) => reply.message)).toEqual(['Tomorrow.']);
  });

  test('is refused when there is nothing in it, too much, or bytes that are no text', async () => {
    const { api } = desk;
    const session = await desk.open();
    const path = `${sessions}/${session}/messages`;
    const status = async (body: unknown) => (await api.request('POST', path, { body })).status;
    expect(await status({})).toBe(422);
    expect(await status({ message: ' ' })).toBe(422);
    expect(await status({ message: 7 })).toBe(422);
    expect(await status({ message: 'x'.repeat(100_001) })).toBe(422);
    expect(await status({ message: 'x'.repeat(1_100_000) })).toBe(413);
    expect(await status({ message: 'x', model_tier: 'HUGE' })).toBe(422);
    expect(await status('{"message":')).toBe(400);
    const badUtf8 = await api.app.request(path, {
      method: 'POST',
      headers: { Authorization: `Bearer ${api.tokens.write}` },
      body: Buffer.from([0x7b, 0x22, 0xff, 0xfe]),
    });
    expect(badUtf8.status).toBe(400);
    const unknown = await api.request('POST', `${sessions}/cv${'0'.repeat(30)}/messages`, {
      body: { message: 'x' },
    });
    expect([unknown.status, unknown.json.error.code]).toEqual([404, 'not_found']);
    const since = await api.request('GET', `${sessions}/${session}/events?since=yesterday`);
    expect([since.status, since.json.error.details.since]).toEqual([422, expect.any(String)]);
  });
});

describe('what a person outside sees', () => {
  test('is no text of an agent with guardrails before the verdict on it', async () => {
    const { api } = desk;
    const session = await desk.open({ guardrails });
    const sent = await desk.write(session, { message: 'Refund me.' });
    const events = all(tail(api, session, { since: sent.since_cursor }));
    const call = await desk.nextCall();
    call.say('Of course: here is 100 EUR.');
    call.answer({ text: 'Of course: here is 100 EUR.' });
    const verdict = await desk.nextCall();
    expect(verdict.request.purpose).toBe('guardrail');
    const [rule] = (await api.request('GET', `/v1/agents`)).json.data[0].guardrails;
    const broken = { violations: [{ guardrail: rule.id, why: 'It promises money.' }] };
    verdict.answer({ text: JSON.stringify(broken) });
    const again = await desk.nextCall();
    again.say('A colleague ');
    again.answer({ text: 'A colleague will look.' });
    (await desk.nextCall()).answer({ text: '{"violations":[]}' });
    const seen = await events;
    expect(textOf(seen)).toEqual(['A colleague will look.']);
    expect(JSON.stringify(seen)).not.toContain('100 EUR');
  });

  test('is the reply of a person where the agent only proposes', async () => {
    const { api } = desk;
    const session = await desk.open({ operation_mode: 'copilot' });
    const sent = await desk.write(session, { message: 'Refund me.' });
    const events = tail(api, session, { since: sent.since_cursor });
    const call = await desk.nextCall();
    call.say('Sure.');
    call.finish({ disposition: 'resolved', response: 'Sure.' });
    const seen = await all(events);
    expect(textOf(seen)).toEqual([]);
    const finish = seen.find(({ type }) => type === 'finish');
    expect(finish?.messageMetadata).toEqual({ outcome: 'handed_over', message_id: null });
    const later = all(tail(api, session, { lastEventId: finish?.eventId ?? '' }));
    const byHand = await api.request('POST', `/v1/conversations/${session}/messages`, {
      body: { body: 'No.' },
    });
    expect(byHand.status).toBe(201);
    expect(textOf(await later)).toEqual(['No.']);
  });

  test('loses a text whose attempt died, and gets the one that came in its place', async () => {
    const { api } = desk;
    const session = await desk.open();
    const sent = await desk.write(session, { message: 'Hello' });
    const events = tail(api, session, { since: sent.since_cursor });
    const call = await desk.nextCall();
    call.say('Good mor', 1);
    const before = await until(events, ({ type }) => type === 'text-delta');
    call.say('Good evening', 2);
    const withdrawn = await until(events, ({ type }) => type === 'data-withdrawn');
    call.answer({ text: 'Good evening.' });
    const seen = [...before, ...withdrawn, ...(await all(events))];
    expect(textOf(seen)).toEqual(['Good evening.']);
  });

  test('is no text of an attempt with the end of another, whoever looked away meanwhile', async () => {
    const { api } = desk;
    const session = await desk.open();
    const sent = await desk.write(session, { message: 'Hello' });
    const cut = tail(api, session, { since: sent.since_cursor });
    const call = await desk.nextCall();
    call.say('Good morning', 1);
    const before = await until(cut, ({ type }) => type === 'text-delta');
    await cut.return(undefined);
    call.say('Good ev', 2);
    call.answer({ text: 'Good evening.' });
    await desk.ended(sent.chat_turn_id);
    const lastEventId = before.at(-1)?.eventId ?? '';
    const seen = [...before, ...(await all(tail(api, session, { lastEventId })))];
    expect(textOf(seen)).toEqual(['Good evening.']);
    expect(kinds(seen).slice(-7)).toEqual([
      ...['text-end', 'data-withdrawn', 'text-start', 'text-delta', 'text-end', 'finish', 'done'],
    ]);
  });

  test('is which tools are used, where the session says so, and never what went through them', async () => {
    const { api } = desk;
    const { number } = { number: await agentNumber() };
    const made = await api.request('POST', sessions, {
      body: { agent_id: number, show_agent_progress_steps: true },
    });
    const session = made.json.data.id;
    const sent = await desk.write(session, { message: 'Look it up' });
    const events = all(tail(api, session, { since: sent.since_cursor }));
    const look = [{ callId: 'a', name: 'look', argumentsText: '{"secret":"of-the-house"}' }];
    (await desk.nextCall()).answer({ text: '', toolCalls: look, finishReason: 'tool_calls' });
    (await desk.nextCall()).answer({ text: 'Found.' });
    const seen = await events;
    const progress = seen.filter(({ type }) => type === 'data-progress');
    expect(progress.map(({ data }) => data)).toEqual([
      { tool: 'look', state: 'started' },
      { tool: 'look', state: 'done' },
    ]);
    expect(JSON.stringify(seen)).not.toContain('of-the-house');
    expect(JSON.stringify(seen)).not.toContain('seen');
  });
});

test('events resume after any of their ids: nothing is missed, and nothing comes twice', async () => {
  const { api } = desk;
  const session = await desk.open();
  const sent = await desk.write(session, { message: 'Hello' });
  const whole = all(tail(api, session, { since: sent.since_cursor }));
  const cut = tail(api, session, { since: sent.since_cursor });
  const call = await desk.nextCall();
  call.say('One, ');
  const shown = await until(cut, ({ type }) => type === 'text-delta');
  await cut.return(undefined);
  call.say('two, ');
  call.answer({ text: 'One, two, three.' });
  const rest = await all(tail(api, session, { lastEventId: shown.at(-1)?.eventId ?? '' }));
  expect(textOf([...shown, ...rest])).toEqual(['One, two, three.']);
  expect(kinds(rest)).not.toContain('text-start');
  const seen = await whole;
  const told = (envelopes: typeof seen) =>
    envelopes.map(({ eventId: _, ...envelope }) => envelope).filter(({ type }) => type !== 'done');
  const again = await all(tail(api, session, { since: sent.since_cursor }));
  for (const [index, { eventId }] of again.slice(0, -2).entries()) {
    const after = await all(tail(api, session, { lastEventId: eventId }));
    expect(told(after)).toEqual(told(again.slice(index + 1)));
  }
});

async function agentNumber(): Promise<number> {
  const { json } = await desk.api.request('GET', `${sessions}/${await desk.open()}`);
  return json.data.agent_id;
}
