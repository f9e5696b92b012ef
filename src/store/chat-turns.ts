import type { Message } from '../core/conversation.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';
import { type MessageRow, messageColumns, toMessage } from './messages.ts';

// Turns of a chat: a message that came in, the run that answers it, and what that came to. A turn is known by the
// conversation's count when its message came (`rev`), which is what its run has read.

/** Where a message that came in stands. */
export interface TurnPlace {
  /** The message's number in the conversation. */
  readonly n: number;
  readonly rev: number;
}

/** Null: it is not one that came in and wants a reply. */
export async function findTurnPlace(db: Queryable, messageId: string): Promise<TurnPlace | null> {
  const [row] = await db.query<{ n: number; rev: number }>({
    name: 'turn_place',
    text: 'SELECT n, rev FROM messages WHERE id = $1 AND rev IS NOT NULL',
    values: [messageId],
  });
  return row === undefined ? null : { n: row.n, rev: row.rev };
}

export interface TurnRun {
  readonly id: string;
  readonly runId: string;
  readonly rev: number;
}

/** The first run that answers this count of the conversation, or a later one; null: there is none yet. */
export async function findTurnRun(
  db: Queryable,
  of: { readonly conversationId: string; readonly fromRev: number },
): Promise<TurnRun | null> {
  const [row] = await db.query<{ id: string; run_id: string; read_rev: number }>({
    name: 'turn_run',
    text: `SELECT id, run_id, read_rev FROM runs WHERE conversation_id = $1 AND read_rev >= $2
      ORDER BY read_rev, created_at, id LIMIT 1`,
    values: [of.conversationId, of.fromRev],
  });
  return row === undefined ? null : { id: row.id, runId: row.run_id, rev: row.read_rev };
}

/** What has come of a chat so far. */
export interface ChatState {
  readonly lastN: number;
  readonly inboundRev: number;
  readonly answeredRev: number;
  /** The count of the last turn whose run has ended; 0: none has. */
  readonly endedRev: number;
  /** A turn is to begin. */
  readonly isDue: boolean;
}

/** Null: there is no such conversation. */
export async function readChatState(
  db: Queryable,
  conversationId: string,
): Promise<ChatState | null> {
  const [row] = await db.query<{
    last_n: number;
    inbound_rev: number;
    answered_rev: number;
    ended_rev: number;
    is_due: boolean;
  }>({
    name: 'chat_state',
    text: `SELECT v.last_n, v.inbound_rev, v.answered_rev, v.due_at IS NOT NULL AS is_due,
        coalesce((SELECT max(r.read_rev) FROM runs r WHERE r.conversation_id = v.id AND r.read_rev IS NOT NULL
          AND r.status IN ('completed', 'failed', 'cancelled')), 0)::bigint AS ended_rev
      FROM conversations v WHERE v.id = $1`,
    values: [conversationId],
  });
  if (row === undefined) return null;
  return {
    lastN: row.last_n,
    inboundRev: row.inbound_rev,
    answeredRev: row.answered_rev,
    endedRev: row.ended_rev,
    isDue: row.is_due,
  };
}

/** The messages of a conversation after this number, in their order. */
export async function readMessagesAfter(
  db: Queryable,
  of: { readonly conversationId: string; readonly n: number; readonly limit: number },
): Promise<readonly Message[]> {
  const rows = await db.query<MessageRow>({
    name: 'messages_after',
    text: `SELECT ${messageColumns} FROM messages m WHERE m.conversation_id = $1 AND m.n > $2
      ORDER BY m.n LIMIT $3`,
    values: [of.conversationId, of.n, of.limit],
  });
  return rows.map(toMessage);
}

/** What was said, and by which side. */
export type SpokenMessage = Pick<Message, 'id' | 'direction' | 'body'>;

/**
 * What conversations begin with, by their ids: of each so many messages at most, in their order, and of all together, in
 * the order of the ids, as many as fit in so many bytes of text.
 */
