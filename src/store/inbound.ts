import { createHash } from 'node:crypto';
import type { Channel } from '../core/channel.ts';
import { previewOf } from '../core/conversation.ts';
import { newId } from '../core/ids.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Database, Queryable } from './connect.ts';
import { conversationEvent, messageEvent } from './conversation-events.ts';
import { getConversation, wakeReaders } from './conversations.ts';
import { type MessageRow, messageColumns, toMessage } from './messages.ts';

// Messages that come in. A message, its conversation's count and the time at which its triggers are due are one
// commit, under the lock of the conversation's row, which every reply takes too: a reply either knows of the
// message or is committed before it. Locks are taken in one order: conversation, contact, runs.

/** A message as a channel read it. */
export interface InboundMessage {
  readonly channel: Channel;
  /** What the channel knows it by: a second one with it is a repeat. Null: never a repeat. */
  readonly externalId: string | null;
  /** Messages with the same key are one conversation. */
  readonly threadKey: string;
  readonly contact: {
    /** Where they can be reached, unique within the scope. */
    readonly value: string;
    readonly scope: string;
    readonly firstName: string | null;
    readonly lastName: string | null;
  };
  readonly sender: { readonly externalId: string | null; readonly name: string | null };
  readonly subject: string | null;
  readonly body: string;
  /** False for what nobody is to answer, such as an automatic reply. */
  readonly wantsReply: boolean;
}

export interface RecordedMessage {
  /** `repeated`: it had come before, and nothing was written. */
  readonly kind: 'received' | 'repeated';
  readonly messageId: string;
  readonly conversationId: string;
}

/** A burst is held together for no more than so many of its channel's quiet times. */
const longestBurst = 5;

/** Commits a message. Nothing that was acknowledged before is written again. */
export async function recordInbound(
  db: Database,
  message: InboundMessage,
): Promise<RecordedMessage> {
  return await db.transaction(async (tx) => {
    const place = await placeOf(tx, message);
    const { externalId, channel } = message;
    const known = externalId === null ? null : await findInbound(tx, channel.id, externalId);
    if (known !== null) return { kind: 'repeated', ...known };
    const row = await insertMessage(tx, place.conversationId, message);
    if (row === null) throw new Error('A message of this channel was recorded twice at once.');
    await countInbound(tx, place.conversationId, message);
    await touchContact(tx, place, message);
    if (message.wantsReply) await wakeReaders(tx, place.conversationId);
    const conversation = await getConversation(tx, 'all', place.conversationId);
    if (place.isNew && conversation !== null) {
      const type = 'conversation.created';
      const id = `${type}/${conversation.id}`;
      await conversationEvent(tx, { id, type, conversation, causedByRunId: null });
    }
    await messageEvent(tx, 'message.received', { ...toMessage(row), contactId: place.contactId });
    return { kind: 'received', messageId: row.id, conversationId: place.conversationId };
  });
}

/**
 * Replaces what a message says, by what its channel knows it by. While it has no answer the edit counts as news:
 * a reply to the old text is not delivered, and triggers are due again. Null: there is no such message.
 */
export async function recordEdit(
  db: Database,
  edit: { readonly channel: Channel; readonly externalId: string; readonly body: string },
): Promise<RecordedMessage | null> {
  return await db.transaction(async (tx) => {
    const ids = await findInbound(tx, edit.channel.id, edit.externalId);
    if (ids === null) return null;
    const { messageId, conversationId } = ids;
    await tx.query({
      name: 'conversation_lock',
      text: 'SELECT id FROM conversations WHERE id = $1 FOR UPDATE',
      values: [conversationId],
    });
    const rows = await tx.query<{ is_news: boolean }>({
      name: 'inbound_edit',
      text: `UPDATE messages m SET body = $2, edited_at = clock_timestamp(),
          rev = CASE WHEN m.rev > v.answered_rev THEN v.inbound_rev + 1 ELSE m.rev END
        FROM conversations v
        WHERE m.id = $1 AND v.id = m.conversation_id AND m.body <> $2
        RETURNING m.rev > v.inbound_rev AS is_news`,
      values: [messageId, toStorableText(edit.body)],
    });
    if (rows[0] === undefined) return { kind: 'repeated', ...ids };
    if (rows[0].is_news) {
      await makeDue(tx, conversationId, edit.channel.quietMs);
      await wakeReaders(tx, conversationId);
    }
    return { kind: 'received', ...ids };
  });
}

interface Place {
  readonly conversationId: string;
  readonly contactId: string;
  readonly contactChannelId: string;
  readonly isNew: boolean;
}

