import type { Run } from '../core/run.ts';
import { type ChatState, findTurnRun } from '../store/chat-turns.ts';
import type { Queryable } from '../store/connect.ts';
import { getRun } from '../store/runs.ts';

// The run that answers a message of a session, or will.

/** A count of the session, and where to look from: a later turn answers what comes before it too. */
export interface TurnOf {
  readonly sessionId: string;
  readonly fromRev: number;
}

/** The first run that answers this count or a later one, which is `rev`; null: there is none yet. */
export async function findTurn(
  db: Queryable,
  { sessionId, fromRev }: TurnOf,
): Promise<{ readonly run: Run; readonly rev: number } | null> {
  const found = await findTurnRun(db, { conversationId: sessionId, fromRev });
  const run = found === null ? null : await getRun(db, 'all', found.id);
  return found === null || run === null ? null : { run, rev: found.rev };
}

/** Whether there is such a run or one is still to begin. `state`: read after it was looked for in vain. */
export async function isTurnToCome(
  db: Queryable,
  state: ChatState,
  { sessionId, fromRev }: TurnOf,
): Promise<boolean> {
  if (state.isDue && state.answeredRev < state.inboundRev) return true;
  // It may have begun since it was looked for.
  return (await findTurnRun(db, { conversationId: sessionId, fromRev })) !== null;
}
