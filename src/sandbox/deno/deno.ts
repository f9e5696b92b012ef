import { execFile } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ToolLanguage } from '../../core/custom-tool.ts';
import {
  type CodeProblem,
  type RuntimeDescription,
  type Sandbox,
  type SandboxCall,
  type SandboxOutcome,
  SandboxUnavailable,
} from '../../core/sandbox.ts';
import { checkCode } from '../check/check-code.ts';
import { describeRuntime } from '../describe-runtime.ts';
import { findPrograms } from '../find-program.ts';
import { findIdentity, maxSlots } from '../identity.ts';
import { findLimiter } from '../limited-command.ts';
import { mebibyte } from '../limits.ts';
import { Places } from '../places.ts';
import { type MemoryFloor, probeInterpreter } from '../probe.ts';
import { runCall } from '../run-call.ts';
import { RunningCalls } from '../running-calls.ts';
import { type DenoParts, denoCommand, ownRunnersDirectory } from './deno-command.ts';
import { findDeno, findPyodide } from './find-deno.ts';
import { isReadableByAll, makeReadable } from './readable-files.ts';

// The `deno` backend: one Deno process a call. What it holds and what not: deno-command.ts.

/** What one interpreter turned out to be when it was first started. */
interface Measured {
  readonly version: string;
  readonly modules: readonly string[];
  readonly floor: MemoryFloor | null;
}