/** The locked conversation, made if need be, with its contact. */
async function placeOf(tx: Queryable, message: InboundMessage): Promise<Place> {
  const { channel } = message;
  const key = toStorableText(message.threadKey);
  const before = await lockThread(tx, channel.id, key);
  if (before !== null) return { ...before, isNew: false };
  const reached = await contactOf(tx, message);
  const inserted = await tx.execute({
    name: 'conversation_insert',
    text: `INSERT INTO conversations (id, workspace_id, contact_id, inbox_type_id, channel_id, channel,
        contact_channel_id, thread_key, subject)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (channel_id, md5(thread_key)) DO NOTHING`,
    values: [
      newId('conversation'),
      channel.workspaceId,
      reached.contactId,
      channel.inboxTypeId,
      channel.id,
      channel.channel,
      reached.contactChannelId,
      key,
      message.subject === null ? null : toStorableText(message.subject),
    ],
  });
  const made = await lockThread(tx, channel.id, key);
  if (made === null) throw new Error('The conversation that was just made is not there.');
  return { ...made, isNew: inserted > 0 };
}

/**
 * The key of the thread with this address that one of the messages belongs to; null: none does. A stranger who knows
 * the id of somebody's message begins a thread of their own.
 */
export async function findThread(
  db: Queryable,
  of: {
    readonly channelId: string;
    readonly externalIds: readonly string[];
    readonly address: string;
  },
): Promise<string | null> {
  const { channelId, externalIds, address } = of;
  // A message of ours may come back by its id before its sending was noted.
  const ids = externalIds.flatMap((id) => /^<(ms[0-9a-z]{30})@/.exec(id)?.[1] ?? []);
  const [row] = await db.query<{ thread_key: string }>({
    name: 'thread_by_references',
    text: `SELECT v.thread_key FROM messages m JOIN conversations v ON v.id = m.conversation_id
      JOIN contact_channels k ON k.id = v.contact_channel_id
      WHERE m.channel_id = $1 AND k.value = $5 AND ((m.external_id IS NOT NULL AND md5(m.external_id) = ANY ($2) AND m.external_id = ANY ($3))
        OR m.id = ANY ($4))
      ORDER BY m.created_at DESC LIMIT 1`,
    values: [
      channelId,
      externalIds.map((id) => createHash('md5').update(toStorableText(id)).digest('hex')),
      externalIds.map(toStorableText),
      ids,
      toStorableText(address),
    ],
  });
  return row === undefined ? null : fromStorableText(row.thread_key);
}

async function lockThread(
  tx: Queryable,
  channelId: string,
  threadKey: string,
): Promise<Omit<Place, 'isNew'> | null> {
  const [row] = await tx.query<{ id: string; contact_id: string; contact_channel_id: string }>({
    name: 'conversation_lock_thread',
    text: `SELECT id, contact_id, contact_channel_id FROM conversations
      WHERE channel_id = $1 AND md5(thread_key) = md5($2) AND thread_key = $2 FOR UPDATE`,
    values: [channelId, threadKey],
  });
  if (row === undefined) return null;
  return {
    conversationId: row.id,
    contactId: row.contact_id,
    contactChannelId: row.contact_channel_id,
  };
}

interface Reached {
  readonly contactId: string;
  readonly contactChannelId: string;
}

/** Who is reached at the address, made if nobody was known there. */
async function contactOf(tx: Queryable, message: InboundMessage): Promise<Reached> {
  const { channel, contact } = message;
  const value = toStorableText(contact.value);
  const address = [channel.workspaceId, channel.channel, contact.scope, value];
  const known = await findAddress(tx, address);
  if (known !== null) return known;
  // Two first messages of one address at once make one contact.
  await tx.query({
    name: 'contact_address_lock',
    text: `SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'contact', $1::text, $2::text, $3::text, $4::text), 0))`,
    values: address,
  });
  const meanwhile = await findAddress(tx, address);
  if (meanwhile !== null) return meanwhile;
  const reached = { contactId: newId('contact'), contactChannelId: newId('contactChannel') };
  const text = (given: string | null) => (given === null ? null : toStorableText(given));
  await tx.execute({
    name: 'contact_insert',
    text: `WITH contact AS (
        INSERT INTO contacts (id, workspace_id, inbox_type_id, type, first_name, last_name)
        VALUES ($6, $1, $8, 'person', $9, $10)
      )
      INSERT INTO contact_channels (id, workspace_id, contact_id, type, scope, value, channel_id)
      VALUES ($7, $1, $6, $2, $3, $4, $5)`,
    values: [
      ...address,
      channel.id,
      reached.contactId,
      reached.contactChannelId,
      channel.inboxTypeId,
      text(contact.firstName),
      text(contact.lastName),
    ],
  });
  return reached;
}

