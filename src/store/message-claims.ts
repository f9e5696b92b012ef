import type { Channel } from '../core/channel.ts';
import type { MessageTemplate } from '../core/conversation.ts';
import { fromStorableOrNull, fromStorableText, storableOrNull } from '../core/storable-text.ts';
import { type ChannelRow, channelColumns, toChannel } from './channels.ts';
import type { Database, Queryable } from './connect.ts';
import { messageEvent } from './conversation-events.ts';
import { type MessageRow, messageColumns, toMessage, toTemplate } from './messages.ts';

// Outgoing messages that are due, claimed by one process at a time (I5). A claim is committed before anything
// is sent, and says so: `sending`. One whose claim lapsed may or may not have been sent. Where the channel says
// that a second sending under the same id does no harm, it is sent again; else it is `unknown`, and a person
// decides. Messages of one conversation go out one after the other.

/** A message to be sent now. */
export interface ClaimedMessage {
  readonly id: string;
  /** What the outcome is recorded under. */
  readonly claim: number;
  readonly conversationId: string;
  readonly body: string;
  readonly subject: string | null;
  readonly template: MessageTemplate | null;
  readonly conversationSubject: string | null;
  /** Whether an agent wrote it. */
  readonly isAutomatic: boolean;
  readonly threadKey: string;
  /** Where it goes. */
  readonly to: string;
  /** What the other side knows earlier messages by, the latest last. */
  readonly references: readonly string[];
  readonly createdAt: Date;
  /** Attempts before this one, since it was queued or sent again. */
  readonly tries: number;
  readonly channel: Channel;
  readonly sealedSecrets: string | null;
}

interface ClaimedRow {
  readonly message_id: string;
  readonly claim: number;
  readonly conversation_id: string;
  readonly body: string;
  readonly message_subject: string | null;
  readonly template: string | null;
  readonly conversation_subject: string | null;
  readonly run_id: string | null;
  readonly thread_key: string;
  readonly value: string;
  readonly refs: readonly string[];
  readonly message_created_at: Date;
  readonly tries: number;
  readonly sealed_secrets: string | null;
}

/** Claims what is due, the oldest first for each channel. `busy`: how many of each are under way here. */
export async function claimMessages(
  db: Queryable,
  request: {
    readonly limit: number;
    readonly perLane: number;
    readonly busy: ReadonlyMap<string, number>;
    /** How long an attempt may take before it counts as lost. */
    readonly leaseMs: number;
  },
): Promise<readonly ClaimedMessage[]> {
  await giveUpUnknown(db);
  const rows = await db.query<ClaimedRow & ChannelRow>({
    name: 'messages_claim',
    text: `WITH busy AS MATERIALIZED (
        SELECT * FROM unnest($3::text[], $4::int[]) AS b (channel_id, n)
      ), due AS MATERIALIZED (
        SELECT d.id FROM channels h CROSS JOIN LATERAL (
          SELECT m.id FROM messages m
          WHERE m.channel_id = h.id AND m.status IN ('queued', 'sending') AND m.next_at <= clock_timestamp()
            -- One that lapsed since the last statement, too, is never sent a second time.
            AND (m.status = 'queued' OR h.resend_unknown)
            AND NOT EXISTS (
              SELECT 1 FROM messages e
              WHERE e.conversation_id = m.conversation_id AND e.n < m.n AND e.status IN ('queued', 'sending'))
          ORDER BY m.next_at
          LIMIT greatest(0, $2 - coalesce((SELECT n FROM busy WHERE channel_id = h.id), 0))
          FOR UPDATE SKIP LOCKED
        ) d
        WHERE h.enabled AND h.deleted_at IS NULL AND EXISTS (
          SELECT 1 FROM messages
          WHERE channel_id = h.id AND status IN ('queued', 'sending') AND next_at <= clock_timestamp()
        )
        LIMIT $1
      )
      UPDATE messages m SET claim = m.claim + 1, status = 'sending',
        next_at = clock_timestamp() + make_interval(secs => $5)
      FROM due, channels h, conversations v, contact_channels k
      WHERE m.id = due.id AND h.id = m.channel_id AND v.id = m.conversation_id AND k.id = v.contact_channel_id
      RETURNING m.id AS message_id, m.claim, m.conversation_id, m.body, m.subject AS message_subject, m.template,
        v.subject AS conversation_subject, m.run_id, v.thread_key, k.value, m.created_at AS message_created_at,
        m.tries, h.sealed_secrets, ${channelColumns.map((name) => `h.${name}`).join(', ')},
        ARRAY(
          SELECT external_id FROM (
            SELECT r.n, r.external_id FROM messages r
            WHERE r.conversation_id = m.conversation_id AND r.n < m.n AND r.external_id IS NOT NULL
            ORDER BY r.n DESC LIMIT 10
          ) l ORDER BY n
        ) AS refs`,
    values: [
      request.limit,
      request.perLane,
      [...request.busy.keys()],
      [...request.busy.values()],
      request.leaseMs / 1_000,
    ],
  });
  return rows.map(toClaimed);
}