/** Probes Deno with a real call a language. Throws `SandboxUnavailable`. */
export async function openDeno(options: {
  readonly maxCalls: number;
  readonly cacheDir: string;
}): Promise<Sandbox> {
  const deno = findDeno();
  const pyodide = findPyodide();
  const resources = new AsyncDisposableStack();
  try {
    const parts = await findParts(deno.executable, pyodide.directory, options.cacheDir, resources);
    const fingerprint = [deno.version, pyodide.packageVersion, availableParallelism()].join(' ');
    const measured = await measureAll(parts, fingerprint, options.cacheDir);
    return new DenoSandbox({ parts, measured, resources, maxCalls: options.maxCalls });
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

interface DenoSandboxOptions {
  readonly parts: DenoParts;
  readonly measured: ReadonlyMap<ToolLanguage, Measured>;
  readonly resources: AsyncDisposableStack;
  readonly maxCalls: number;
}

class DenoSandbox implements Sandbox {
  readonly backend = 'deno';
  readonly #parts: DenoParts;
  readonly #measured: ReadonlyMap<ToolLanguage, Measured>;
  readonly #resources: AsyncDisposableStack;
  readonly #calls: RunningCalls;

  constructor({ parts, measured, resources, maxCalls }: DenoSandboxOptions) {
    this.#parts = parts;
    this.#measured = measured;
    this.#resources = resources;
    this.#calls = new RunningCalls(new Places(Math.min(maxCalls, maxSlots)));
  }

  runtimes(): readonly RuntimeDescription[] {
    return [...this.#measured].map(([language, { version, modules }]) =>
      describeRuntime({ language, version, modules, backend: this.backend }),
    );
  }

  run(call: SandboxCall): Promise<SandboxOutcome> {
    const floor = this.#measured.get(call.language)?.floor ?? null;
    return this.#calls.run(call, (admitted, slot) =>
      runCall({ command: denoCommand(this.#parts, { ...admitted, floor, slot }), call: admitted }),
    );
  }

  check(language: ToolLanguage, code: string): Promise<readonly CodeProblem[]> {
    return checkCode(this, language, code);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#calls[Symbol.asyncDispose]();
    await this.#resources.disposeAsync();
  }
}

async function findParts(
  executable: string,
  pyodideDirectory: string,
  cacheDir: string,
  resources: AsyncDisposableStack,
): Promise<DenoParts> {
  const identity = findIdentity();
  const firstUid = identity.kind === 'root' ? identity.firstUid : null;
  const limiter = findLimiter();
  if (limiter === null && process.platform === 'linux') {
    throw new SandboxUnavailable(
      'Nothing here sets limits: install `prlimit` (util-linux) or a shell.',
    );
  }
  const originals = { pyodideDirectory, runnersDirectory: ownRunnersDirectory };
  const common = { executable, limiter, parentDeath: await findParentDeath(), firstUid };
  if (firstUid === null) {
    const cacheDirectory = join(cacheDir, 'deno');
    await mkdir(cacheDirectory, { recursive: true, mode: 0o700 });
    return { ...common, ...originals, cacheDirectory, openExecutable: null };
  }
  const files = resources.use(await makeReadable(originals));
  const isReachable = await isReadableByAll(executable);
  const openExecutable = isReachable ? null : openSync(executable, 'r');
  if (openExecutable !== null) resources.defer(() => closeSync(openExecutable));
  return {
    ...common,
    pyodideDirectory: files.pyodideDirectory,
    runnersDirectory: files.runnersDirectory,
    cacheDirectory: null,
    openExecutable,
  };
}

/** util-linux's `setpriv`, where it can bind a program's life to the server's. */
async function findParentDeath(): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  for (const path of findPrograms('setpriv')) {
    const { stdout } = await promisify(execFile)(path, ['--help'], { env: {} }).catch(() => ({
      stdout: '',
    }));
    if (stdout.includes('--pdeathsig')) return path;
  }
  return null;
}

const listings: Record<ToolLanguage, string> = {
  python:
    'import sys\ndef main():\n    names = sorted(n for n in sys.stdlib_module_names if n[0] != "_")\n' +
    '    return {"message": "%d.%d.%d" % sys.version_info[:3], "rawData": names}',
  javascript:
    'const names = require("node:module").builtinModules.filter((name) => !/^_|^node:/.test(name));\n' +
    'async function main() { return { message: Deno.version.deno, rawData: names }; }',
};

/** A first start of Pyodide takes seconds: what was measured is kept for the same versions. */
async function measureAll(
  parts: DenoParts,
  fingerprint: string,
  cacheDir: string,
): Promise<ReadonlyMap<ToolLanguage, Measured>> {
  const path = join(cacheDir, 'deno-measured.json');
  const kept = await readKept(path, fingerprint);
  // Even then one call is made for real: it is what says that Deno runs here.
  const javascript = await measure(parts, 'javascript');
  const python = kept ?? (await measure(parts, 'python'));
  if (kept === null) {
    await mkdir(cacheDir, { recursive: true, mode: 0o700 });
    await writeFile(path, JSON.stringify({ fingerprint, python }), { mode: 0o600 });
  }
  return new Map([
    ['python', python],
    ['javascript', javascript],
  ]);
}

async function readKept(path: string, fingerprint: string): Promise<Measured | null> {
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as {
      fingerprint: string;
      python: Measured;
    };
    return kept.fingerprint === fingerprint ? kept.python : null;
  } catch {
    return null;
  }
}

async function measure(parts: DenoParts, language: ToolLanguage): Promise<Measured> {
  const floor =
    process.platform === 'linux'
      ? await probeInterpreter({
          language,
          command: (generous, call) => denoCommand(parts, { ...call, floor: generous, slot: 0 }),
          slackBytes: 64 * mebibyte,
        })
      : null;
  const call: SandboxCall = {
    language,
    code: listings[language],
    parametersJson: '{}',
    timeoutMs: 10_000,
    memoryMb: 64,
    key: 'probe',
  };
  const outcome = await runCall({ command: denoCommand(parts, { ...call, floor, slot: 0 }), call });
  if (!outcome.ok) throw new SandboxUnavailable(`Deno cannot run ${language}: ${outcome.error}`);
  const { rawData } = JSON.parse(outcome.resultJson) as { rawData: readonly string[] };
  return { version: outcome.message, modules: rawData, floor };
}
