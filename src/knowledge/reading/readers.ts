import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ReadAnswer, ReadRequest } from './read-request.ts';
import { Unreadable } from './unreadable.ts';

// Processes that read what people upload, one file at a time each. A file that takes too long or too much memory
// ends its process, and is told so; the next one gets a new process. They have Node's permissions only to read
// files, which is no wall against a fault in Node itself: whoever needs one runs the server in a container.

export interface ReaderLimits {
  readonly processes: number;
  /** Of one file. */
  readonly timeoutMs: number;
  readonly memoryMiB: number;
}

const defaultLimits: ReaderLimits = { processes: 2, timeoutMs: 20_000, memoryMiB: 768 };
/** Then a new process begins, whatever the old one has kept. */
const maxUses = 500;
const watchEveryMs = 50;

const program = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? './reader-main.ts' : './reader-main.js',
    import.meta.url,
  ),
);

type Reply =
  | { readonly ok: true; readonly answer: ReadAnswer }
  | { readonly ok: false; readonly isUnreadable: boolean; readonly problem: string };

interface Reader {
  readonly child: ChildProcess;
  uses: number;
}

export class Readers implements AsyncDisposable {
  readonly #limits: ReaderLimits;
  readonly #idle: Reader[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #all = new Set<ChildProcess>();
  #busy = 0;
  #isClosed = false;

  constructor(limits: Partial<ReaderLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  /** Throws `Unreadable`, with what is wrong with the file; another error when this process closes. */
  async read(request: ReadRequest): Promise<ReadAnswer> {
    while (this.#busy >= this.#limits.processes && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.#isClosed) throw new Error('The readers are closed');
    this.#busy += 1;
    const reader = this.#idle.pop() ?? this.#start();
    try {
      const reply = await this.#ask(reader, request);
      reader.uses += 1;
      const isAlive = reader.child.connected && reader.child.signalCode === null;
      if (isAlive && reader.uses < maxUses && !this.#isClosed) this.#idle.push(reader);
      else reader.child.kill('SIGKILL');
      if (reply.ok) return reply.answer;
      if (reply.isUnreadable) throw new Unreadable(reply.problem);
      throw new Unreadable(`The file cannot be read: ${reply.problem.slice(0, 300)}`);
    } finally {
      this.#busy -= 1;
      this.#waiting.shift()?.();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const wake of this.#waiting.splice(0)) wake();
    for (const child of this.#all) child.ref();
    await Promise.all(
      [...this.#all].map(
        (child) =>
          new Promise<void>((resolve) => {
            child.once('exit', () => resolve());
            child.kill('SIGKILL');
          }),
      ),
    );
  }

  #start(): Reader {
    const heapMiB = Math.round(this.#limits.memoryMiB / 2);
    const child = fork(program, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
      execArgv: ['--permission', '--allow-fs-read=*', `--max-old-space-size=${heapMiB}`],
    });
    this.#all.add(child);
    child.once('exit', () => {
      this.#all.delete(child);
      const at = this.#idle.findIndex((reader) => reader.child === child);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    // An idle reader keeps no server from ending.
    child.unref();
    child.channel?.unref();
    return { child, uses: 0 };
  }

  async #ask({ child }: Reader, request: ReadRequest): Promise<Reply> {
    const { timeoutMs, memoryMiB } = this.#limits;
    child.channel?.ref();
    let why: string | null = null;
    const end = (reason: string) => {
      why ??= reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(
      () => end(`The file takes longer than ${timeoutMs / 1_000} s to read. Split it.`),
      timeoutMs,
    );
    const tooMuch = `The file takes more than ${memoryMiB} MiB of memory to read. Split it.`;
    const watch = setInterval(() => {
      if ((residentMiB(child.pid) ?? 0) > memoryMiB) end(tooMuch);
    }, watchEveryMs);
    try {
      return await new Promise<Reply>((resolve, reject) => {
        const onExit = () => {
          if (this.#isClosed) reject(new Error('The readers are closed'));
          // What ends it without our doing is its heap's limit.
          else resolve({ ok: false, isUnreadable: true, problem: why ?? tooMuch });
        };
        child.once('exit', onExit);
        child.once('message', (reply) => {
          child.off('exit', onExit);
          resolve(reply as Reply);
        });
        child.send(request, (error) => {
          if (error === null) return;
          // It ended while it was idle, or cannot take so much: its end is told, if it was not before.
          why ??= tooMuch;
          if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
          else onExit();
        });
      });
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      child.removeAllListeners('message');
      child.channel?.unref();
    }
  }
}

/** Memory that a process has now; null where the system does not say. */
function residentMiB(pid: number | undefined): number | null {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return (pages * 4_096) / 1_048_576;
  } catch {
    return null;
  }
}
