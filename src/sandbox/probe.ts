import { readdirSync, readFileSync } from 'node:fs';
import type { ToolLanguage } from '../core/custom-tool.ts';
import { type SandboxCall, SandboxUnavailable } from '../core/sandbox.ts';
import { mebibyte } from './limits.ts';
import { runCall } from './run-call.ts';
import type { RunnerProcess } from './runner-process.ts';

// A first, real call of an interpreter: whether it runs at all, and how much memory it has by itself.

/** Memory that an interpreter has before any tool's code, in bytes. */
export interface MemoryFloor {
  readonly dataBytes: number;
  readonly addressSpaceBytes: number;
}

export interface Measured {
  readonly floor: MemoryFloor;
  /** Of the interpreter alone, pages that it has in common with others included. */
  readonly residentBytes: number;
  /** Until it ran code. */
  readonly startMs: number;
}

/** More than any interpreter was seen to need: for the call that measures. */
const generousFloor: MemoryFloor = {
  dataBytes: 2048 * mebibyte,
  addressSpaceBytes: 8192 * mebibyte,
};

const probes: Record<ToolLanguage, string> = {
  python:
    'import time\ndef main():\n    print("ready")\n    time.sleep(10)\n    return {"message": ""}',
  javascript:
    'async function main() { console.log("ready"); return new Promise((end) => setTimeout(end, 10000)); }',
};

/**
 * Starts the interpreter for real; it waits while it is measured from outside.
 * Throws `SandboxUnavailable` with the reason when it does not run.
 */
export async function probeInterpreter(options: {
  readonly language: ToolLanguage;
  readonly start: (floor: MemoryFloor, call: SandboxCall) => Promise<RunnerProcess> | RunnerProcess;
  /** What a garbage collector and later imports take beyond the first, quiet moment. */
  readonly slackBytes: number;
}): Promise<Measured> {
  const { language, start, slackBytes } = options;
  const measured = new AbortController();
  const startedAt = performance.now();
  const found: (Measured | null)[] = [];
  const call: SandboxCall = {
    language,
    code: probes[language],
    parametersJson: '{}',
    timeoutMs: 8_000,
    memoryMb: 64,
    key: 'probe',
    signal: measured.signal,
  };
  const outcome = await runCall({
    runner: await start(generousFloor, call),
    call,
    onFirstPrint: (pid) => {
      const startMs = performance.now() - startedAt;
      found.push(measureMemory(pid, { slackBytes, startMs }));
      measured.abort();
    },
  });
  const [measurement = null] = found;
  if (!outcome.ok && outcome.failure !== 'aborted') throw new SandboxUnavailable(outcome.error);
  if (measurement === null)
    throw new SandboxUnavailable('Its memory could not be read from /proc.');
  return measurement;
}

/** Reads the last descendant of `pid`, which is the interpreter. */
function measureMemory(
  pid: number,
  { slackBytes, startMs }: { readonly slackBytes: number; readonly startMs: number },
): Measured | null {
  try {
    const status = readFileSync(`/proc/${lastDescendant(pid)}/status`, 'utf8');
    const bytes = (name: string) =>
      Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
    const dataBytes = bytes('VmData') + slackBytes;
    const addressSpaceBytes = bytes('VmPeak') + slackBytes;
    const residentBytes = bytes('VmRSS');
    const isWhole = dataBytes > 0 && addressSpaceBytes > 0 && residentBytes > 0;
    return isWhole ? { floor: { dataBytes, addressSpaceBytes }, residentBytes, startMs } : null;
  } catch {
    return null;
  }
}

function lastDescendant(pid: number): number {
  const children = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(name) : null;
    if (parent !== null) children.set(parent, Number(name));
  }
  let last = pid;
  for (let next = children.get(last); next !== undefined; next = children.get(last)) last = next;
  return last;
}

function parentOf(pid: string): number | null {
  try {
    // The name, in brackets, may hold spaces and brackets itself.
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1);
    return Number(afterName?.split(' ')[1]);
  } catch {
    return null;
  }
}
