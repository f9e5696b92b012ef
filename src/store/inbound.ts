import type { NewAttachment } from '../core/attachment.ts';
import type { Channel } from '../core/channel.ts';
import { previewOf } from '../core/conversation.ts';
import { newId } from '../core/ids.ts';
import { storableOrNull, toStorableText } from '../core/storable-text.ts';
import { insertAttachments } from './attachments.ts';
import type { Database, Queryable } from './connect.ts';
import { conversationEvent, messageEvent } from './conversation-events.ts';
import { getConversation, wakeReaders } from './conversations.ts';
import { type Place, placeOf, type ToPlace } from './inbound-place.ts';
import { type MessageRow, messageColumns, toMessage } from './messages.ts';
import type { InTransaction } from './workspaces.ts';

// Messages that come in. A message, its conversation's count and the time at which its triggers are due are one
// commit, under the lock of the conversation's row, which every reply takes too: a reply either knows of the
// message or is committed before it. Locks are taken in one order: conversation, contact, runs.

/** A message as a channel read it. */
export interface InboundMessage extends ToPlace {
  /** What the channel knows it by: a second one with it is a repeat. Null: never a repeat. */
  readonly externalId: string | null;
  readonly sender: { readonly externalId: string | null; readonly name: string | null };
  readonly body: string;
  readonly attachments?: readonly NewAttachment[];
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

/**
 * Commits a message, with what else belongs to its commit. Nothing that was acknowledged before is written again,
 * and `inTransaction` is not called for it.
 */
export async function recordInbound(
  db: Database,
  message: InboundMessage,
  inTransaction?: InTransaction<RecordedMessage>,
): Promise<RecordedMessage> {
  return await db.transaction(async (tx) => {
    const place = await placeOf(tx, message);
    const { externalId, channel } = message;
    const known = externalId === null ? null : await findInbound(tx, channel.id, externalId);
    if (known !== null) return { kind: 'repeated', ...known };
    const row = await insertMessage(tx, place.conversationId, message);
    if (row === null) throw new Error('A message of this channel was recorded twice at once.');
    const to = { conversationId: place.conversationId, messageId: row.id };
    const attachments = await insertAttachments(tx, to, message.attachments ?? []);
    await countInbound(tx, place.conversationId, message);
    await touchContact(tx, place, message);
    if (message.wantsReply) await wakeReaders(tx, place.conversationId);
    const conversation = place.isNew
      ? await getConversation(tx, 'all', place.conversationId)
      : null;
    if (conversation !== null) {
      const type = 'conversation.created';
      const id = `${type}/${conversation.id}`;
      await conversationEvent(tx, { id, type, conversation, causedByRunId: null });
    }
    const shown = toMessage({ ...row, attachments });
    await messageEvent(tx, 'message.received', { ...shown, contactId: place.contactId });
    const { conversationId } = place;
    const recorded = { kind: 'received', messageId: row.id, conversationId } as const;
    await inTransaction?.(tx, recorded);
    return recorded;
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
      storableOrNull(message.subject),
      storableOrNull(message.externalId),
      storableOrNull(message.sender.externalId),
      storableOrNull(message.sender.name),
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
    values: [
      conversationId,
      toStorableText(previewOf(message.body, message.attachments)),
      message.wantsReply,
    ],
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
      toStorableText(previewOf(message.body, message.attachments)),
      place.contactChannelId,
      message.channel.id,
    ],
  });
}
