import { type SentTurn, sendTurn } from '../../chat/send-turn.ts';
import { createSession, requireSession } from '../../chat/sessions.ts';
import type { Agent } from '../../core/agent.ts';
import { toAttachments } from '../../core/attachment.ts';
import type { ChatSession } from '../../core/chat.ts';
import { ApiError } from '../../core/errors.ts';
import { isId } from '../../core/ids.ts';
import type { WorkspaceScope } from '../../core/workspace-scope.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { claimIn, doOnce, type IdempotencyClaim, keepAnswer } from '../idempotency.ts';
import { type CompletionRequest, readMessages } from './completion-request.ts';

// The thread of a completion, and its message in it. With an `Idempotency-Key` both are made once: the key is kept in the
// commit that makes the first of them, and the message is known in its thread by the key.

export interface Opened {
  readonly session: ChatSession;
  readonly turn: SentTurn;
}

export async function openCompletion(
  deps: ApiDeps,
  given: {
    readonly agent: Agent;
    readonly body: CompletionRequest;
    /** Named by a header; null: not. */
    readonly thread: string | null;
    readonly scope: WorkspaceScope;
    readonly caller: Caller;
    readonly claim: IdempotencyClaim | null;
  },
): Promise<Opened> {
  const { agent, body, scope, caller } = given;
  const read = readMessages(body);
  const thread = threadOf(given.thread, body.metadata?.thread_id ?? null);
  const claim = claimIn(agent.workspaceId, given.claim);
  const keyed = claim === null ? null : `key/${claim.key}`;
  const send = async (session: ChatSession, isKept: boolean): Promise<Opened> => {
    const turn = await sendTurn(
      deps,
      {
        ...{ session, body: read.body, clientMessageId: keyed, instructions: read.instructions },
        files: toAttachments(read.files),
        sender: { externalId: body.safety_identifier ?? body.user ?? caller.id, name: null },
      },
      keepAnswer(deps, isKept ? null : claim, ({ conversationId }) => kept(conversationId)),
    );
    return { session, turn };
  };
  const open = async (): Promise<Opened> => {
    if (thread !== null)
      return await send(await requireThread(deps, { scope, agent, thread }), false);
    const session = await createSession(
      deps,
      {
        ...{ agent, title: null, showsProgress: false, history: read.history },
        endUser: { id: body.safety_identifier ?? body.user ?? null, name: null },
        callerId: caller.id,
      },
      keepAnswer(deps, claim, ({ id }) => kept(id)),
    );
    return await send(session, true);
  };
  return await doOnce(deps, claim, {
    first: open,
    again: async ({ responseJson }) => {
      const { session_id: id } = JSON.parse(responseJson) as { session_id: string };
      return await send(await requireSession(deps.db, { scope, id }), true);
    },
  });
}

function kept(sessionId: string) {
  return { status: 200, data: { session_id: sessionId } };
}

/** Throws `validation_error` when two different ones are named. */
function threadOf(header: string | null, metadata: string | null): string | null {
  if (header !== null && metadata !== null && header !== metadata) {
    throw new ApiError(
      'validation_error',
      'The header X-Thread-Id and metadata.thread_id name different threads.',
      { details: { 'metadata.thread_id': 'is not what X-Thread-Id says' } },
    );
  }
  return header ?? metadata;
}

/** Throws `not_found`, and `validation_error` when it is a thread with another agent. */
async function requireThread(
  deps: ApiDeps,
  of: { readonly scope: WorkspaceScope; readonly agent: Agent; readonly thread: string },
): Promise<ChatSession> {
  const { agent, thread: id } = of;
  const session = isId(id)
    ? await requireSession(deps.db, { scope: [agent.workspaceId], id }).catch(orNull)
    : null;
  if (session === null) {
    throw new ApiError('not_found', `There is no thread ${id}.`, {
      details: { thread_id: 'names no thread of this workspace' },
    });
  }
  if (session.agent.id === agent.id) return session;
  throw new ApiError('validation_error', 'The thread is with another agent.', {
    details: { model: 'is not the agent of this thread' },
  });
}

function orNull(error: unknown): null {
  if (error instanceof ApiError && error.problem === 'not_found') return null;
  throw error;
}
