import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../core/ids.ts';
import type { Database, Queryable } from './connect.ts';
import { databaseFault } from './database-fault.ts';
import type { JournalUnit } from './journal-unit.ts';
import { commitUnits } from './journal-writer.ts';
import { lockForReply, queueMessage, type ReplyState } from './outbound.ts';

// The reply of a run is committed in one
// transaction with the end of the run (I3): under the lock of the conversation's row, which every message that
// comes in takes too, and only while what the run has read is all there is to answer.

/**
 * What became of a reply. `superseded`: something has come in since; `answered`: somebody has answered already;
 * `taken_over`: the agents were told to stand back.
 */
export type ReplyVerdict = 'queued' | 'superseded' | 'answered' | 'taken_over';

export interface NewReply {
  readonly conversationId: string;
  readonly runId: string;
  readonly readRev: number;
  /** The stable name of the step: there is one message of it, however often this is called. */
  readonly idempotencyKey: string;
  readonly body: string;
  readonly marksAsDone: boolean;
  /** What the run's journal is given with the verdict; the same unit every time it is asked. */
  readonly unitFor: (verdict: ReplyVerdict, messageId: string) => JournalUnit;
}

/**
 * Commits a reply, or that there is none; again until the database answers or the signal fires. `lost`: the run is
 * somebody else's now, or has ended.
 */
export async function commitReply(
  db: Database,
  reply: NewReply,
  signal: AbortSignal,
): Promise<{ readonly verdict: ReplyVerdict | 'lost'; readonly messageId: string }> {
  const messageId = newId('message');
  for (let tries = 0; ; tries++) {
    try {
      return await tryReply(db, reply, messageId);
    } catch (error) {
      if (error instanceof UnitLost) return { verdict: 'lost', messageId };
      const fault = databaseFault(error);
      if (fault !== 'transient' && fault !== 'connection') throw error;
      // Whatever the outcome was, the next try finds it by the message's key and the unit's id.
      signal.throwIfAborted();
      await sleep(Math.min(5_000, 100 * 2 ** tries), undefined, { signal });
    }
  }
}

class UnitLost extends Error {
  override readonly name = 'UnitLost';
}

async function tryReply(
  db: Database,
  reply: NewReply,
  newMessageId: string,
): Promise<{ readonly verdict: ReplyVerdict; readonly messageId: string }> {
  return await db.transaction(async (tx) => {
    const judged = await judgeReply(tx, reply);
    const messageId = judged.committedAs ?? newMessageId;
    const { verdict } = judged;
    const [outcome] = await commitUnits(tx, [reply.unitFor(verdict, messageId)]);
    if (outcome !== 'committed') throw new UnitLost();
    if (verdict === 'queued' && judged.committedAs === null) {
      const { conversationId, body, runId, readRev, idempotencyKey } = reply;
      await queueMessage(tx, {
        ...{ id: messageId, conversationId, body, runId, idempotencyKey },
        ...{ subject: null, senderId: null, answersRev: readRev, marksAsDone: reply.marksAsDone },
      });
    }
    return { verdict, messageId };
  });
}

async function judgeReply(
  tx: Queryable,
  reply: NewReply,
): Promise<{ readonly verdict: ReplyVerdict; readonly committedAs: string | null }> {
  const state = await lockForReply(tx, reply.conversationId);
  const [known] = await tx.query<{ id: string }>({
    name: 'message_by_key',
    text: 'SELECT id FROM messages WHERE idempotency_key = $1',
    values: [reply.idempotencyKey],
  });
  if (known !== undefined) return { verdict: 'queued', committedAs: known.id };
  return { verdict: verdictOn(state, reply.readRev), committedAs: null };
}

function verdictOn(state: ReplyState, readRev: number): ReplyVerdict {
  if (state.inbound_rev !== readRev) return 'superseded';
  if (state.answered_rev >= readRev) return 'answered';
  return state.is_paused ? 'taken_over' : 'queued';
}

/** What a reply to what was read would come to now; it may be another thing when it is committed. */
export async function peekReply(
  db: Queryable,
  of: { readonly conversationId: string; readonly readRev: number },
): Promise<ReplyVerdict> {
  const [state] = await db.query<ReplyState>({
    name: 'conversation_peek_for_reply',
    text: `SELECT v.inbound_rev, v.answered_rev, v.ai_paused OR c.ai_paused AS is_paused
      FROM conversations v JOIN contacts c ON c.id = v.contact_id WHERE v.id = $1`,
    values: [of.conversationId],
  });
  return state === undefined ? 'superseded' : verdictOn(state, of.readRev);
}
