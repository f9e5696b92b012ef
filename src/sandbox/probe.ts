import { readdirSync, readFileSync } from 'node:fs';
import type { ToolLanguage } from '../core/custom-tool.ts';
import { type SandboxCall, SandboxUnavailable } from '../core/sandbox.ts';
import { mebibyte } from './limits.ts';
import { type RunnerCommand, runCall } from './run-call.ts';

// A first, real call of an interpreter: whether it runs at all, and how much memory it has by itself.

/** Memory that an interpreter has before any tool's code, in bytes. */
export interface MemoryFloor {
  readonly dataBytes: number;
  readonly addressSpaceBytes: number;
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
  readonly command: (floor: MemoryFloor, call: SandboxCall) => RunnerCommand;
  /** What a garbage collector and later imports take beyond the first, quiet moment. */
  readonly slackBytes: number;
}): Promise<MemoryFloor> {
  const { language, command, slackBytes } = options;
  const measured = new AbortController();
  const floors: (MemoryFloor | null)[] = [];
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
    command: command(generousFloor, call),
    call,
    onFirstPrint: (pid) => {
      floors.push(measureMemory(pid, slackBytes));
      measured.abort();
    },
  });
  const [floor = null] = floors;
  if (!outcome.ok && outcome.failure !== 'aborted') throw new SandboxUnavailable(outcome.error);
  if (floor === null) throw new SandboxUnavailable('Its memory could not be read from /proc.');
  return floor;
}

/** Reads the last descendant of `pid`, which is the interpreter. */
function measureMemory(pid: number, slackBytes: number): MemoryFloor | null {
  try {
    const status = readFileSync(`/proc/${lastDescendant(pid)}/status`, 'utf8');
    const bytes = (name: string) =>
      Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
    const dataBytes = bytes('VmData') + slackBytes;
    const addressSpaceBytes = bytes('VmPeak') + slackBytes;
    return dataBytes > 0 && addressSpaceBytes > 0 ? { dataBytes, addressSpaceBytes } : null;
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
