import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { insertChannelRow } from '../../test/support/channels.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import type { Channel } from '../core/channel.ts';
import { newId } from '../core/ids.ts';
import type { Queryable } from './connect.ts';
import { listContactChannels, listContacts } from './contacts.ts';
import { getConversation, updateConversation } from './conversations.ts';
import { type InboundMessage, recordEdit, recordInbound } from './inbound.ts';
import { claimMessages, recordSend, releaseMessage, requeueMessage } from './message-claims.ts';
import { getMessage, readLastMessages } from './messages.ts';
import { sendByHand } from './outbound.ts';
import { createWorkspace } from './workspaces.ts';

let database: TestDatabase;
let channel: Channel;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  channel = await makeChannel({});
});

async function makeChannel(change: Partial<Channel>): Promise<Channel> {
  const { id: workspaceId } = await createWorkspace(database.db, { name: 'W', rateLimit: null });
  return await insertChannelRow(database.db, workspaceId, change);
}

function inbound(change: Partial<InboundMessage> = {}): InboundMessage {
  return {
    channel,
    externalId: newId('unit'),
    threadKey: 'thread',
    contact: { value: 'ada', scope: channel.id, firstName: 'Ada', lastName: null },
    sender: { externalId: 'ada', name: 'Ada' },
    subject: null,
    body: 'Hello\u0000 there',
    wantsReply: true,
    ...change,
  };
}

const conversationOf = async (id: string) => {
  const found = await getConversation(database.db, 'all', id);
  if (found === null) throw new Error(`no conversation ${id}`);
  return found;
};
/** What is claimed of the test's own channel. */
const claim = async (leaseMs = 60_000, db: Queryable = database.db) => {
  const request = { limit: 100, perLane: 10, busy: new Map(), leaseMs };
  const claimed = await claimMessages(db, request);
  return claimed.filter((message) => message.channel.id === channel.id);
};
const send = (conversationId: string, body: string) =>
  database.db.transaction((tx) =>
    sendByHand(tx, { conversationId, body, subject: null, senderId: null }),
  );

describe('a message that comes in', () => {
  test('is taken once, makes contact and conversation, and puts what was done back to do', async () => {
    const { db } = database;
    const first = await recordInbound(db, inbound({ externalId: 'm1' }));
    expect(first.kind).toBe('received');
    expect(await recordInbound(db, inbound({ externalId: 'm1', body: 'again' }))).toEqual({
      ...first,
      kind: 'repeated',
    });
    await updateConversation(db, { scope: 'all', id: first.conversationId }, { state: 'done' });
    await recordInbound(db, inbound({ externalId: 'm2', body: 'More' }));
    const conversation = await conversationOf(first.conversationId);
    expect(conversation).toMatchObject({
      state: 'todo',
      inboundRev: 2,
      answeredRev: 0,
      lastMessagePreview: 'More',
      contact: { firstName: 'Ada' },
    });
    const messages = await readLastMessages(db, conversation.id, 10);
    expect(messages.map(({ n, body }) => [n, body])).toEqual([
      [1, 'Hello\u0000 there'],
      [2, 'More'],
    ]);
    const [node] = await listContactChannels(db, conversation.contact.id);
    expect(node).toMatchObject({ type: 'webhook', value: 'ada', channelId: channel.id });
  });

  test('is one of many at once: one contact, one conversation, numbers without gaps', async () => {
    const { db } = database;
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, n) => recordInbound(db, inbound({ externalId: `m${n % 6}` }))),
    );
    expect(new Set(all.map(({ conversationId }) => conversationId)).size).toBe(1);
    expect(all.filter(({ kind }) => kind === 'received').length).toBe(6);
    const [first] = all;
    const messages = await readLastMessages(db, first?.conversationId ?? '', 10);
    expect(messages.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    const filter = { workspaceId: channel.workspaceId };
    const page = { limit: 10, after: null, sortBy: 'follow_up_at', order: 'asc' } as const;
    expect((await listContacts(db, filter, page)).items.length).toBe(1);
  });

  test('counts as news when it is edited before it was answered, and not after', async () => {
    const { db } = database;
    const { conversationId } = await recordInbound(db, inbound({ externalId: 'm1' }));
    const edit = (body: string) => recordEdit(db, { channel, externalId: 'm1', body });
    expect((await edit('Hello, you'))?.kind).toBe('received');
    expect((await edit('Hello, you'))?.kind).toBe('repeated');
    expect((await conversationOf(conversationId)).inboundRev).toBe(2);
    await send(conversationId, 'Hello.');
    await edit('Hello, all');
    expect(await conversationOf(conversationId)).toMatchObject({ inboundRev: 2, answeredRev: 2 });
    expect(await recordEdit(db, { channel, externalId: 'none', body: 'x' })).toBeNull();
  });

  test('that nobody is to answer changes nothing but the transcript', async () => {
    const { db } = database;
    const { conversationId } = await recordInbound(db, inbound({ wantsReply: false }));
    expect(await conversationOf(conversationId)).toMatchObject({ inboundRev: 0, answeredRev: 0 });
  });
});

