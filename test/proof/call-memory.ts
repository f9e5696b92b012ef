import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { descendantsOf, isAlive, until } from '../../src/sandbox/escapes/processes.ts';

// Memory of a sandbox after many calls: the server's own process and everything below it. And what is
// left of it when it is closed, and when its process is killed.

export interface MemoryOrder {
  /** Measured after each of these. */
  readonly checkpoints: readonly number[];
  /** One call of so many is JavaScript. */
  readonly javascriptEvery: number;
}

const atOnce = 4;

export interface MemoryReport {
  readonly calls: number;
  /** The server's live heap, after a collection. */
  readonly heapMiB: number;
  /** The server's process, after a collection that gives back what it does not need. */
  readonly serverMiB: number;
  /** Everything below the server: processes that wait for calls, and what they come from. */
  readonly waitingMiB: number;
}

export interface LeftBehind {
  readonly processes: number;
  readonly mounts: number;
  readonly files: number;
}

type Message =
  | { readonly report: MemoryReport }
  | { readonly closed: true }
  | { readonly failed: string };

/** Runs the calls in a process of its own; closes the sandbox, or has the process killed. */
export async function measureCalls(
  order: MemoryOrder,
  end: 'close' | 'kill',
): Promise<{ readonly reports: readonly MemoryReport[]; readonly left: LeftBehind }> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-proof-'));
  const mounts = countMounts();
  const child = fork(import.meta.filename, [JSON.stringify(order)], {
    execArgv: ['--expose-gc'],
    // Whatever is written as a temporary file is seen when it is left.
    env: { ...process.env, TMPDIR: directory },
  });
  const reports: MemoryReport[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.on('message', (message: Message) => {
    if ('failed' in message) reject(new Error(message.failed));
    else if ('closed' in message) resolve();
    else if (reports.push(message.report) === order.checkpoints.length) {
      if (end === 'close') child.send('close');
      else resolve();
    }
  });
  child.once('exit', (code) => reject(new Error(`The process of the sandbox ended with ${code}.`)));
  try {
    await promise;
    const waiting = await descendantsOf(child.pid ?? 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const started = performance.now();
    await until(async () => {
      const alive = (await Promise.all(waiting.map(isAlive))).filter(Boolean);
      return alive.length === 0 || performance.now() - started > 5_000;
    });
    const alive = (await Promise.all(waiting.map(isAlive))).filter(Boolean);
    const left = {
      processes: end === 'close' ? waiting.length : alive.length,
      mounts: countMounts() - mounts,
      files: readdirSync(directory).filter((name) => name !== cacheName).length,
    };
    return { reports, left };
  } finally {
    child.kill('SIGKILL');
    await rm(directory, { recursive: true });
  }
}

const cacheName = 'cache';

function countMounts(): number {
  return readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length;
}

async function serve(order: MemoryOrder): Promise<void> {
  const cacheDir = join(tmpdir(), cacheName);
  const sandbox = await createSandbox({ choice: 'jail', cacheDir });
  const call = async (number: number, isPython = number % order.javascriptEvery !== 0) => {
    const outcome = await sandbox.run({
      language: isPython ? 'python' : 'javascript',
      code: isPython
        ? 'def main(n):\n    print("call", n)\n    return {"message": str(n), "rawData": ["x" * 1000]}'
        : 'const main = ({ n }) => (console.log("call", n), { message: String(n), rawData: ["x".repeat(1000)] });',
      parametersJson: JSON.stringify({ n: number }),
      timeoutMs: 20_000,
      memoryMb: 256,
      key: `run:${number}`,
    });
    if (!outcome.ok) throw new Error(`Call ${number}: ${outcome.error}`);
  };
  let done = 0;
  for (const checkpoint of order.checkpoints) {
    const caller = async () => {
      while (done < checkpoint) await call(++done);
    };
    await Promise.all(Array.from({ length: atOnce }, caller));
    // The pool's size follows what was in use at once: it is to be the same at every measurement.
    for (const isPython of [true, false]) {
      await Promise.all(Array.from({ length: atOnce }, (_, index) => call(index, isPython)));
    }
    process.send?.({ report: await measure(checkpoint) } satisfies Message);
  }
  await once(process, 'message');
  await sandbox[Symbol.asyncDispose]();
  process.send?.({ closed: true } satisfies Message);
}

async function measure(calls: number): Promise<MemoryReport> {
  await filledPool();
  collectGarbage();
  const waiting = (await descendantsOf(process.pid)).map(({ pid }) => proportionalBytes(pid));
  return {
    calls,
    heapMiB: toMiB(process.memoryUsage().heapUsed),
    serverMiB: toMiB(process.memoryUsage.rss()),
    waitingMiB: toMiB(waiting.reduce((sum, bytes) => sum + bytes, 0)),
  };
}

/** Resident memory, with pages that several processes have in common counted once in all. */
function proportionalBytes(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) * 1024;
  } catch {
    return 0;
  }
}

function collectGarbage(): void {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run with --expose-gc');
  // Otherwise V8 keeps tens of megabytes that it has no use for, more of them the busier it was.
  void gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

/** Waits until the number of processes stands still. */
async function filledPool(): Promise<void> {
  for (let count = -1, unchanged = 0; unchanged < 10; ) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const found = (await descendantsOf(process.pid)).length;
    unchanged = found === count ? unchanged + 1 : 0;
    count = found;
  }
}

function toMiB(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 10) / 10;
}

if (import.meta.main) {
  try {
    await serve(JSON.parse(process.argv[2] ?? '') as MemoryOrder);
    process.disconnect?.();
  } catch (error) {
    process.send?.({ failed: String(error) } satisfies Message);
  }
}
