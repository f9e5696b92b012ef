import { type SandboxOutcome, SandboxUnavailable } from '../core/sandbox.ts';
import type { Places } from './places.ts';
import type { PreparedCall } from './prepared-call.ts';

/** The calls of one sandbox: each waits for a place, all end when the sandbox closes. */
export class RunningCalls implements AsyncDisposable {
  readonly #places: Places;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<SandboxOutcome>>();

  constructor(places: Places) {
    this.#places = places;
  }

  /** Throws `SandboxBusy` when no place came free, `SandboxUnavailable` after closing. */
  async run(
    call: PreparedCall,
    start: (call: PreparedCall) => Promise<SandboxOutcome>,
  ): Promise<SandboxOutcome> {
    if (this.#closing.signal.aborted) throw new SandboxUnavailable('The sandbox is closed.');
    const signal = AbortSignal.any([this.#closing.signal, ...(call.signal ? [call.signal] : [])]);
    const running = this.#runInPlace({ ...call, signal }, start);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #runInPlace(
    call: PreparedCall,
    start: (call: PreparedCall) => Promise<SandboxOutcome>,
  ): Promise<SandboxOutcome> {
    try {
      using _place = await this.#places.take(call.signal);
      return await start(call);
    } catch (error) {
      if (!call.signal?.aborted || error !== call.signal.reason) throw error;
      const failure = { failure: 'aborted', error: 'The call was cancelled.' } as const;
      return { ok: false, ...failure, logs: null, runTimeMs: 0 };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
  }
}
