import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../core/logger.ts';
import type { EngineName, Run } from '../core/run.ts';
import type { ClusterDriver } from './cluster-driver.ts';
import type { ClusterLink, ClusterWorker } from './cluster-link.ts';
import type { LocalEngine } from './local.ts';
import type { WakeRelay } from './wake-relay.ts';

// The engine of a cluster, in one process: it tells the cluster of runs, and drives those that the cluster hands
// back to it. Either without the other is a process too: an API, or a worker.

const retryMs = 2_000;

export class ClusterEngine implements AsyncDisposable {
  readonly name: EngineName = 'temporal';
  readonly #link: ClusterLink;
  readonly #relay: WakeRelay;
  readonly #driver: ClusterDriver;
  readonly #local: Pick<LocalEngine, 'stop'>;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  #working: Promise<void> | null = null;
  #worker: ClusterWorker | null = null;

  constructor(given: {
    readonly link: ClusterLink;
    readonly relay: WakeRelay;
    readonly driver: ClusterDriver;
    /** Runs that began there end there. */
    readonly local: Pick<LocalEngine, 'stop'>;
    readonly logger: Logger;
  }) {
    this.#link = given.link;
    this.#relay = given.relay;
    this.#driver = given.driver;
    this.#local = given.local;
    this.#logger = given.logger;
  }

  /** Begins to tell the cluster what is in the outbox. */
  tell(): void {
    this.#relay.start();
  }

  /** Begins to drive what the cluster hands out; again and again where it is away. */
  async work(): Promise<void> {
    await this.#driver.start();
    this.#working = this.#keepWorking();
  }

  /** Runs driven in this process. */
  get size(): number {
    return this.#driver.size;
  }

  get isAlive(): boolean {
    return this.#driver.isAlive;
  }

  /** Of a cluster nobody knows beforehand who drives a run. */
  ownerForNewRun(): null {
    return null;
  }

  notCreated(): void {}

  wake(run: Pick<Run, 'owner'>): void {
    if (run.owner === null) this.#relay.nudge();
  }

  stop(runId: string): void {
    this.#local.stop(runId);
    this.#driver.stop(runId);
  }

  async #keepWorking(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const worker = await this.#link.work((request) => this.#driver.drive(request));
        this.#worker = worker;
        this.#logger.info({}, 'This process drives runs of the cluster');
        if (signal.aborted) await worker.stop();
        await worker.stopped;
      } catch (err) {
        if (!signal.aborted)
          this.#logger.warn({ err }, 'The cluster hands out no runs here for now');
      }
      this.#worker = null;
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Runs come to rest between two steps, within the worker's drain time; then the others are stopped. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#driver.drain();
    await this.#worker?.stop();
    await this.#working;
    await this.#relay[Symbol.asyncDispose]();
    await this.#driver[Symbol.asyncDispose]();
    await this.#link[Symbol.asyncDispose]();
  }
}
