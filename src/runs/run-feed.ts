import type { EventEmitter } from 'node:events';
import { once } from 'node:events';
import type { JournalEntry } from '../core/journal.ts';
import { isTerminal, type Run } from '../core/run.ts';
import type { Database } from '../store/connect.ts';
import { readJournal } from '../store/journal.ts';
import { readChunks } from '../store/run-chunks.ts';
import { getRun } from '../store/runs.ts';

// What is known of a watched run, read from the tables alone, once for all who watch it in this process.
// The process's own commits wake it at once; polling is the truth.

export interface FeedDeps {
  readonly db: Database;
  /** Emits a run's id after each of its commits in this process, with `goes on` when it surely has not ended. */
  readonly commits: EventEmitter;
  readonly pollMs?: number;
}

/** The provisional text of the model call in flight: `chunks[0]` is its chunk 1. */
export interface LiveText {
  readonly seq: number;
  readonly attempt: number;
  readonly chunks: readonly string[];
}

export interface FeedState {
  readonly run: Run;
  /** From the first on. */
  readonly entries: readonly JournalEntry[];
  readonly text: LiveText | null;
}

/** One poll loop over a run, from its first reader's coming to its last one's going. */
export class RunFeed {
  readonly #deps: FeedDeps;
  readonly #id: string;
  readonly #stop = new AbortController();
  #readers = 0;
  #entries: JournalEntry[] = [];
  #state: FeedState | 'unknown' | 'gone' = 'unknown';
  #failure: { readonly error: unknown } | null = null;
  #next = Promise.withResolvers<void>();

  constructor(deps: FeedDeps, id: string) {
    this.#deps = deps;
    this.#id = id;
  }

  join(): void {
    this.#readers += 1;
    if (this.#readers > 1) return;
    this.#loop().catch((error: unknown) => {
      this.#failure = { error };
      this.#tell();
    });
  }

  /** Whether that was the last reader: the feed has ended then. */
  leave(): boolean {
    this.#readers -= 1;
    if (this.#readers > 0) return false;
    this.#stop.abort();
    return true;
  }

  /** A feed whose database failed does not come back; who joins later needs a new one. */
  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** The state when it is another than `seen`, else once it is; null when the run does not exist. */
  async after(seen: FeedState | null, signal: AbortSignal): Promise<FeedState | null> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#failure !== null) throw this.#failure.error;
      if (this.#state === 'gone') return null;
      if (this.#state !== 'unknown' && this.#state !== seen) return this.#state;
      await abortable(this.#next.promise, signal);
    }
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const changed = this.#nextCommit(signal);
      const before = this.#state;
      this.#state = await this.#read();
      if (this.#state !== before) this.#tell();
      if (this.#state === 'gone' || isTerminal(this.#state.run.status)) return;
      await changed;
    }
  }

  async #read(): Promise<FeedState | 'gone'> {
    const { db } = this.#deps;
    const before = this.#state;
    const run = await getRun(db, 'all', this.#id);
    if (run === null) return 'gone';
    // The run is read before its journal: when it had ended by then, the journal is complete.
    const known = this.#entries.at(-1)?.seq ?? 0;
    const added = run.lastSeq > known ? await readJournal(db, run.id, known) : [];
    if (added.length > 0) this.#entries = [...this.#entries, ...added];
    const text = await this.#readText(run, typeof before === 'string' ? null : before.text);
    const state = { run, entries: this.#entries, text };
    return typeof before !== 'string' && isSame(before, state) ? before : state;
  }

  /** Text of the present owner for the entry that comes next; that of an earlier owner is void. */
  async #readText(run: Run, known: LiveText | null): Promise<LiveText | null> {
    const seq = (this.#entries.at(-1)?.seq ?? 0) + 1;
    if (run.owner === null || isTerminal(run.status)) return null;
    const current = known?.seq === seq && isOfEpoch(known.attempt, run.epoch) ? known : null;
    const after = { attempt: current?.attempt ?? 0, n: current?.chunks.length ?? 0 };
    const rows = await readChunks(this.#deps.db, { runId: run.id, seq, epoch: run.epoch, after });
    let text = current;
    for (const row of rows) {
      if (row.attempt !== text?.attempt) text = { seq, attempt: row.attempt, chunks: [] };
      // A chunk without the ones before it would read as something else.
      if (row.n === text.chunks.length + 1) text = { ...text, chunks: [...text.chunks, row.text] };
    }
    return text === null || text.chunks.length === 0 ? null : text;
  }

  async #nextCommit(signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#deps.pollMs ?? 500)]);
    await once(this.#deps.commits, this.#id, { signal: limit }).catch(() => undefined);
  }

  #tell(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers<void>();
  }
}

function isOfEpoch(attempt: number, epoch: number): boolean {
  return Math.floor(attempt / 100) === epoch;
}

function isSame(before: FeedState, state: FeedState): boolean {
  const { run } = before;
  return (
    before.entries === state.entries &&
    before.text === state.text &&
    run.status === state.run.status &&
    run.epoch === state.run.epoch
  );
}

async function abortable(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = () => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
