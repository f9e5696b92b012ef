import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ToolLanguage } from '../../src/core/custom-tool.ts';
import type { Sandbox } from '../../src/core/sandbox.ts';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { findDeno } from '../../src/sandbox/deno/find-deno.ts';
import { findPythons } from '../../src/sandbox/jail/find-python.ts';

// Ways to run one call of a tool. Each gives the code's own time, measured by the code itself.

export interface Subject extends AsyncDisposable {
  readonly name: string;
  readonly language: ToolLanguage;
  /** Milliseconds that the code itself took. */
  call(): Promise<number>;
}

/** The same small work in both languages. It tells how long it took, so that the rest can be told apart. */
const code: Record<ToolLanguage, string> = {
  python: `
import time
def main(guests):
    began = time.perf_counter()
    total = sum(len(name) for name in guests)
    return {"message": f"{total} letters", "rawData": (time.perf_counter() - began) * 1000}`,
  javascript: `
async function main({ guests }) {
  const began = performance.now();
  const total = guests.reduce((sum, name) => sum + name.length, 0);
  return { message: total + ' letters', rawData: performance.now() - began };
}`,
};
const parameters = { guests: ['Ada', 'Grace', 'Edsger', 'Barbara'] };
const expected = '21 letters';

interface Result {
  readonly message: string;
  readonly rawData: number;
}

/** Our sandbox; `warm` keeps processes waiting, as it comes. */
export async function ours(
  language: ToolLanguage,
  given: { readonly name: string; readonly isWarm: boolean; readonly cacheDir: string },
): Promise<Subject> {
  const sandbox: Sandbox = await createSandbox({
    choice: 'jail',
    cacheDir: given.cacheDir,
    ...(given.isWarm ? {} : { maxWarmBytes: 0 }),
  });
  return {
    name: given.name,
    language,
    call: async () => {
      const outcome = await sandbox.run({
        language,
        code: code[language],
        parametersJson: JSON.stringify(parameters),
        timeoutMs: 20_000,
        memoryMb: 256,
        key: 'bench',
      });
      if (!outcome.ok) throw new Error(`${given.name}: ${outcome.error}`);
      return ownTime(given.name, JSON.parse(outcome.resultJson) as Result);
    },
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}

/** A program that is started for the call, and ends with it. */
export function program(
  name: string,
  language: ToolLanguage,
  [path = '', ...args]: readonly string[],
): Subject {
  return {
    name,
    language,
    call: async () => {
      // Detached, as ours are: Linux shares a busy core out by session, too.
      const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += chunk;
      });
      child.stdin.end(JSON.stringify({ code: code[language], parameters }));
      const [status] = (await once(child, 'close')) as [number | null];
      if (status !== 0) throw new Error(`${name} ended with ${status}`);
      return ownTime(name, JSON.parse(output) as Result);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function ownTime(name: string, { message, rawData }: Result): number {
  if (message !== expected) throw new Error(`${name} answered "${message}"`);
  return rawData;
}

const peer = (file: string) => fileURLToPath(new URL(`peers/${file}`, import.meta.url));
const [python] = await findPythons();
if (python === undefined) throw new Error('There is no Python here.');

export const commands = {
  python: [python.executable, '-I', '-S', '-B', peer('call.py')],
  node: [process.execPath, '--no-warnings', peer('call.mjs')],
  deno: [findDeno().executable, 'run', '--quiet', '--no-prompt', '--no-config', peer('call.mjs')],
} as const;

/** bubblewrap with what it takes for isolation at all: every namespace, the host's files read-only. */
export const bubblewrap = [
  'bwrap',
  ...['--unshare-all', '--die-with-parent', '--new-session', '--clearenv'],
  ...['--ro-bind', '/', '/', '--tmpfs', '/tmp', '--dev', '/dev'],
  '--',
] as const;
