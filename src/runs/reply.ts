import type { DeliveryPlanned, JournalEntry } from '../core/journal.ts';
import type { RunOutcome } from '../core/run.ts';
import type { ReplyVerdict } from '../store/replies.ts';
import { approvalsOf } from './approvals.ts';
import { type Addition, type DrivenRun, RunLost } from './driven-run.ts';
import { isProposal } from './plan-reply.ts';
import { delayOver, openDelay } from './waits.ts';

// The reply of a run in a conversation is a step of its own: planned with the answer of the model, delayed if
// the agent says so, and then either committed as a message, or not, in one commit with the end of the run.

type OpenReply = Extract<JournalEntry, { type: 'delivery'; data: DeliveryPlanned }>;

/** Why a run that decided to answer has not; `superseded_by` of the run says which one took over. */
const sentences = {
  superseded: 'Something came in after what this run had read: another run answers it all.',
  answered: 'It was answered in the meantime.',
  taken_over: 'The agents were told to stand back from this conversation.',
} as const;

/** The reply that is planned and neither committed nor dropped. */
export function openReply(entries: readonly JournalEntry[]): OpenReply | null {
  const last = entries.findLast((entry) => entry.type === 'delivery');
  return last?.type === 'delivery' && last.state === 'started' && !last.data.copied ? last : null;
}

/** A run that has just begun has nobody to answer any more: it ends without a call. Null: it has. */
export async function endIfLate(driven: DrivenRun): Promise<'done' | null> {
  const { run } = driven;
  if (run.conversationId === null || run.readRev === null || run.dryRun) return null;
  if (driven.entries.length > 0) return null;
  const { conversationId, readRev } = run;
  const verdict = await driven.replies.peek({ conversationId, readRev });
  if (verdict === 'queued') return null;
  await driven.commit([], unanswered(verdict, null));
  return 'done';
}

/** One step towards the delivery: waits its delay out, then commits the message and the end of the run. */
export async function nextOfReply(
  driven: DrivenRun,
  reply: OpenReply,
  given: {
    readonly now: Date;
    readonly mayStart: (() => boolean) | undefined;
    /** Fired when the run was cancelled, lost or handed back. */
    readonly signal: AbortSignal;
  },
): Promise<'again' | 'waiting' | 'done' | 'held'> {
  const { conversationId, readRev, outcome } = reply.data;
  const delay = openDelay(driven.entries);
  const delayMs = driven.definition.custom_response_delay_ms;
  const isToDelay = delay === null && delayMs > 0 && !hasWaited(driven.entries, reply);
  const isProposed = isProposedNow(driven, outcome, given.now);
  // What goes out at once is judged where it is committed.
  const isStillWanted =
    (delay !== null || isToDelay || isProposed) &&
    (await driven.replies.peek({ conversationId, readRev })) === 'queued';
  if (isStillWanted && delay !== null) {
    const leftMs = Date.parse(delay.data.until) - given.now.getTime();
    if (leftMs > 0) {
      if (!(await driven.children.park(driven.held, leftMs))) throw new RunLost();
      return 'waiting';
    }
  }
  if (isStillWanted && isToDelay) {
    const until = new Date(given.now.getTime() + delayMs).toISOString();
    const reason = 'The agent waits before it replies (custom_response_delay_ms).';
    await driven.wait([{ type: 'delay', state: 'started', data: { until, reason } }], delayMs);
    return 'waiting';
  }
  const before = delay === null ? [] : [delayOver(delay)];
  if (isStillWanted && isProposed) {
    const error = 'The schedule of autopilot was over by then: a person decides.';
    const dropped: Addition = {
      type: 'delivery',
      state: 'cancelled',
      step: reply.step,
      data: { error },
    };
    await driven.commit([...before, dropped], { ...outcome, disposition: 'escalated' });
    return 'done';
  }
  if (given.mayStart?.() === false) return 'held';
  const delivery = {
    ...{ step: reply.step, conversationId, readRev, body: outcome.response ?? '' },
    marksAsDone: driven.definition.auto_mark_as_done,
    endOf: (verdict: ReplyVerdict, messageId: string) => ({
      additions: [...before, endOfStep(reply.step, verdict, messageId)],
      outcome: verdict === 'queued' ? outcome : unanswered(verdict, outcome),
    }),
  };
  await driven.deliver(delivery, given.signal);
  return 'done';
}

/** What waited until after the schedule's windows is a proposal, unless a person has let it go already. */
function isProposedNow({ definition }: DrivenRun, outcome: RunOutcome, now: Date): boolean {
  const { response, disposition } = outcome;
  if (disposition === null || approvalsOf(definition).run === 'reply') return false;
  return isProposal(definition, { response, disposition }, now);
}

function hasWaited(entries: readonly JournalEntry[], reply: OpenReply): boolean {
  return entries.some((entry) => entry.type === 'delay' && entry.seq > reply.seq);
}

function endOfStep(step: number, verdict: ReplyVerdict, messageId: string): Addition {
  if (verdict === 'queued') return { type: 'delivery', state: 'done', step, data: { messageId } };
  return { type: 'delivery', state: 'cancelled', step, data: { error: sentences[verdict] } };
}

/** The run's response is kept, and goes to nobody. */
function unanswered(
  verdict: Exclude<ReplyVerdict, 'queued'>,
  outcome: RunOutcome | null,
): RunOutcome {
  return {
    status: 'completed',
    stopReason: 'completed',
    response: null,
    reflection: null,
    outputJson: null,
    error: null,
    ...outcome,
    disposition: 'no_op',
    dispositionReason: verdict,
  };
}
