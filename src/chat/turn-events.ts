import type { Message } from '../core/conversation.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { Run } from '../core/run.ts';
import { mayBeShownEarly } from '../runs/early-text.ts';
import type { RunEvent, RunFeeds, WatchPosition } from '../runs/watch.ts';
import { getAgentVersion } from '../store/agent-versions.ts';
import { findReplyOf } from '../store/chat-turns.ts';
import type { Database } from '../store/connect.ts';
import { readJournal } from '../store/journal.ts';

// A turn as the person outside may see it. Text that is still coming is shown only where nothing can keep the
// reply back (`mayBeShownEarly`): neither guardrails nor people nor a delay. Everything else is shown as the message
// that was committed, or not at all. What tools were given and returned is never shown.

export interface TurnDeps {
  readonly db: Database;
  readonly feeds: RunFeeds;
}

/** A place in a turn; `chars` is how much of the text that comes next has been shown. */
export interface TurnPosition extends WatchPosition {
  readonly chars: number;
}

export const turnStart: TurnPosition = { seq: 0, text: null, chars: 0 };

export type TurnPart =
  /** `part` names the text that it goes on with. */
  | { readonly kind: 'text'; readonly part: string; readonly delta: string }
  | { readonly kind: 'text_end'; readonly part: string }
  /** What was shown of the text is void: the model begins it anew. */
  | { readonly kind: 'withdrawn'; readonly part: string }
  | {
      readonly kind: 'progress';
      readonly step: number;
      readonly tool: string;
      readonly state: 'started' | 'done' | 'failed';
    }
  /** A person inside is asked before it goes on. */
  | { readonly kind: 'waiting'; readonly step: number }
  | ({ readonly kind: 'end' } & TurnEnd);

/**
 * `answered`: there is a reply. `superseded`: a later turn answers it. `handed_over`: a person will. `none`: there was nothing
 * to say.
 */
export interface TurnEnd {
  readonly outcome: 'answered' | 'superseded' | 'handed_over' | 'none' | 'failed';
  readonly message: Message | null;
  readonly run: Run;
}

/** What one thing that happened shows, with where that leads. */
export interface TurnStep {
  readonly parts: readonly TurnPart[];
  readonly position: TurnPosition;
}

/** The turn from the position on, until it has ended or the signal fires. */
export async function* watchTurn(
  deps: TurnDeps,
  turn: { readonly run: Run; readonly after: TurnPosition; readonly signal: AbortSignal },
): AsyncGenerator<TurnStep> {
  const { run, signal } = turn;
  const { agentId, agentVersion: version } = run;
  const saved = await getAgentVersion(deps.db, [run.workspaceId], { agentId, version });
  const isEarly = saved !== null && mayBeShownEarly(saved.definition) && !run.dryRun;
  let { seq, text, chars } = turn.after;
  for await (const event of deps.feeds.watch({ id: run.id, after: { seq, text }, signal })) {
    const parts = await partsOf(deps, event, { isEarly, chars });
    if (event.kind === 'text') {
      const { attempt, n } = event;
      seq = event.seq - 1;
      text = { attempt, n };
      if (isEarly) chars += event.text.length;
    } else if (event.kind === 'entry') {
      const isLost = event.entry.type === 'model' && event.entry.state === 'lost';
      seq = event.entry.seq;
      if (!isLost) {
        text = null;
        chars = 0;
      }
    } else {
      seq = event.seq;
      text = null;
      chars = 0;
    }
    yield { parts, position: { seq, text, chars } };
  }
}

async function partsOf(
  deps: TurnDeps,
  event: RunEvent,
  { isEarly, chars }: { readonly isEarly: boolean; readonly chars: number },
): Promise<readonly TurnPart[]> {
  switch (event.kind) {
    case 'text':
      return isEarly ? [{ kind: 'text', part: String(event.seq), delta: event.text }] : [];
    case 'reset':
      return isEarly && chars > 0 ? [{ kind: 'withdrawn', part: String(event.seq + 1) }] : [];
    case 'entry':
      return ofEntry(event.entry, { isEarly, chars });
    case 'end':
      return await ofEnd(deps, event.run, isEarly);
  }
}

function ofEntry(
  entry: JournalEntry,
  { isEarly, chars }: { readonly isEarly: boolean; readonly chars: number },
): readonly TurnPart[] {
  const { step } = entry;
  if (entry.type === 'model' && entry.state === 'done') {
    if (!isEarly || (chars === 0 && entry.data.text.trim() === '')) return [];
    const part = String(entry.seq);
    const rest = entry.data.text.slice(chars);
    const end = { kind: 'text_end', part } as const;
    return rest === '' ? [end] : [{ kind: 'text', part, delta: rest }, end];
  }
  if (entry.type === 'tool') {
    const state = entry.state === 'started' || entry.state === 'done' ? entry.state : 'failed';
    return [{ kind: 'progress', step, tool: entry.data.name, state }];
  }
  return entry.type === 'approval' && entry.state === 'started' ? [{ kind: 'waiting', step }] : [];
}

async function ofEnd(deps: TurnDeps, run: Run, isEarly: boolean): Promise<readonly TurnPart[]> {
  const message = await findReplyOf(deps.db, run.id);
  const end = { kind: 'end', outcome: outcomeOf(run, message), message, run } as const;
  if (message === null) return [end];
  if (isEarly && (await lastTextOf(deps, run)) === message.body) return [end];
  const part = 'reply';
  return [{ kind: 'text', part, delta: message.body }, { kind: 'text_end', part }, end];
}

function outcomeOf(run: Run, message: Message | null): TurnEnd['outcome'] {
  if (message !== null) return 'answered';
  if (run.status !== 'completed') return 'failed';
  if (run.dispositionReason === 'superseded') return 'superseded';
  const isHandedOver =
    run.disposition === 'escalated' ||
    run.disposition === 'escalation_and_answer' ||
    run.dispositionReason === 'answered' ||
    run.dispositionReason === 'taken_over';
  return isHandedOver ? 'handed_over' : 'none';
}

/** What the model wrote last, which was shown as it came. */
async function lastTextOf(deps: TurnDeps, run: Run): Promise<string | null> {
  const entries = await readJournal(deps.db, run.id, 0);
  const last = entries.findLast((entry) => entry.type === 'model' && entry.state === 'done');
  return last?.type === 'model' && last.state === 'done' ? last.data.text : null;
}
