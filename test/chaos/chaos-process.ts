import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot } from '../support/source-tree.ts';

export interface ChaosProcessSettings {
  readonly processName: string;
  readonly databaseUrl: string;
  readonly modelUrl: string;
  readonly ledgerUrl: string;
  readonly agentId: string;
  /** Its own address. */
  readonly host: string;
  /** Null: the engine is `local`. */
  readonly cluster: {
    readonly address: string;
    readonly taskQueue: string;
    /** Otherwise it is an API without a worker. */
    readonly works: boolean;
  } | null;
  /** Where it notes what its writer was asked and told. */
  readonly notesDir: string;
  readonly clockOffsetMs: number;
  readonly times: {
    readonly beatMs: number;
    readonly lapseMs: number;
    readonly deadAfterMs: number;
  };
}

/** 1: the times of the product. */
export const timesOf = (scale: number): ChaosProcessSettings['times'] => ({
  beatMs: 1_000 * scale,
  lapseMs: 5_000 * scale,
  deadAfterMs: 10_000 * scale,
});

export const startsOf = (processes: readonly Supervised[]): number =>
  processes.reduce((sum, one) => sum + one.starts, 0);

/** One of the processes, started again whenever it has ended, as a service manager does. */
export class Supervised implements AsyncDisposable {
  readonly #settings: () => ChaosProcessSettings;
  readonly #within: readonly string[];
  readonly #supervising: Promise<void>;
  #child: ChildProcess | null = null;
  #url: string | null = null;
  #isClosed = false;
  #pauseMs = 0;
  starts = 0;

  /** `within`: a command that becomes the one that it is given. */
  constructor(settings: () => ChaosProcessSettings, within: readonly string[] = []) {
    this.#settings = settings;
    this.#within = within;
    this.#supervising = this.#supervise();
  }

  /** Where it takes dispatches; null while it does not. */
  get url(): string | null {
    return this.#url;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  async #supervise(): Promise<void> {
    while (!this.#isClosed) {
      this.starts += 1;
      const main = join(repositoryRoot, 'test', 'chaos', 'process-main.ts');
      const own = [process.execPath, main, JSON.stringify(this.#settings())];
      const [command = '', ...args] = [...this.#within, ...own];
      const child = spawn(command, args, {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { PATH: process.env.PATH ?? '' },
      });
      this.#child = child;
      child.stdout.once('data', (chunk: Buffer) => {
        this.#url = chunk.toString().trim();
      });
      await once(child, 'exit');
      this.#url = null;
      this.#child = null;
      if (!this.#isClosed) await sleep(this.#pauseMs + 100);
    }
  }

  /** kill -9; it comes back after the pause. */
  kill(pauseMs: number): void {
    this.#pauseMs = pauseMs;
    this.#url = null;
    this.#child?.kill('SIGKILL');
  }

  /** SIGTERM; it comes back when it has ended in order. */
  stop(): void {
    this.#pauseMs = 0;
    this.#child?.kill('SIGTERM');
  }

  /** SIGSTOP, and SIGCONT after the time. */
  async freeze(ms: number): Promise<void> {
    const child = this.#child;
    child?.kill('SIGSTOP');
    await sleep(ms);
    child?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#child?.kill('SIGCONT');
    this.#child?.kill('SIGTERM');
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), 15_000);
    await this.#supervising;
    clearTimeout(late);
  }
}
