import type { MessageChannel } from '../core/channel.ts';
import type { Message, MessageStatus, MessageTemplate } from '../core/conversation.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableOrNull, fromStorableText } from '../core/storable-text.ts';
import { type AttachmentRow, attachmentsOfMessage, toAttachment } from './attachments.ts';
import type { Queryable } from './connect.ts';

export interface MessageRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly conversation_id: string;
  readonly n: number;
  readonly direction: 'inbound' | 'outbound';
  readonly channel_id: string;
  readonly channel: MessageChannel;
  readonly body: string;
  readonly subject: string | null;
  readonly template: string | null;
  readonly status: MessageStatus;
  readonly external_id: string | null;
  readonly sender_id: string | null;
  readonly sender_external_id: string | null;
  readonly sender_name: string | null;
  readonly run_id: string | null;
  readonly attempts: number;
  readonly next_at: Date | null;
  readonly error: string | null;
  readonly sent_at: Date | null;
  readonly edited_at: Date | null;
  readonly attachments: readonly AttachmentRow[] | null;
  readonly created_at: Date;
}

export const messageColumns = `m.id, m.workspace_id, m.conversation_id, m.n, m.direction, m.channel_id, m.channel,
  m.body, m.subject, m.template, m.status, m.external_id, m.sender_id, m.sender_external_id, m.sender_name, m.run_id,
  m.attempts, m.next_at, m.error, m.sent_at, m.edited_at, m.created_at, ${attachmentsOfMessage}`;

/** A page of a conversation's messages, in their order; a position's id is a message's number. Whoever asks has found the conversation in its scope. */
export async function listMessages(
  db: Queryable,
  conversationId: string,
  page: PageRequest & { readonly order: 'asc' | 'desc' },
): Promise<Page<Message>> {
  const { after, limit, order } = page;
  const values: unknown[] = [conversationId, limit + 1];
  if (after !== null) values.push(after.id);
  const rows = await db.query<MessageRow>({
    text: `SELECT ${messageColumns} FROM messages m
      WHERE m.conversation_id = $1
        ${after === null ? '' : `AND m.n ${order === 'asc' ? '>' : '<'} $3::bigint`}
      ORDER BY m.n ${order} LIMIT $2`,
    values,
  });
  return toPage(rows.map(toMessage), limit, ({ createdAt, n }) => ({ createdAt, id: String(n) }));
}

/** The last messages of a conversation, in their order. */
export async function readLastMessages(
  db: Queryable,
  conversationId: string,
  limit: number,
): Promise<readonly Message[]> {
  const rows = await db.query<MessageRow>({
    name: 'messages_last',
    text: `SELECT * FROM (
        SELECT ${messageColumns} FROM messages m WHERE m.conversation_id = $1 ORDER BY m.n DESC LIMIT $2
      ) l ORDER BY n`,
    values: [conversationId, limit],
  });
  return rows.map(toMessage);
}

/** A message of the conversation; null when it has none of that id. */
export async function getMessage(
  db: Queryable,
  conversationId: string,
  id: string,
): Promise<Message | null> {
  const rows = await db.query<MessageRow>({
    name: 'message_get',
    text: `SELECT ${messageColumns} FROM messages m WHERE m.id = $1 AND m.conversation_id = $2`,
    values: [id, conversationId],
  });
  return rows[0] === undefined ? null : toMessage(rows[0]);
}

export function toTemplate(stored: string | null): MessageTemplate | null {
  return stored === null ? null : (JSON.parse(fromStorableText(stored)) as MessageTemplate);
}

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    conversationId: row.conversation_id,
    n: row.n,
    direction: row.direction,
    channelId: row.channel_id,
    channel: row.channel,
    body: fromStorableText(row.body),
    subject: fromStorableOrNull(row.subject),
    template: toTemplate(row.template),
    status: row.status,
    externalId: fromStorableOrNull(row.external_id),
    sender: {
      id: row.sender_id,
      externalId: fromStorableOrNull(row.sender_external_id),
      name: fromStorableOrNull(row.sender_name),
    },
    runId: row.run_id,
    attempts: row.attempts,
    nextAttemptAt: row.status === 'queued' ? row.next_at : null,
    error: fromStorableOrNull(row.error),
    sentAt: row.sent_at,
    editedAt: row.edited_at,
    attachments: (row.attachments ?? []).map(toAttachment),
    createdAt: row.created_at,
  };
}
