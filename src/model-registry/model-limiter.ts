import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../core/ids.ts';
import { ModelError } from '../core/model.ts';
import type { ModelEntry } from '../core/model-entry.ts';
import type { Database } from '../store/connect.ts';
import { beginModelCall, callHoldMs, endModelCall, holdModelCalls } from '../store/model-calls.ts';

// Keeps the limits of models over all processes. Who finds a limit reached waits a little in memory, in the
// order of coming; then the call is refused in a way that lets a run wait as a row, which costs nothing.

export interface ModelLimiterOptions {
  readonly db: Database;
  /** How long a call waits in memory; default 5 s. */
  readonly patienceMs?: number;
  readonly onError?: (error: unknown) => void;
}

export interface Admission {
  /** Null: nothing is known of what it used. */
  end(tokens: number | null): Promise<void>;
}

export class ModelLimiter implements AsyncDisposable {
  readonly #db: Database;
  readonly #patienceMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #held = new Set<string>();
  /** By model: whoever asks last. One at a time asks the database. */
  readonly #lines = new Map<string, Promise<unknown>>();
  #beat: NodeJS.Timeout | null = null;

  constructor({ db, patienceMs = 5_000, onError = () => {} }: ModelLimiterOptions) {
    this.#db = db;
    this.#patienceMs = patienceMs;
    this.#onError = onError;
  }

  /** Throws `ModelError` of kind `rate_limited` when there is no room in time, and the signal's reason. */
  async admit(
    entry: Pick<ModelEntry, 'id' | 'name' | 'limits'>,
    estimatedTokens: number,
    signal?: AbortSignal,
  ): Promise<Admission> {
    const { limits } = entry;
    if (Object.values(limits).every((limit) => limit === null)) return { end: async () => {} };
    const untilMs = performance.now() + this.#patienceMs;
    const before = this.#lines.get(entry.id) ?? Promise.resolve();
    const turn = before.then(() => this.#ask(entry, { estimatedTokens, untilMs, signal }));
    const line = turn.catch(() => {});
    this.#lines.set(entry.id, line);
    try {
      return await turn;
    } finally {
      if (this.#lines.get(entry.id) === line) this.#lines.delete(entry.id);
    }
  }

  async #ask(
    entry: Pick<ModelEntry, 'id' | 'name' | 'limits'>,
    how: {
      readonly estimatedTokens: number;
      readonly untilMs: number;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<Admission> {
    const { estimatedTokens, untilMs, signal } = how;
    const id = newId('modelCall');
    for (;;) {
      signal?.throwIfAborted();
      const begun = await beginModelCall(this.#db, {
        id,
        modelId: entry.id,
        limits: entry.limits,
        estimatedTokens,
      });
      if (begun.began) return this.#hold(id);
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0 || begun.waitMs > leftMs) {
        throw new ModelError(
          'rate_limited',
          `The model "${entry.name}" is at its own limit (${limitsText(entry)}). Raise the limit, or give it a fallback.`,
          { retryLater: { afterMs: begun.waitMs, isOwnLimit: true } },
        );
      }
      await sleep(begun.waitMs, undefined, signal === undefined ? {} : { signal });
    }
  }

  #hold(id: string): Admission {
    this.#held.add(id);
    this.#beat ??= setInterval(() => {
      if (this.#held.size === 0) return;
      holdModelCalls(this.#db, [...this.#held]).catch(this.#onError);
    }, callHoldMs / 3);
    this.#beat.unref();
    return {
      end: async (tokens) => {
        this.#held.delete(id);
        // A call that cannot be ended ends by itself when its hold is over.
        await endModelCall(this.#db, { id, tokens }).catch(this.#onError);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#beat !== null) clearInterval(this.#beat);
    await Promise.all(
      [...this.#held].map((id) => endModelCall(this.#db, { id, tokens: null })),
    ).catch(this.#onError);
  }
}

function limitsText({ limits }: Pick<ModelEntry, 'limits'>): string {
  const { requests_per_minute, tokens_per_minute, max_concurrent } = limits;
  return [
    requests_per_minute === null ? '' : `${requests_per_minute} requests a minute`,
    tokens_per_minute === null ? '' : `${tokens_per_minute} tokens a minute`,
    max_concurrent === null ? '' : `${max_concurrent} at once`,
  ]
    .filter((text) => text !== '')
    .join(', ');
}
