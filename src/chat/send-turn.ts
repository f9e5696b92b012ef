import type { ChannelDeps } from '../conversations/channels.ts';
import type { NewAttachment } from '../core/attachment.ts';
import type { ChatSession } from '../core/chat.ts';
import { ApiError } from '../core/errors.ts';
import { getChannel } from '../store/channels.ts';
import { touchChatSession } from '../store/chat-sessions.ts';
import { findTurnPlace, findTurnRun, type TurnPlace, type TurnRun } from '../store/chat-turns.ts';
import type { Queryable } from '../store/connect.ts';
import { getConversation } from '../store/conversations.ts';
import { settleConversation } from '../store/due-conversations.ts';
import { type RecordedMessage, recordInbound } from '../store/inbound.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { fireTurn, requireChatAgent } from '../triggers/chat-turn.ts';
import type { FireDeps } from '../triggers/fire.ts';
import { isClosed } from './sessions.ts';

// A message of a chat: committed first, then its turn begins at once. Whoever dies in between leaves a
// conversation that is due, which another process begins.

export type ChatDeps = FireDeps & ChannelDeps;

export interface NewTurn {
  readonly session: ChatSession;
  readonly body: string;
  /** What its sender calls it: a second one of the session is a repeat. Null: never a repeat. */
  readonly clientMessageId: string | null;
  readonly sender: { readonly externalId: string | null; readonly name: string | null };
  /** Files that come with it whole; those that were uploaded before are bound in its commit. */
  readonly files?: readonly NewAttachment[];
  /** For the agent, beside the message. */
  readonly instructions: string | null;
}

export interface SentTurn extends TurnPlace {
  readonly kind: 'received' | 'repeated';
  readonly messageId: string;
  /** What answers it; null where agents were told to stand back. */
  readonly run: TurnRun | null;
}

/** How long a process has to begin a turn before another one does. */
const beginsWithinMs = 5_000;

/**
 * Throws `conflict` when the session is closed or its channel is off, `agent_disabled`, and `unprocessable` when a budget
 * stops the turn: the message is kept then, unanswered.
 */
export async function sendTurn(
  deps: ChatDeps,
  turn: NewTurn,
  inTransaction?: InTransaction<RecordedMessage>,
): Promise<SentTurn> {
  const { session } = turn;
  if (session.archivedAt !== null) throw isClosed(session.id);
  await requireChatAgent(deps, session);
  const recorded = await record(deps, turn, inTransaction);
  const { kind, messageId, conversationId } = recorded;
  if (conversationId !== session.id) throw new Error('A message went to another session.');
  if (kind === 'received') await beginTurn(deps, { ...session, instructions: turn.instructions });
  return { kind, messageId, ...(await turnOf(deps.db, session.id, messageId)) };
}

/** Where the message stands, and what answers it by now. */
export async function turnOf(
  db: Queryable,
  sessionId: string,
  messageId: string,
): Promise<TurnPlace & Pick<SentTurn, 'run'>> {
  const place = await findTurnPlace(db, messageId);
  if (place === null) throw new Error(`The message ${messageId} is not one that came in.`);
  const of = { conversationId: sessionId, fromRev: place.rev };
  return { ...place, run: await findTurnRun(db, of) };
}

/** Begins what the conversation waits for; a second time it changes nothing. */
export async function beginTurn(deps: ChatDeps, session: ChatSession): Promise<void> {
  const conversation = await getConversation(deps.db, 'all', session.id);
  if (conversation === null || conversation.answeredRev >= conversation.inboundRev) return;
  await fireTurn(deps, { session, conversation });
  await settleConversation(deps.db, { id: session.id, inboundRev: conversation.inboundRev });
}

async function record(
  deps: ChatDeps,
  turn: NewTurn,
  inTransaction?: InTransaction<RecordedMessage>,
): Promise<RecordedMessage> {
  const { session, clientMessageId, sender, body } = turn;
  const { db } = deps;
  const conversation = await getConversation(db, 'all', session.id);
  const channel = await getChannel(db, 'all', session.channelId);
  if (conversation === null || channel === null || !channel.enabled) {
    throw new ApiError('conflict', 'The channel of this chat was deleted or switched off.');
  }
  const message = {
    channel: { ...channel, quietMs: beginsWithinMs },
    threadKey: conversation.threadKey,
    // The conversation is there, and with it its contact.
    contact: { value: session.id, scope: channel.id, firstName: null, lastName: null },
    subject: null,
    externalId: clientMessageId === null ? null : externalIdOf(session.id, clientMessageId),
    ...{ sender, body, wantsReply: true, attachments: turn.files ?? [] },
  };
  return await recordInbound(db, message, async (tx, recorded) => {
    const { id } = session;
    if (!(await touchChatSession(tx, { id, instructions: turn.instructions }))) throw isClosed(id);
    await inTransaction?.(tx, recorded);
  });
}

/** Ids of clients are unique to their session, those of a channel's messages to the channel. */
function externalIdOf(sessionId: string, clientMessageId: string): string {
  return `${sessionId}/${clientMessageId}`;
}

/** What the client calls its message; null when it gave no name. */
export function clientMessageIdOf(sessionId: string, externalId: string | null): string | null {
  const prefix = `${sessionId}/`;
  return externalId?.startsWith(prefix) === true ? externalId.slice(prefix.length) : null;
}
