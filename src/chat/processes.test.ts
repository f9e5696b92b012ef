import { EventEmitter } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { all, type ChatDesk, openChatDesk, tail, textOf, until } from '../../test/support/chat.ts';
import { silent } from '../../test/support/engine.ts';
import { createApi } from '../api/app.ts';
import { RunFeeds } from '../runs/watch.ts';
import { NotCommitted } from '../store/group-commit.ts';
import { dueMessages } from '../triggers/due-messages.ts';

// Chats over more than one process: one dies, another goes on.

let desk: ChatDesk;
beforeAll(async () => {
  desk = await openChatDesk();
});
afterAll(() => desk[Symbol.asyncDispose]());

const sessions = '/public-api/chat/sessions';

test('a message whose process died before its turn began is answered all the same, once', async () => {
  const { api } = desk;
  const session = await desk.open();
  const creator = {
    submit: () => Promise.reject(new NotCommitted()),
    close: async () => undefined,
  };
  const dying = createApi({ ...api.deps, creator: creator as never });
  const send = (app: typeof dying) =>
    app.request(`${sessions}/${session}/messages`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${api.tokens.write}` },
      body: JSON.stringify({ message: 'Hello?', client_message_id: 'm-1' }),
    });
  expect((await send(dying)).status).toBe(503);
  const repeated = await send(api.app);
  expect(repeated.status).toBe(409);
  await api.deps.db.execute({
    text: 'UPDATE conversations SET due_at = clock_timestamp() WHERE id = $1',
    values: [session],
  });
  const due = dueMessages({ ...api.deps, logger: silent });
  await Promise.all([due.run(), due.run()]);
  const events = all(tail(api, session, { since: '0-0-e-0' }));
  (await desk.nextCall()).answer({ text: 'Hello.' });
  expect(textOf(await events)).toEqual(['Hello.']);
  const { json } = await api.request('GET', `/v1/runs?conversation_id=${session}`);
  expect(json.data).toHaveLength(1);
});

test('a stream is gone on with by another process, which misses nothing', async () => {
  const { api } = desk;
  const session = await desk.open();
  const { db } = api.deps;
  const restarted = {
    ...api,
    app: createApi({ ...api.deps, feeds: new RunFeeds({ db, commits: new EventEmitter() }) }),
  };
  const sent = await desk.write(session, { message: 'Hello' });
  const before = tail(api, session, { since: sent.since_cursor });
  const call = await desk.nextCall();
  call.say('One, ');
  const shown = await until(before, ({ type }) => type === 'text-delta');
  await before.return(undefined);
  call.answer({ text: 'One, two.' });
  await desk.ended(sent.chat_turn_id);
  const rest = await all(tail(restarted, session, { lastEventId: shown.at(-1)?.eventId ?? '' }));
  expect(textOf([...shown, ...rest])).toEqual(['One, two.']);
});
