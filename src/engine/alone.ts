import type { ChildProcess } from 'node:child_process';
import { newId } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { Run } from '../core/run.ts';
import { logFields } from '../core/trace-context.ts';
import type { Database } from '../store/connect.ts';
import { failOwnedRun } from '../store/fail-run.ts';
import { handBackRuns, takeFromCrashed } from '../store/ownership.ts';
import { forgetProcesses } from '../store/processes.ts';
import { restingAfter } from './drive-run.ts';
import type { AloneAnswer, AloneRequest } from './serve-alone.ts';

// Runs under suspicion: two owners have died at the same step of each. One at a time goes into a child
// process that holds nothing else, until it has committed a step; then it is cleared, and the child takes
// the next. If the child dies, and this process lives to see it, the run did it: that is a strike.

export interface AloneOptions {
  readonly db: Database;
  readonly logger: Logger;
  /** Starts a child that runs `serveAlone`, with an IPC channel. */
  readonly spawn: () => ChildProcess;
  /** The incarnation of this process. */
  readonly owner: () => string;
  /** Children at once; default 4. */
  readonly maxChildren?: number;
  /** Strikes at the same step that make a run poison; default 3. */
  readonly maxStrikes?: number;
  /** Until an idle child is let go; default 5 s. */
  readonly idleMs?: number;
}

/** From this many crashes at one step on a run is driven alone. */
export const suspicious = 2;

interface Child {
  readonly process: ChildProcess;
  /** Its incarnation. */
  readonly id: string;
  readonly exited: Promise<void>;
  idle: NodeJS.Timeout | null;
}

export class AloneRuns implements AsyncDisposable {
  readonly #options: Required<AloneOptions>;
  readonly #idle: Child[] = [];
  readonly #children = new Set<Child>();
  readonly #turns: (() => void)[] = [];
  #busy = 0;
  #isClosing = false;

  constructor(options: AloneOptions) {
    this.#options = { maxChildren: 4, maxStrikes: 3, idleMs: 5_000, ...options };
  }

  /** Drives a run of this process in a child until it has committed a step. Resolves when it has left. */
  async drive(run: Run, signal: AbortSignal): Promise<void> {
    await this.#takeTurn();
    try {
      if (signal.aborted || this.#isClosing) return await this.#giveBack(run, 0);
      const child = this.#idle.pop() ?? (await this.#start());
      if (child === null) return await this.#giveBack(run, 5_000);
      const isDone = await this.#driveIn(child, run, signal);
      if (isDone) this.#rest(child);
      else await this.#onCrash(child, run);
    } finally {
      this.#busy -= 1;
      this.#turns.shift()?.();
    }
  }

  async #takeTurn(): Promise<void> {
    while (this.#busy >= this.#options.maxChildren) {
      await new Promise<void>((resolve) => this.#turns.push(resolve));
    }
    this.#busy += 1;
  }

  /** Null: it did not come up, which is no run's fault. */
  async #start(): Promise<Child | null> {
    const process = this.#options.spawn();
    const exited = new Promise<void>((resolve) => {
      process.once('exit', () => resolve());
      process.once('error', () => resolve());
    });
    const id = await new Promise<string | null>((resolve) => {
      process.once('message', (answer: AloneAnswer) =>
        resolve(answer.kind === 'ready' ? answer.process : null),
      );
      void exited.then(() => resolve(null));
    });
    if (id === null) {
      process.kill('SIGKILL');
      this.#options.logger.error({}, 'The process for runs under suspicion does not start');
      return null;
    }
    const child: Child = { process, id, exited, idle: null };
    this.#children.add(child);
    void exited.then(() => this.#forget(child));
    return child;
  }

  /** Whether the child survived it. */
  async #driveIn(child: Child, run: Run, signal: AbortSignal): Promise<boolean> {
    if (child.idle !== null) clearTimeout(child.idle);
    const send = (request: AloneRequest) => {
      if (child.process.connected) child.process.send(request, () => {});
    };
    const onAbort = () => send({ kind: 'stop', id: run.id });
    signal.addEventListener('abort', onAbort, { once: true });
    const done = new Promise<boolean>((resolve) => {
      const onMessage = (answer: AloneAnswer) => {
        if (answer.kind !== 'done' || answer.id !== run.id) return;
        child.process.off('message', onMessage);
        resolve(true);
      };
      child.process.on('message', onMessage);
      void child.exited.then(() => resolve(false));
    });
    send({ kind: 'drive', id: run.id, from: run.owner ?? '', epoch: run.epoch });
    try {
      return await done;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #onCrash(child: Child, run: Run): Promise<void> {
    const { db, logger, owner, maxStrikes } = this.#options;
    // Our own orders ended it: whatever it held is adopted as a dead process's, without a strike.
    if (this.#isClosing) return await forgetProcesses(db, [child.id]);
    const request = { id: run.id, from: child.id, owner: owner() };
    const struck = await persistently(() => takeFromCrashed(db, request), logger);
    await forgetProcesses(db, [child.id]);
    // Not the child's any more: it was not begun there, or it had left already.
    if (struck === null) return await this.#giveBack(run, 1_000);
    logger.warn(
      { ...logFields(run), strikes: struck.strikes },
      'A run ended the process it was alone in',
    );
    if (struck.strikes < maxStrikes) return await this.#giveBack(struck, 500 * 2 ** struck.strikes);
    await failOwnedRun(db, {
      id: run.id,
      owner: request.owner,
      epoch: struck.epoch,
      stopReason: 'poison',
      error: `The run ended the server process that drove it, and nothing else, ${struck.strikes} times in a row at the same step. It was stopped so that it does no more harm. Look at its last step, and at the server's log for how the process died.`,
      unitId: newId('unit'),
    });
  }

  async #giveBack(run: Run, delayMs: number): Promise<void> {
    await handBackRuns(this.#options.db, [restingAfter(run, 'at_rest')], delayMs);
  }

  #rest(child: Child): void {
    if (this.#isClosing) {
      child.process.disconnect();
      return;
    }
    this.#idle.push(child);
    child.idle = setTimeout(() => {
      this.#forget(child);
      child.process.disconnect();
    }, this.#options.idleMs);
    child.idle.unref();
  }

  #forget(child: Child): void {
    this.#children.delete(child);
    const index = this.#idle.indexOf(child);
    if (index >= 0) this.#idle.splice(index, 1);
  }

  /** Asks the children to hand back what they hold; those that do not go in time are killed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    for (const wake of this.#turns.splice(0)) wake();
    await Promise.all(
      [...this.#children].map(async ({ process, exited }) => {
        if (process.connected) process.disconnect();
        const late = setTimeout(() => process.kill('SIGKILL'), 15_000);
        await exited;
        clearTimeout(late);
      }),
    );
  }
}

/** Again and again over an outage: a strike that is forgotten lets a poison run go on. */
async function persistently<T>(work: () => Promise<T>, logger: Logger): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 20) throw error;
      logger.warn({ err: error }, 'A crash could not be noted yet');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