async function findAddress(tx: Queryable, address: readonly unknown[]): Promise<Reached | null> {
  const [row] = await tx.query<{ id: string; contact_id: string }>({
    name: 'contact_by_address',
    text: `SELECT id, contact_id FROM contact_channels
      WHERE workspace_id = $1 AND type = $2 AND scope = $3 AND md5(value) = md5($4) AND value = $4`,
    values: address,
  });
  return row === undefined ? null : { contactId: row.contact_id, contactChannelId: row.id };
}

async function findInbound(
  tx: Queryable,
  channelId: string,
  externalId: string,
): Promise<Pick<RecordedMessage, 'messageId' | 'conversationId'> | null> {
  const [row] = await tx.query<{ id: string; conversation_id: string }>({
    name: 'inbound_find',
    text: `SELECT id, conversation_id FROM messages
      WHERE channel_id = $1 AND md5(external_id) = md5($2) AND external_id = $2 AND direction = 'inbound'`,
    values: [channelId, toStorableText(externalId)],
  });
  return row === undefined ? null : { messageId: row.id, conversationId: row.conversation_id };
}

/** Null: the channel has a message of this id, in another conversation and of another transaction. */
async function insertMessage(
  tx: Queryable,
  conversationId: string,
  message: InboundMessage,
): Promise<MessageRow | null> {
  const text = (given: string | null) => (given === null ? null : toStorableText(given));
  const rows = await tx.query<MessageRow>({
    name: 'inbound_insert',
    text: `INSERT INTO messages AS m (id, workspace_id, conversation_id, n, direction, channel_id, channel, body,
        subject, status, external_id, rev, sender_external_id, sender_name)
      SELECT $1, v.workspace_id, v.id, v.last_n + 1, 'inbound', $3, $4, $5, $6, 'received', $7,
        CASE WHEN $10 THEN v.inbound_rev + 1 END, $8, $9
      FROM conversations v WHERE v.id = $2
      ON CONFLICT DO NOTHING RETURNING ${messageColumns}`,
    values: [
      newId('message'),
      conversationId,
      message.channel.id,
      message.channel.channel,
      toStorableText(message.body),
      text(message.subject),
      text(message.externalId),
      text(message.sender.externalId),
      text(message.sender.name),
      message.wantsReply,
    ],
  });
  return rows[0] ?? null;
}

async function countInbound(
  tx: Queryable,
  conversationId: string,
  message: InboundMessage,
): Promise<void> {
  await tx.execute({
    name: 'conversation_count_inbound',
    text: `UPDATE conversations SET last_n = last_n + 1,
        inbound_rev = inbound_rev + CASE WHEN $3 THEN 1 ELSE 0 END,
        state = CASE WHEN $3 AND state = 'done' THEN 'todo' ELSE state END,
        archived = archived AND NOT $3,
        last_message_at = clock_timestamp(), last_message_preview = $2, updated_at = clock_timestamp()
      WHERE id = $1`,
    values: [conversationId, toStorableText(previewOf(message.body)), message.wantsReply],
  });
  if (message.wantsReply) await scheduleFiring(tx, conversationId, message.channel.quietMs);
}

/** One more thing to answer, and its triggers due. */
async function makeDue(tx: Queryable, conversationId: string, quietMs: number): Promise<void> {
  await tx.execute({
    name: 'conversation_count_edit',
    text: `UPDATE conversations SET inbound_rev = inbound_rev + 1, updated_at = clock_timestamp()
      WHERE id = $1`,
    values: [conversationId],
  });
  await scheduleFiring(tx, conversationId, quietMs);
}

async function scheduleFiring(
  tx: Queryable,
  conversationId: string,
  quietMs: number,
): Promise<void> {
  await tx.execute({
    name: 'conversation_make_due',
    text: `UPDATE conversations SET
        burst_at = coalesce(burst_at, clock_timestamp()),
        due_at = least(
          clock_timestamp() + make_interval(secs => $2),
          coalesce(burst_at, clock_timestamp()) + make_interval(secs => $3))
      WHERE id = $1`,
    values: [conversationId, quietMs / 1_000, (longestBurst * quietMs) / 1_000],
  });
}

async function touchContact(tx: Queryable, place: Place, message: InboundMessage): Promise<void> {
  await tx.execute({
    name: 'contact_touch',
    text: `WITH address AS (
        UPDATE contact_channels SET channel_id = $5 WHERE id = $4 AND channel_id IS DISTINCT FROM $5
      )
      UPDATE contacts SET last_channel = $2, last_message_at = clock_timestamp(),
        last_message_preview = $3, active_at = clock_timestamp(), updated_at = clock_timestamp()
      WHERE id = $1`,
    values: [
      place.contactId,
      message.channel.channel,
      toStorableText(previewOf(message.body)),
      place.contactChannelId,
      message.channel.id,
    ],
  });
}
