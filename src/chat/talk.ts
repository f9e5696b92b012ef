import type { Agent } from '../core/agent.ts';
import type { ChatSession } from '../core/chat.ts';
import { ApiError } from '../core/errors.ts';
import { getChatSession } from '../store/chat-sessions.ts';
import type { Queryable } from '../store/connect.ts';
import { getNamedThread, nameSession } from '../store/named-threads.ts';
import { type ChatDeps, type SentTurn, sendTurn } from './send-turn.ts';
import { createSession, requireSession } from './sessions.ts';

// A message to an agent in a thread that the client knows: by its id, or by a name of its own that the first message
// gives a meaning.

export interface Spoken {
  readonly agent: Agent;
  /** `name`: within `space`. Null: the message begins a thread. */
  readonly thread:
    | { readonly id: string }
    | { readonly space: string; readonly name: string }
    | null;
  readonly body: string;
  /** What was said before, the oldest first; taken where the message begins a thread. */
  readonly history?: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  /** For the agent, beside the message. */
  readonly instructions: string | null;
  /** The same again is the same message. */
  readonly clientMessageId: string | null;
  /** Who sends it. */
  readonly callerId: string;
}

export interface Talk {
  readonly session: ChatSession;
  readonly turn: SentTurn;
}

const longestBody = 100_000;

/**
 * Sends the message. Throws what sending does, `not_found` for a thread that is not there, and `validation_error` for one
 * with another agent and for an empty message.
 */
export async function talk(deps: ChatDeps, spoken: Spoken): Promise<Talk> {
  const { body, clientMessageId, instructions, callerId } = spoken;
  if (body.trim() === '') throw new ApiError('validation_error', 'The message has no text.');
  if (body.length > longestBody) {
    throw new ApiError('validation_error', `A message can have ${longestBody} characters.`);
  }
  const session = await sessionOf(deps, spoken);
  const sender = { externalId: callerId, name: null };
  const turn = await sendTurn(deps, { session, body, clientMessageId, instructions, sender });
  return { session, turn };
}

/** Throws `not_found` for a thread of another workspace, `validation_error` for one with another agent. */
export async function requireSessionWith(
  db: Queryable,
  { agent, id }: { readonly agent: Agent; readonly id: string },
): Promise<ChatSession> {
  const session = await requireSession(db, { scope: [agent.workspaceId], id });
  if (session.agent.id === agent.id) return session;
  throw new ApiError('validation_error', 'The thread is with another agent.');
}

async function sessionOf(deps: ChatDeps, spoken: Spoken): Promise<ChatSession> {
  const { agent, thread } = spoken;
  if (thread === null) return await open(deps, spoken);
  if ('id' in thread) return await requireSessionWith(deps.db, { agent, id: thread.id });
  const named = { workspaceId: agent.workspaceId, ...thread };
  const known = (await getNamedThread(deps.db, named))?.sessionId ?? null;
  if (known !== null) return await requireSessionWith(deps.db, { agent, id: known });
  const opened = await open(deps, spoken, async (tx, session) => {
    if (!(await nameSession(tx, named, session.id))) throw new NamedMeanwhile();
  }).catch((error: unknown) => {
    if (error instanceof NamedMeanwhile) return null;
    throw error;
  });
  if (opened !== null) return opened;
  const id = (await getNamedThread(deps.db, named))?.sessionId ?? null;
  const session = id === null ? null : await getChatSession(deps.db, [agent.workspaceId], id);
  if (session === null) throw new ApiError('conflict', 'The thread was removed. Send it again.');
  return await requireSessionWith(deps.db, { agent, id: session.id });
}

/** Another first message of the thread was faster: nothing of this one is there. */
class NamedMeanwhile extends Error {}

function open(
  deps: ChatDeps,
  { agent, history = [], callerId }: Spoken,
  inTransaction?: Parameters<typeof createSession>[2],
): Promise<ChatSession> {
  const endUser = { id: null, name: null };
  const given = { agent, title: null, showsProgress: true, endUser, history, callerId };
  return createSession(deps, given, inTransaction);
}
