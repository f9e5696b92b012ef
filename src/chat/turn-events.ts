import type { Message } from '../core/conversation.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { Run } from '../core/run.ts';
import { mayBeShownEarly } from '../runs/early-text.ts';
import type { RunEvent, RunFeeds, WatchPosition } from '../runs/watch.ts';
import { getAgentVersion } from '../store/agent-versions.ts';
import { findReplyOf } from '../store/chat-turns.ts';
import type { Database } from '../store/connect.ts';
import { readJournal } from '../store/journal.ts';
import { hashText, noTextHash } from './text-hash.ts';

// A turn as the person outside may see it. Text that is still coming is shown only where nothing can keep the
// reply back (`mayBeShownEarly`): neither guardrails nor people nor a delay. Everything else is shown as the message
// that was committed, or not at all. What tools were given and returned is never shown.

export interface TurnDeps {
  readonly db: Database;
  readonly feeds: RunFeeds;
}

/**
 * A place in a turn; `chars` is how much of the text that comes next has been shown, and `hash` which text that was: what is
 * committed in the end may be another attempt's.
 */
export interface TurnPosition extends WatchPosition {
  readonly chars: number;
  readonly hash: number;
}

const nothing = { chars: 0, hash: noTextHash };
export const turnStart: TurnPosition = { seq: 0, text: null, ...nothing };

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
  let { seq, text, ...shown } = turn.after;
  for await (const event of deps.feeds.watch({ id: run.id, after: { seq, text }, signal })) {
    const parts = await partsOf(deps, event, { isEarly, part: String(seq + 1), ...shown });
    if (event.kind === 'text') {
      const { attempt, n } = event;
      seq = event.seq - 1;
      text = { attempt, n };
      if (isEarly) {
        const { chars, hash } = shown;
        shown = { chars: chars + event.text.length, hash: hashText(event.text, hash) };
      }
    } else if (event.kind !== 'entry' || !isLost(event.entry)) {
      // A lost call is told of before the one in its place: a text that is shown keeps its name until then.
      seq = event.kind === 'entry' ? event.entry.seq : event.seq;
      text = null;
      shown = nothing;
    }
    yield { parts, position: { seq, text, ...shown } };
  }
}

function isLost({ type, state }: JournalEntry): boolean {
  return type === 'model' && state === 'lost';
}

/** What of the text that comes next is shown already, if any is, and the name it has. */
interface ShownText extends Pick<TurnPosition, 'chars' | 'hash'> {
  readonly isEarly: boolean;
  readonly part: string;
}

async function partsOf(
  deps: TurnDeps,
  event: RunEvent,
  shown: ShownText,
): Promise<readonly TurnPart[]> {
  const { isEarly, chars, part } = shown;
  switch (event.kind) {
    case 'text':
      return isEarly ? [{ kind: 'text', part: String(event.seq), delta: event.text }] : [];
    case 'reset':
      return isEarly && chars > 0 ? [{ kind: 'withdrawn', part }] : [];
    case 'entry':
      return ofEntry(event.entry, shown);
    case 'end':
      return await ofEnd(deps, event.run, isEarly);
  }
}

function ofEntry(entry: JournalEntry, shown: ShownText): readonly TurnPart[] {
  const { step } = entry;
  if (entry.type === 'model' && entry.state === 'done') {
    return shown.isEarly ? ofText(entry.data.text, shown) : [];
  }
  if (entry.type === 'tool') {
    const state = entry.state === 'started' || entry.state === 'done' ? entry.state : 'failed';
    return [{ kind: 'progress', step, tool: entry.data.name, state }];
  }
  return entry.type === 'approval' && entry.state === 'started' ? [{ kind: 'waiting', step }] : [];
}

/** A text that was committed: the rest of what is shown, or all of it where another one was shown. */
function ofText(text: string, { chars, hash, part }: ShownText): readonly TurnPart[] {
  const goesOn = chars > 0 && hashText(text.slice(0, chars)) === hash;
  const parts: TurnPart[] = chars > 0 && !goesOn ? [{ kind: 'withdrawn', part }] : [];
  if (!goesOn && text.trim() === '') return parts;
  const rest = goesOn ? text.slice(chars) : text;
  if (rest !== '') parts.push({ kind: 'text', part, delta: rest });
  return [...parts, { kind: 'text_end', part }];
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
