import type { Context } from 'hono';
import { findAgentCalled } from '../../chat/agent-by-name.ts';
import { followAnswer, type Said } from '../../chat/follow-answer.ts';
import type { TurnEnd } from '../../chat/turn-events.ts';
import { findTurn } from '../../chat/turn-run.ts';
import { ApiError } from '../../core/errors.ts';
import { isTerminal } from '../../core/run.ts';
import { cancelRun } from '../../runs/cancel.ts';
import { ok } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { eventStream, type ServerSentEvent } from '../event-stream.ts';
import { defineRoute } from '../route.ts';
import { completionRequest } from './completion-request.ts';
import {
  type CompletionHead,
  chunk,
  endingOf,
  headOf,
  usageOf,
  wholeCompletion,
} from './completion-view.ts';
import { openAiError } from './dialect.ts';
import { type Opened, openCompletion } from './open-completion.ts';

/** How long a completion that is not streamed waits for its answer. */
const answerWithinMs = 10 * 60_000;

/** OpenAI's chat completions, answered by an agent. */
export const createChatCompletion = defineRoute(
  {
    method: 'post',
    path: '/v1/chat/completions',
    operationId: 'createChatCompletion',
    tag: 'chat',
    summary: 'Chat with an agent as with a model of OpenAI’s',
    resource: 'chat',
    right: 'write',
    workspace: { from: 'header', need: 'optional' },
    body: completionRequest,
    bodyRequired: true,
    // Pictures come within.
    maxBodyBytes: 8 * 1024 * 1024,
    bodyExample: {
      model: 'reservations',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
    },
    idempotent: 'dispatch',
    waitsForOthers: true,
    responses: { 200: { description: 'The answer, or a stream of it' } },
  },
  async ({ body, scope, caller, idempotency: claim, signal, http }, deps) => {
    const thread = http.req.header('x-thread-id') ?? null;
    const agent = await findAgentCalled(deps.db, scope, body.model);
    using place = new DisposableStack();
    // Before anything is begun: what is refused here may be sent again.
    place.use(deps.streams?.enter({ caller, workspaceId: agent.workspaceId }));
    const opened = await openCompletion(deps, { agent, body, thread, scope, caller, claim });
    const head = headOf(opened, body.model, new Date());
    http.header('X-Thread-Id', opened.session.id);
    const isKept = claim !== null;
    const answering = { opened, head, isKept, http };
    if (body.stream === true) {
      const withUsage = body.stream_options?.include_usage === true;
      const open = (until: AbortSignal) =>
        chunksOf(deps, { ...answering, signal: until, hasGone: () => until.aborted, withUsage });
      return eventStream(http, signal, open, place.move());
    }
    return ok(
      wholeCompletion(
        head,
        await answerOf(deps, { ...answering, signal, hasGone: () => http.req.raw.signal.aborted }),
      ),
    );
  },
);

interface Answering {
  readonly opened: Opened;
  readonly head: CompletionHead;
  /** A repeat of the request finds the answer. */
  readonly isKept: boolean;
  /** Whether the client has closed the connection. */
  readonly hasGone: () => boolean;
  readonly http: Context;
  readonly signal: AbortSignal;
}

/** How the turn ended; null: nobody of ours answers. */
async function answerOf(deps: ApiDeps, answering: Answering): Promise<TurnEnd | null> {
  const limit = AbortSignal.timeout(deps.completionWithinMs ?? answerWithinMs);
  const signal = AbortSignal.any([answering.signal, limit]);
  for await (const said of followed(deps, { ...answering, signal })) {
    if (said.kind === 'unanswered') return null;
    if (said.kind === 'broken') break;
    if (said.kind === 'end') return requireAnswered(answering, said);
  }
  throw unfinished(answering);
}

async function* chunksOf(
  deps: ApiDeps,
  answering: Answering & { readonly withUsage: boolean },
): AsyncGenerator<ServerSentEvent> {
  const { head, withUsage } = answering;
  const sent = (data: unknown) => ({ data: JSON.stringify(data) });
  yield sent(chunk(head, { role: 'assistant', content: '' }));
  let end: TurnEnd | null = null;
  for await (const said of followed(deps, answering)) {
    if (said.kind === 'delta') {
      yield sent(chunk(head, { content: said.text }));
      continue;
    }
    const problem =
      said.kind === 'broken' || (said.kind === 'end' && said.outcome === 'failed')
        ? whyNot(answering, said)
        : null;
    if (problem !== null) return yield sent({ error: openAiError(problem) });
    if (said.kind === 'end') end = said;
  }
  if (answering.signal.aborted) return;
  yield sent({ ...chunk(head, {}, 'stop'), ...endingOf(end) });
  if (withUsage) yield sent({ ...chunk(head, {}), choices: [], usage: usageOf(end) });
  yield { data: '[DONE]' };
}

/** The answer; whoever goes away before its end, and cannot come back for it, stops it. */
async function* followed(deps: ApiDeps, answering: Answering): AsyncGenerator<Said> {
  const { opened, signal, isKept, hasGone } = answering;
  const { session, turn } = opened;
  let isOver = false;
  try {
    for await (const said of followAnswer(deps, {
      ...{ sessionId: session.id, rev: turn.rev, signal },
    })) {
      isOver = said.kind !== 'delta' && said.kind !== 'progress';
      yield said;
    }
  } finally {
    const isServers = deps.closing?.aborted === true;
    if (!isOver && !isKept && !isServers && hasGone()) await stop(deps, opened);
  }
}

async function stop(deps: ApiDeps, { session, turn }: Opened): Promise<void> {
  const found = await findTurn(deps.db, { sessionId: session.id, fromRev: turn.rev });
  // A later turn is somebody else's.
  if (found === null || found.rev !== turn.rev || isTerminal(found.run.status)) return;
  const by = 'the client, who closed the connection';
  await cancelRun(deps, { scope: 'all', id: found.run.id, by }).catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.problem !== 'conflict') throw error;
  });
}

function requireAnswered(answering: Answering, said: TurnEnd): TurnEnd {
  if (said.outcome !== 'failed') return said;
  throw whyNot(answering, { kind: 'end', ...said });
}

/** Repeating the request would begin another turn: the client is told not to, unless it sent a key. */
function whyNot({ http, opened }: Answering, said: Said): ApiError {
  http.header('X-Should-Retry', 'false');
  if (said.kind !== 'end') {
    return new ApiError(
      'unavailable',
      'The answer was begun anew after a part of it had been sent. Read the thread, or send the request again.',
    );
  }
  const { run } = said;
  const error = run.status === 'cancelled' ? 'It was cancelled.' : `See run ${run.id}.`;
  return new ApiError(
    'unprocessable',
    `The agent could not answer (${run.stopReason ?? run.status}). ${error}`,
    { details: { thread_id: opened.session.id } },
  );
}

function unfinished({ http, opened }: Answering): ApiError {
  http.header('X-Should-Retry', 'false');
  return new ApiError(
    'unavailable',
    `There is no answer yet; it goes on in thread ${opened.session.id}. Stream it, or send an Idempotency-Key and the same request again.`,
  );
}