/** Attempts that died with their process, on channels where a second one could be a second message. */
async function giveUpUnknown(db: Queryable): Promise<void> {
  await db.execute({
    name: 'messages_give_up_unknown',
    text: `UPDATE messages m SET status = 'unknown', next_at = NULL,
        error = 'The server ended while the message was being sent: it may have arrived.'
      FROM channels h
      WHERE m.status = 'sending' AND m.next_at <= clock_timestamp()
        AND h.id = m.channel_id AND NOT h.resend_unknown`,
  });
}

/** How an attempt ended, and what becomes of the message. */
export interface SendOutcome {
  readonly kind: 'sent' | 'retry' | 'failed' | 'unknown';
  /** What the other side knows it by. */
  readonly externalId: string | null;
  readonly error: string | null;
  /** Of `retry`. */
  readonly afterMs: number;
}

const statuses = { sent: 'sent', retry: 'queued', failed: 'failed', unknown: 'unknown' } as const;

/** Records an attempt, once for a claim, and tells of what was sent. Nothing is written for a lost claim. */
export async function recordSend(
  db: Database,
  message: Pick<ClaimedMessage, 'id' | 'claim'>,
  outcome: SendOutcome,
): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = await tx.query<MessageRow & { contact_id: string }>({
      name: 'message_record_send',
      text: `UPDATE messages m SET
          attempts = m.attempts + 1, tries = m.tries + 1, claim = m.claim + 1, status = $3,
          error = $4, external_id = coalesce($5, m.external_id),
          next_at = CASE WHEN $3 = 'queued' THEN clock_timestamp() + make_interval(secs => $6) END,
          sent_at = CASE WHEN $3 = 'sent' THEN clock_timestamp() END
        FROM conversations v
        WHERE m.id = $1 AND m.claim = $2 AND v.id = m.conversation_id
        RETURNING ${messageColumns}, v.contact_id`,
      values: [
        message.id,
        message.claim,
        statuses[outcome.kind],
        storableOrNull(outcome.error),
        storableOrNull(outcome.externalId),
        outcome.afterMs / 1_000,
      ],
    });
    const [row] = rows;
    if (row?.status === 'sent') {
      await messageEvent(tx, 'message.sent', { ...toMessage(row), contactId: row.contact_id });
    }
  });
}

/** Gives a claim back before anything was sent under it. */
export async function releaseMessage(
  db: Queryable,
  { id, claim }: Pick<ClaimedMessage, 'id' | 'claim'>,
): Promise<void> {
  await db.execute({
    name: 'message_release',
    text: `UPDATE messages SET status = 'queued', next_at = date_trunc('milliseconds', clock_timestamp())
      WHERE id = $1 AND claim = $2 AND status = 'sending'`,
    values: [id, claim],
  });
}

/** Sends a message of the conversation again under its id. False: it neither failed nor is `unknown`. */
export async function requeueMessage(
  db: Queryable,
  key: { readonly conversationId: string; readonly id: string },
): Promise<boolean> {
  const written = await db.execute({
    text: `UPDATE messages SET status = 'queued', tries = 0, next_at = date_trunc('milliseconds', clock_timestamp()), error = NULL
      WHERE id = $1 AND conversation_id = $2 AND status IN ('failed', 'unknown')
        AND EXISTS (SELECT 1 FROM channels h WHERE h.id = channel_id AND h.deleted_at IS NULL)`,
    values: [key.id, key.conversationId],
  });
  return written > 0;
}

function toClaimed(row: ClaimedRow & ChannelRow): ClaimedMessage {
  return {
    id: row.message_id,
    claim: row.claim,
    conversationId: row.conversation_id,
    body: fromStorableText(row.body),
    subject: fromStorableOrNull(row.message_subject),
    template: toTemplate(row.template),
    conversationSubject: fromStorableOrNull(row.conversation_subject),
    isAutomatic: row.run_id !== null,
    threadKey: fromStorableText(row.thread_key),
    to: fromStorableText(row.value),
    references: row.refs.map(fromStorableText),
    createdAt: row.message_created_at,
    tries: row.tries,
    channel: toChannel(row),
    sealedSecrets: row.sealed_secrets,
  };
}
