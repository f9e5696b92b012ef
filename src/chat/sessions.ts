import { type ChannelDeps, ensureChatChannel } from '../conversations/channels.ts';
import type { Agent } from '../core/agent.ts';
import type { ChatSession } from '../core/chat.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import { archiveChatSession, getChatSession, insertChatSession } from '../store/chat-sessions.ts';
import { insertHistory } from '../store/chat-turns.ts';
import type { Queryable } from '../store/connect.ts';
import { conversationEvent } from '../store/conversation-events.ts';
import { getConversation, updateConversation } from '../store/conversations.ts';
import { placeOf } from '../store/inbound-place.ts';
import { lockForReply } from '../store/outbound.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { requireChatting } from '../triggers/chat-turn.ts';

// Sessions of chat: a conversation on the workspace's chat channel that one agent answers.

/** Somebody outside, as whoever makes the session or its token knows them. */
export interface EndUser {
  /** What they are known by: the same again is the same contact. Null: this session alone. */
  readonly id: string | null;
  readonly name: string | null;
}

export interface NewSession {
  readonly agent: Agent;
  readonly title: string | null;
  readonly showsProgress: boolean;
  readonly endUser: EndUser;
  /** What was said before, the oldest first. */
  readonly history?: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  /** Who opens it. */
  readonly callerId: string;
}

/** Opens a session. Throws `agent_disabled`, and `conflict` when chat is switched off. */
export async function createSession(
  deps: ChannelDeps,
  given: NewSession,
  inTransaction?: InTransaction<ChatSession>,
): Promise<ChatSession> {
  const { agent, endUser } = given;
  const { workspaceId } = agent;
  requireChatting(agent);
  const channel = await ensureChatChannel(deps, workspaceId);
  if (!channel.enabled) throw new ApiError('conflict', 'The channel is switched off.');
  return await deps.db.transaction(async (tx) => {
    const threadKey = newId('unit');
    const place = await placeOf(tx, {
      channel,
      threadKey,
      contact: {
        value: endUser.id ?? threadKey,
        scope: channel.id,
        ...{ firstName: endUser.name, lastName: null },
      },
      subject: given.title,
    });
    const { conversationId } = place;
    const { title, showsProgress } = given;
    const of = { conversationId, workspaceId, agentId: agent.id, title, showsProgress };
    const session = await insertChatSession(tx, of);
    await insertHistory(tx, {
      ...{ conversationId, senderId: given.callerId },
      messages: (given.history ?? []).map(({ role, text }) => ({
        id: newId('message'),
        direction: role === 'user' ? 'inbound' : 'outbound',
        body: text,
      })),
    });
    const conversation = await getConversation(tx, 'all', conversationId);
    if (conversation !== null) {
      const type = 'conversation.created';
      const id = `${type}/${conversationId}`;
      await conversationEvent(tx, { id, type, conversation, causedByRunId: null });
    }
    await inTransaction?.(tx, session);
    return session;
  });
}

/** Throws `not_found`. */
export async function requireSession(
  db: Queryable,
  { scope, id }: ScopedKey,
): Promise<ChatSession> {
  const session = await getChatSession(db, scope, id);
  if (session === null) throw new ApiError('not_found', `There is no chat session ${id}.`);
  return session;
}

/**
 * Closes a session for good: it takes no more messages, and its tokens are void. What is being answered is
 * answered. Throws `not_found`, and `conflict` when it was closed before.
 */
export async function closeSession(deps: ChannelDeps, key: ScopedKey): Promise<ChatSession> {
  const { id } = await requireSession(deps.db, key);
  await deps.db.transaction(async (tx) => {
    await lockForReply(tx, id);
    if (!(await archiveChatSession(tx, id))) throw isClosed(id);
    await updateConversation(tx, { scope: 'all', id }, { state: 'done', archived: true });
  });
  return await requireSession(deps.db, key);
}

export function isClosed(id: string): ApiError {
  return new ApiError('conflict', `The chat session ${id} is closed. Open a new one.`);
}
