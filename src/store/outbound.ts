import { type MessageTemplate, previewOf } from '../core/conversation.ts';
import { newId } from '../core/ids.ts';
import { storableOrNull, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';
import { messageEvent } from './conversation-events.ts';
import { wakeReaders } from './conversations.ts';
import { type MessageRow, messageColumns, toMessage } from './messages.ts';

// What goes out is first a row, committed before anything is sent (I5).

/** What decides whether a reply still may go out. */
export interface ReplyState {
  readonly inbound_rev: number;
  readonly answered_rev: number;
  readonly is_paused: boolean;
}

/** Locks the conversation for the rest of the transaction. Every message that comes in takes this lock, too. */
export async function lockForReply(tx: Queryable, conversationId: string): Promise<ReplyState> {
  const [state] = await tx.query<ReplyState>({
    name: 'conversation_lock_for_reply',
    text: `SELECT v.inbound_rev, v.answered_rev, v.ai_paused OR c.ai_paused AS is_paused
      FROM conversations v JOIN contacts c ON c.id = v.contact_id WHERE v.id = $1 FOR UPDATE OF v`,
    values: [conversationId],
  });
  if (state === undefined) throw new Error(`There is no conversation ${conversationId}.`);
  return state;
}

export interface MessageToQueue {
  readonly id: string;
  readonly conversationId: string;
  readonly body: string;
  readonly subject: string | null;
  readonly template?: MessageTemplate | null;
  /** The token of who sends it; null when a run does. */
  readonly senderId: string | null;
  readonly runId: string | null;
  readonly idempotencyKey: string | null;
  /** Up to which count of the conversation it answers; null: all that has come in. */
  readonly answersRev: number | null;
  readonly marksAsDone: boolean;
}

/**
 * Adds an outgoing message to the conversation, which the caller has locked, and with it answers what came in.
 * On a channel that nothing is sent by, it has arrived with that.
 */
export async function queueMessage(tx: Queryable, message: MessageToQueue): Promise<MessageRow> {
  const rows = await tx.query<MessageRow & { contact_id: string }>({
    name: 'message_queue',
    text: `WITH stored AS (
        SELECT v.*, h.type = 'chat' AS is_stored
        FROM conversations v JOIN channels h ON h.id = v.channel_id WHERE v.id = $2
      ), inserted AS (
        INSERT INTO messages AS m (id, workspace_id, conversation_id, n, direction, channel_id, channel, body, subject,
          status, sender_id, run_id, idempotency_key, answers_rev, next_at, sent_at, template)
        SELECT $1, s.workspace_id, s.id, s.last_n + 1, 'outbound', s.channel_id, s.channel, $3, $4,
          CASE WHEN s.is_stored THEN 'sent' ELSE 'queued' END, $5, $6, $7, coalesce($8, s.inbound_rev),
          CASE WHEN NOT s.is_stored THEN date_trunc('milliseconds', clock_timestamp()) END,
          CASE WHEN s.is_stored THEN clock_timestamp() END, $11
        FROM stored s
        RETURNING ${messageColumns}
      ), counted AS (
        UPDATE conversations v SET last_n = v.last_n + 1,
          answered_rev = greatest(v.answered_rev, coalesce($8, v.inbound_rev)),
          -- Nothing is left to fire for when all is answered.
          due_at = CASE WHEN coalesce($8, v.inbound_rev) >= v.inbound_rev THEN NULL ELSE v.due_at END,
          burst_at = CASE WHEN coalesce($8, v.inbound_rev) >= v.inbound_rev THEN NULL ELSE v.burst_at END,
          state = CASE WHEN $9 THEN 'done' ELSE v.state END,
          last_message_at = clock_timestamp(), last_message_preview = $10, updated_at = clock_timestamp()
        WHERE v.id = $2
      ), touched AS (
        UPDATE contacts c SET last_channel = s.channel, last_message_at = clock_timestamp(),
          last_message_preview = $10, active_at = clock_timestamp(), updated_at = clock_timestamp()
        FROM stored s WHERE c.id = s.contact_id
      )
      SELECT i.*, s.contact_id FROM inserted i, stored s`,
    values: [
      message.id,
      message.conversationId,
      toStorableText(message.body),
      storableOrNull(message.subject),
      message.senderId,
      message.runId,
      message.idempotencyKey,
      message.answersRev,
      message.marksAsDone,
      toStorableText(previewOf(message.body)),
      storableOrNull(message.template == null ? null : JSON.stringify(message.template)),
    ],
  });
  const [row] = rows;
  if (row === undefined) throw new Error(`There is no conversation ${message.conversationId}.`);
  if (row.status === 'sent') {
    await messageEvent(tx, 'message.sent', { ...toMessage(row), contactId: row.contact_id });
  }
  return row;
}

/** A person's message: it answers all that has come in, and no run's reply follows it. */
export async function sendByHand(
  tx: Queryable,
  message: Pick<MessageToQueue, 'conversationId' | 'body' | 'subject' | 'senderId' | 'template'>,
): Promise<MessageRow> {
  await lockForReply(tx, message.conversationId);
  const row = await queueMessage(tx, {
    ...message,
    ...{ id: newId('message'), runId: null, idempotencyKey: null },
    ...{ answersRev: null, marksAsDone: false },
  });
  await wakeReaders(tx, message.conversationId);
  return row;
}