export async function readBeginnings(
  db: Queryable,
  of: {
    readonly conversationIds: readonly string[];
    readonly maxMessages: number;
    readonly maxBytes: number;
  },
): Promise<ReadonlyMap<string, readonly SpokenMessage[]>> {
  const rows = await db.query<Pick<MessageRow, 'conversation_id' | 'id' | 'direction' | 'body'>>({
    name: 'messages_beginnings',
    // The size of a text is known without reading it.
    text: `SELECT m.conversation_id, m.id, m.direction, m.body FROM (
        SELECT b.id, g.place, b.n, sum(b.size) OVER (ORDER BY g.place, b.n) AS total
        FROM unnest($1::text[]) WITH ORDINALITY AS g (id, place)
        CROSS JOIN LATERAL (SELECT i.id, i.n, octet_length(i.body) AS size FROM messages i
          WHERE i.conversation_id = g.id ORDER BY i.n LIMIT $2) AS b
      ) AS f JOIN messages m ON m.id = f.id WHERE f.total <= $3 ORDER BY f.place, f.n`,
    values: [of.conversationIds, of.maxMessages, of.maxBytes],
  });
  const found = Map.groupBy(rows, (row) => row.conversation_id);
  const read = ({ id, direction, body }: (typeof rows)[number]) => {
    return { id, direction, body: fromStorableText(body) };
  };
  return new Map([...found].map(([id, said]) => [id, said.map(read)]));
}

/** The reply that the run has delivered; null: it has not. */
export async function findReplyOf(db: Queryable, runId: string): Promise<Message | null> {
  const [row] = await db.query<MessageRow>({
    name: 'reply_of_run',
    text: `SELECT ${messageColumns} FROM messages m WHERE m.run_id = $1 AND m.direction = 'outbound'
      ORDER BY m.n LIMIT 1`,
    values: [runId],
  });
  return row === undefined ? null : toMessage(row);
}

/**
 * Puts what was said before in front of a conversation that nothing is in yet, which the caller has locked: the
 * person's part as messages that need no answer, the other part as sent by whoever hands it over.
 */
export async function insertHistory(
  tx: Queryable,
  given: {
    readonly conversationId: string;
    readonly senderId: string;
    readonly messages: readonly {
      readonly id: string;
      readonly direction: 'inbound' | 'outbound';
      readonly body: string;
    }[];
  },
): Promise<void> {
  const { conversationId, senderId, messages } = given;
  if (messages.length === 0) return;
  await tx.execute({
    name: 'history_insert',
    text: `INSERT INTO messages (id, workspace_id, conversation_id, n, direction, channel_id, channel, body, status,
        sender_id, sent_at)
      SELECT g.id, v.workspace_id, v.id, v.last_n + g.n, g.direction, v.channel_id, v.channel, g.body,
        CASE WHEN g.direction = 'inbound' THEN 'received' ELSE 'sent' END,
        CASE WHEN g.direction = 'outbound' THEN $2 END,
        CASE WHEN g.direction = 'outbound' THEN clock_timestamp() END
      FROM conversations v, unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS g (id, direction, body, n)
      WHERE v.id = $1`,
    values: [
      conversationId,
      senderId,
      messages.map(({ id }) => id),
      messages.map(({ direction }) => direction),
      messages.map(({ body }) => toStorableText(body)),
    ],
  });
  await tx.execute({
    name: 'history_count',
    text: 'UPDATE conversations SET last_n = last_n + $2 WHERE id = $1',
    values: [conversationId, messages.length],
  });
}

/** What executions are known by outside, by the ids of their runs. */
export async function readTurnIds(
  db: Queryable,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (runIds.length === 0) return new Map();
  const rows = await db.query<{ id: string; run_id: string }>({
    name: 'turn_ids',
    text: 'SELECT id, run_id FROM runs WHERE id = ANY ($1)',
    values: [runIds],
  });
  return new Map(rows.map((row) => [row.id, row.run_id]));
}
