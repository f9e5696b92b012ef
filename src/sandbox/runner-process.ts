import { spawn } from 'node:child_process';
import type { Duplex, Readable, Writable } from 'node:stream';
import { SandboxUnavailable } from '../core/sandbox.ts';
import { closeAll } from './cgroups.ts';
import { limits } from './limits.ts';

// A process with a runner in it, started and waiting for its one request. It may wait long: nothing of any
// call is in it. Who takes it writes the request, reads the frames and ends it.

export interface RunnerProcess {
  /** Of the process that was spawned, which is an ancestor of the interpreter; null when that failed. */
  readonly pid: number | null;
  readonly request: Writable;
  readonly frames: Readable;
  readonly prints: readonly Readable[];
  /** What was spawned has ended, and nobody can print any more. Rejects when it could not be started. */
  readonly closed: Promise<{ readonly status: number | NodeJS.Signals }>;
  /**
   * Kills it and waits until nobody can print any more; what the channel would still say is lost. The kernel
   * may then still be taking its memory down, for some milliseconds. Throws `SandboxUnavailable` when it cannot
   * be ended.
   */
  kill(): Promise<void>;
  /** Where a cgroup counts it: bounds what it may hold during this call. */
  confine?(call: { readonly memoryMb: number }): void;
  /** Whether the kernel ended it for its memory. */
  wasOutOfMemory?(): boolean;
}

export interface RunnerCommand {
  readonly path: string;
  readonly args: readonly string[];
  /** `fd3`: requests and frames on descriptor 3, prints on 1 and 2. `stdio`: on 0 and 1, prints on 2. */
  readonly channel: 'fd3' | 'stdio';
  /** Bytes offered on descriptor 4; only with `fd3`. */
  readonly offered: Buffer | null;
  /** Descriptors of the server's that it gets as 5 and on, and that are closed here; only with `fd3`. */
  readonly handed?: readonly number[];
  /** An open file of the server's, passed on as descriptor 3; only with `stdio`. */
  readonly openFile: number | null;
  /** Bytes for the runner before the request. */
  readonly preamble: readonly Buffer[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly identity: { readonly uid: number; readonly gid: number } | null;
}

/** Starts a process of its own for one call. */
export function startRunner(command: RunnerCommand): RunnerProcess {
  const isOnStdio = command.channel === 'stdio';
  const child = spawn(command.path, command.args, {
    stdio: isOnStdio
      ? ['pipe', 'pipe', 'pipe', command.openFile ?? 'ignore']
      : ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...(command.handed ?? [])],
    env: { ...command.env },
    cwd: command.cwd,
    // A group of its own, so that a jail which is still being built is killed with its builder.
    detached: true,
    ...command.identity,
  });
  closeAll(command.handed ?? []);
  const [stdin, stdout, stderr, channel, offered] = child.stdio as unknown as readonly Duplex[];
  const request = isOnStdio ? stdin : channel;
  const frames = isOnStdio ? stdout : channel;
  const prints = isOnStdio ? [stderr] : [stdout, stderr];
  const closed = new Promise<{ status: number | NodeJS.Signals }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ status: code ?? signal ?? 0 }));
  });
  closed.catch(() => {});
  // A process that dies while it is written to is told of by its end.
  for (const stream of child.stdio) stream?.on('error', () => {});
  if (request === undefined || frames === undefined) throw new Error('spawn gave no pipes');
  offered?.end(command.offered);
  for (const bytes of command.preamble) request.write(bytes);
  return {
    pid: child.pid ?? null,
    request,
    frames,
    prints: prints.filter((stream) => stream !== undefined),
    closed,
    kill: async () => {
      if (child.pid === undefined) return;
      if (child.exitCode === null && child.signalCode === null) killGroup(child.pid);
      if (!isOnStdio) channel?.destroy();
      await endOf(closed, () => `Process ${child.pid} of the sandbox could not be ended.`);
    },
  };
}

/** Waits for a process that has been killed. Throws `SandboxUnavailable` after the start deadline. */
export async function endOf(closed: Promise<unknown>, complaint: () => string): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const fail = () => reject(new SandboxUnavailable(complaint()));
  const timer = setTimeout(fail, limits.startDeadlineMs);
  try {
    await Promise.race([closed, late]);
  } finally {
    clearTimeout(timer);
  }
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}
