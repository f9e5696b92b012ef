import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../store/connect.ts';
import { attemptsOfEpoch, deleteChunks, type RunChunk, writeChunks } from '../store/run-chunks.ts';

// Model text as it arrives (I2): one writer a process, which coalesces what came within a tenth of a second
// into one chunk a run and one statement for all. Best effort: it never delays a run, and while the
// database is away text is kept up to a limit, then that attempt shows no more of it.

const intervalMs = 100;
const maxPendingChars = 1024 * 1024;

export interface ProvisionalTextDeps {
  readonly db: Database;
  /** Told of a run's id when text of it can be read. */
  readonly commits: EventEmitter;
}

/** Takes the text of one model call. `close` when the call is over, whatever came of it. */
export interface TextSink {
  /** `attempt` counts from 1 within the call. */
  readonly onText: (delta: string, attempt: number) => void;
  close(): void;
}

interface Open {
  readonly runId: string;
  readonly seq: number;
  readonly epoch: number;
  attempt: number;
  n: number;
  /** In the chunk that is next or on its way: it stays the same, since the outcome of a write can be unknown. */
  sending: string;
  pending: string;
  hasRows: boolean;
  isMute: boolean;
}

export class ProvisionalText implements AsyncDisposable {
  readonly #deps: ProvisionalTextDeps;
  readonly #dirty = new Set<Open>();
  readonly #over: RunChunk[] = [];
  readonly #closing = new AbortController();
  #loop: Promise<void> | null = null;

  constructor(deps: ProvisionalTextDeps) {
    this.#deps = deps;
  }

  /** For the model call of this run that will be committed at `seq`, by the owner of the epoch. */
  open(call: Pick<Open, 'runId' | 'seq' | 'epoch'>): TextSink {
    const { runId, seq, epoch } = call;
    const open: Open = {
      runId,
      seq,
      epoch,
      attempt: 0,
      n: 0,
      sending: '',
      pending: '',
      hasRows: false,
      isMute: false,
    };
    return {
      onText: (delta, attempt) => this.#add(open, delta, attempt),
      close: () => this.#close(open),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#loop;
  }

  #add(open: Open, delta: string, tryOfCall: number): void {
    const { first, last } = attemptsOfEpoch(open.epoch);
    const attempt = Math.min(first + tryOfCall, last);
    if (attempt !== open.attempt) {
      Object.assign(open, { attempt, n: 0, sending: '', pending: '', isMute: false });
    }
    if (open.isMute || this.#closing.signal.aborted) return;
    open.pending += delta;
    if (open.pending.length > maxPendingChars) {
      Object.assign(open, { pending: '', isMute: true });
      return;
    }
    this.#dirty.add(open);
    this.#work();
  }

  #close(open: Open): void {
    open.isMute = true;
    this.#dirty.delete(open);
    if (!open.hasRows) return;
    const { runId, seq, attempt, n } = open;
    this.#over.push({ runId, seq, attempt, n, text: '' });
    this.#work();
  }

  #work(): void {
    this.#loop ??= this.#run().finally(() => {
      this.#loop = null;
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (this.#dirty.size > 0 || this.#over.length > 0) {
      await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await this.#write();
      await this.#forget();
    }
  }

  async #write(): Promise<void> {
    const taken = [...this.#dirty].map((open) => ({ open, chunk: nextChunk(open) }));
    this.#dirty.clear();
    if (taken.length === 0) return;
    const written = await writeChunks(
      this.#deps.db,
      taken.map(({ chunk }) => chunk),
    ).then(
      () => true,
      () => false,
    );
    for (const { open, chunk } of taken) {
      if (written) this.#deps.commits.emit(open.runId, 'goes on');
      // Closed while it was written: nobody else deletes the rows.
      if (written && open.isMute && !open.hasRows) this.#over.push(chunk);
      open.hasRows ||= written;
      if (open.attempt !== chunk.attempt || open.isMute) continue;
      if (written) Object.assign(open, { n: chunk.n, sending: '' });
      if (open.sending !== '' || open.pending !== '') this.#dirty.add(open);
    }
  }

  async #forget(): Promise<void> {
    const over = this.#over.splice(0);
    if (over.length === 0) return;
    // What stays behind is swept.
    await deleteChunks(this.#deps.db, over).catch(() => undefined);
  }
}

function nextChunk(open: Open): RunChunk {
  if (open.sending === '') Object.assign(open, { sending: open.pending, pending: '' });
  const { runId, seq, attempt, n, sending: text } = open;
  return { runId, seq, attempt, n: n + 1, text };
}
