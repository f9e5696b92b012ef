import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '../core/conversation.ts';
import { readChatState, readMessagesAfter } from '../store/chat-turns.ts';
import type { SessionPosition } from './session-cursor.ts';
import {
  type TurnDeps,
  type TurnPart,
  type TurnStep,
  turnStart,
  watchTurn,
} from './turn-events.ts';
import { findTurn, isTurnToCome } from './turn-run.ts';

// What happens in a session, from the tables alone: any process can go on with any stream. Messages and turns are two
// orders of their own; a position holds a place in both, so that nothing is missed and nothing comes twice.

export type SessionEvent =
  /** One that came in, or that a person of ours sent. Replies of turns are told of by their turns. */
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'turn'; readonly runId: string }
  | TurnPart;

export interface SessionStep {
  readonly of: 'message' | 'turn';
  /** What the execution of the turn that is shown is known by. */
  readonly turnId: string | null;
  readonly events: readonly SessionEvent[];
  readonly before: SessionPosition;
  readonly position: SessionPosition;
}

export interface TailRequest {
  readonly sessionId: string;
  readonly after: SessionPosition;
  readonly signal: AbortSignal;
  /** Goes on when all is answered; else it ends then, once something was told. */
  readonly follows: boolean;
  /** Asked now and then; false ends the stream. */
  readonly isAllowed?: () => Promise<boolean>;
}

const pollMs = 400;
const askMs = 2_000;

/** The present: what is being answered, or comes. Null when there is no such conversation. */
export async function presentOf(
  deps: Pick<TurnDeps, 'db'>,
  sessionId: string,
): Promise<SessionPosition | null> {
  const state = await readChatState(deps.db, sessionId);
  return state === null ? null : { n: state.lastN, rev: state.endedRev, turn: null, shown: null };
}

/** All that happens after the position. */
export async function* tailSession(
  deps: TurnDeps,
  request: TailRequest,
): AsyncGenerator<SessionStep> {
  const { sessionId, signal } = request;
  const closing = new AbortController();
  const both = AbortSignal.any([signal, closing.signal]);
  let at = request.after;
  let turn: OpenTurn | null = null;
  let hasTold = false;
  let askedAtMs = performance.now();
  const step = (
    of: SessionStep['of'],
    events: readonly SessionEvent[],
    next: Omit<SessionPosition, 'shown'>,
  ): SessionStep => {
    const before = at;
    at = { ...next, shown: null };
    hasTold ||= events.some(({ kind }) => kind === 'end' || kind === 'message');
    return { of, turnId: turn?.runId ?? null, events, before, position: at };
  };
  try {
    while (!signal.aborted) {
      if (performance.now() - askedAtMs > askMs) {
        askedAtMs = performance.now();
        if ((await request.isAllowed?.()) === false) return;
      }
      const news = await readMessagesAfter(deps.db, {
        ...{ conversationId: sessionId, n: at.n, limit: 50 },
      });
      for (const message of news) {
        const isTurns = message.direction === 'outbound' && message.runId !== null;
        yield step('message', isTurns ? [] : [{ kind: 'message', message }], {
          ...at,
          n: message.n,
        });
      }
      if (turn === null) {
        turn = await openTurn(deps, { sessionId, at, signal: both });
        if (turn !== null && at.turn === null) {
          const started = { ...at, rev: turn.rev, turn: turnStart };
          yield step('turn', [{ kind: 'turn', runId: turn.runId }], started);
        }
      }
      if (turn === null) {
        if (!request.follows && hasTold && (await isIdle(deps, sessionId, at))) return;
        await sleep(pollMs, undefined, { signal }).catch(() => undefined);
        continue;
      }
      const next = await turn.next(signal);
      if (next === 'later') continue;
      if (next === null) return;
      const hasEnded = next.parts.some(({ kind }) => kind === 'end');
      yield step('turn', next.parts, { ...at, turn: hasEnded ? null : next.position });
      if (hasEnded) turn = null;
    }
  } finally {
    closing.abort();
  }
}

interface OpenTurn {
  readonly rev: number;
  readonly runId: string;
  /** What happens next in it; `later`: nothing has yet. Null: it is over without an end. */
  next(signal: AbortSignal): Promise<TurnStep | 'later' | null>;
}

/** The turn that is shown now, or comes next. */
async function openTurn(
  deps: TurnDeps,
  of: { readonly sessionId: string; readonly at: SessionPosition; readonly signal: AbortSignal },
): Promise<OpenTurn | null> {
  const { sessionId, at, signal } = of;
  const fromRev = at.turn === null ? at.rev + 1 : at.rev;
  const found = await findTurn(deps.db, { sessionId, fromRev });
  if (found === null) return null;
  const { run, rev } = found;
  const after = at.turn ?? turnStart;
  const steps = watchTurn(deps, { run, after, signal });
  let pending: Promise<IteratorResult<TurnStep>> | null = null;
  return {
    rev,
    runId: run.runId,
    async next(until) {
      pending ??= steps.next();
      const timer = new AbortController();
      const limit = AbortSignal.any([until, timer.signal]);
      const later = sleep(pollMs, 'later' as const, { signal: limit }).catch(
        () => 'later' as const,
      );
      const next = await Promise.race([pending, later]).finally(() => timer.abort());
      if (next === 'later') return 'later';
      pending = null;
      return next.done === true ? null : next.value;
    },
  };
}

/** Whether all that has come in was shown its end. */
async function isIdle(
  deps: Pick<TurnDeps, 'db'>,
  sessionId: string,
  at: SessionPosition,
): Promise<boolean> {
  const state = await readChatState(deps.db, sessionId);
  if (state === null) return true;
  if (state.lastN > at.n) return false;
  return !(await isTurnToCome(deps.db, state, { sessionId, fromRev: at.rev + 1 }));
}
