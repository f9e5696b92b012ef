import type { JournalEntry } from '../core/journal.ts';
import { isTerminal, type Run } from '../core/run.ts';
import { GroupRead } from '../store/group-read.ts';
import { getRuns } from '../store/runs.ts';
import { type FeedDeps, type FeedState, RunFeed } from './run-feed.ts';

// Watching a run is backfill, then live, from the tables alone: any process can serve any run, and nothing
// is shown as done that is not committed (I2). Text of a model that is still answering is shown as such,
// with its attempt, and taken back by `reset` when that attempt is not the one that was committed.

export type WatchDeps = FeedDeps;

export type RunEvent =
  | { readonly kind: 'entry'; readonly entry: StepEntry; readonly entries: readonly JournalEntry[] }
  | TextEvent
  /** What was shown of the attempt is void. `seq` is the last committed one that was shown. */
  | { readonly kind: 'reset'; readonly seq: number; readonly attempt: number }
  | { readonly kind: 'end'; readonly seq: number; readonly run: Run };

export type StepEntry = Exclude<JournalEntry, { type: 'end' }>;

export interface TextEvent {
  readonly kind: 'text';
  /** `seq` of the entry that comes next. */
  readonly seq: number;
  readonly attempt: number;
  readonly n: number;
  readonly text: string;
}

/** What was shown last: a committed entry, or a chunk of the text that follows it. */
export interface WatchPosition {
  readonly seq: number;
  readonly text: { readonly attempt: number; readonly n: number } | null;
}

export const fromTheStart: WatchPosition = { seq: 0, text: null };

export interface WatchRequest {
  readonly id: string;
  readonly after: WatchPosition;
  readonly signal: AbortSignal;
}

/** The runs that are watched in this process: any number of readers of a run share one poll of it. */
export class RunFeeds {
  readonly #deps: WatchDeps;
  readonly #runs: GroupRead<string, Run | null>;
  readonly #feeds = new Map<string, RunFeed>();

  constructor(deps: WatchDeps) {
    this.#deps = deps;
    this.#runs = new GroupRead({ read: (ids) => getRuns(deps.db, ids) });
  }

  /** Runs with a poll of their own. */
  get size(): number {
    return this.#feeds.size;
  }

  /** What comes after the position, as it is committed, then how the run ended. Ends with the signal too. */
  async *watch(request: WatchRequest): AsyncGenerator<RunEvent> {
    const feed = this.#join(request.id);
    try {
      yield* eventsOf(feed, request);
    } finally {
      if (feed.leave() && this.#feeds.get(request.id) === feed) this.#feeds.delete(request.id);
    }
  }

  /**
   * The run once it has ended; null when the signal came first. Reads nothing of what happens until then. `isNew`: the
   * run was accepted in this turn of the event loop, so that its end is still to come, and is not looked for at once.
   */
  async end(request: {
    readonly id: string;
    readonly isNew: boolean;
    readonly signal: AbortSignal;
  }): Promise<Run | null> {
    const { id, signal } = request;
    const { pollMs = 500 } = this.#deps;
    if (request.isNew) await this.#signOfEnd({ id, signal, withinMs: Math.min(pollMs, 250) });
    while (!signal.aborted) {
      const sign = this.#signOfEnd({ id, signal, withinMs: pollMs });
      const run = await this.#runs.read(id);
      if (run === null) return null;
      if (isTerminal(run.status)) return run;
      await sign;
    }
    return null;
  }

  /** A commit of this process that may have ended the run, the time, or the signal. */
  #signOfEnd(given: {
    readonly id: string;
    readonly signal: AbortSignal;
    readonly withinMs: number;
  }): Promise<void> {
    const { id, signal } = given;
    const { commits } = this.#deps;
    const { promise, resolve } = Promise.withResolvers<void>();
    const settle = () => {
      clearTimeout(timer);
      commits.off(id, onCommit);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    const onCommit = (goesOn?: 'goes on') => {
      if (goesOn === undefined) settle();
    };
    const timer = setTimeout(settle, given.withinMs);
    commits.on(id, onCommit);
    signal.addEventListener('abort', settle);
    return promise;
  }

  #join(id: string): RunFeed {
    const known = this.#feeds.get(id);
    const feed = known === undefined || known.hasFailed ? new RunFeed(this.#deps, id) : known;
    this.#feeds.set(id, feed);
    feed.join();
    return feed;
  }
}

async function* eventsOf(feed: RunFeed, request: WatchRequest): AsyncGenerator<RunEvent> {
  const { signal } = request;
  let { seq, text } = request.after;
  let seen: FeedState | null = null;
  while (!signal.aborted) {
    seen = await nextState(feed, seen, signal);
    if (seen === null) return;
    for (const entry of seen.entries) {
      if (entry.seq <= seq) continue;
      // A lost call is told of in the commit of the one that was made in its place.
      const isLost = entry.type === 'model' && entry.state === 'lost';
      const supersedes = entry.type === 'model' && entry.state === 'done';
      if (text !== null && !isLost) {
        if (!supersedes) yield { kind: 'reset', seq, attempt: text.attempt };
        text = null;
      }
      seq = entry.seq;
      if (entry.type !== 'end') yield { kind: 'entry', entry, entries: seen.entries };
    }
    if (isTerminal(seen.run.status)) {
      yield { kind: 'end', seq: seen.run.lastSeq, run: seen.run };
      return;
    }
    const live = seen.text !== null && seen.text.seq === seq + 1 ? seen.text : null;
    if (text !== null && text.attempt !== live?.attempt) {
      // Rows that are not there yet, or not any more, do not void what the present owner has shown.
      if (live === null && isOfOwner(text.attempt, seen.run)) continue;
      yield { kind: 'reset', seq, attempt: text.attempt };
      text = null;
    }
    if (live === null) continue;
    for (let n = (text?.n ?? 0) + 1; n <= live.chunks.length; n++) {
      const { attempt } = live;
      text = { attempt, n };
      yield { kind: 'text', seq: live.seq, attempt, n, text: live.chunks[n - 1] ?? '' };
    }
  }
}

function isOfOwner(attempt: number, run: Run): boolean {
  return run.owner !== null && Math.floor(attempt / 100) === run.epoch;
}

async function nextState(
  feed: RunFeed,
  seen: FeedState | null,
  signal: AbortSignal,
): Promise<FeedState | null> {
  try {
    return await feed.after(seen, signal);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}