describe('a message that goes out', () => {
  test('goes after the one before it, and is sent when its attempt says so', async () => {
    const { db } = database;
    const { conversationId } = await recordInbound(db, inbound());
    const first = await send(conversationId, 'One');
    await send(conversationId, 'Two');
    const [claimed, ...others] = await claim();
    expect([claimed?.id, others]).toEqual([first.id, []]);
    expect(claimed).toMatchObject({ body: 'One', to: 'ada', threadKey: 'thread', tries: 0 });
    if (claimed === undefined) return;
    expect(await claim()).toEqual([]);
    await releaseMessage(db, claimed);
    const [again] = await claim();
    if (again === undefined) throw new Error('It was not claimed again.');
    const sent = { kind: 'sent', externalId: 'x1', error: null, afterMs: 0 } as const;
    await recordSend(db, claimed, { ...sent, kind: 'failed' });
    await recordSend(db, again, sent);
    expect(await getMessage(db, conversationId, first.id)).toMatchObject({
      status: 'sent',
      externalId: 'x1',
      attempts: 1,
    });
    expect((await claim())[0]?.body).toBe('Two');
  });

  test('whose claim lapses between two statements is not sent again', async () => {
    const { db } = database;
    const { conversationId } = await recordInbound(db, inbound());
    const { id } = await send(conversationId, 'One');
    await claim();
    const lapsing: Queryable = {
      query: (statement) => db.query(statement),
      async execute(statement) {
        const count = await db.execute(statement);
        await db.execute({
          text: 'UPDATE messages SET next_at = clock_timestamp() WHERE id = $1',
          values: [id],
        });
        return count;
      },
    };
    expect((await claim(60_000, lapsing)).map((one) => one.id)).not.toContain(id);
    expect(await claim()).toEqual([]);
    expect(await getMessage(db, conversationId, id)).toMatchObject({ status: 'unknown' });
  });

  test('whose attempt died is unknown until somebody decides, or sent again where that does no harm', async () => {
    const { db } = database;
    const { conversationId } = await recordInbound(db, inbound());
    const { id } = await send(conversationId, 'One');
    await claim(-1_000);
    expect(await claim()).toEqual([]);
    expect(await getMessage(db, conversationId, id)).toMatchObject({ status: 'unknown' });
    expect(await requeueMessage(db, { conversationId, id })).toBe(true);
    expect(await requeueMessage(db, { conversationId, id })).toBe(false);
    expect((await claim())[0]?.id).toBe(id);

    channel = await makeChannel({ resendUnknown: true });
    const other = await recordInbound(db, inbound());
    const safe = await send(other.conversationId, 'One');
    const [died] = await claim(-1_000);
    expect(died?.id).toBe(safe.id);
    expect((await claim())[0]?.claim).toBe((died?.claim ?? 0) + 1);
  });
});
