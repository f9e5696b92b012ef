import { execFile } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ToolLanguage, toolDefaults, toolMaxima } from '../../core/custom-tool.ts';
import {
  type CheckedCode,
  type RuntimeDescription,
  type Sandbox,
  type SandboxOutcome,
  SandboxUnavailable,
} from '../../core/sandbox.ts';
import { checkCode } from '../check/check-code.ts';
import type { Importable } from '../check/judge-imports.ts';
import { describeRuntime } from '../describe-runtime.ts';
import type { Egress } from '../egress/proxy.ts';
import { findPrograms } from '../find-program.ts';
import { findIdentity, maxSlots } from '../identity.ts';
import { findLimiter } from '../limited-command.ts';
import { mebibyte } from '../limits.ts';
import { describeImportable } from '../packages/describe-importable.ts';
import { installOpened, runWithPackages } from '../packages/run-with-packages.ts';
import { describePackages } from '../packages/tool-packages.ts';
import { Places } from '../places.ts';
import { memoryClasses, memoryClassOf } from '../pool/memory-classes.ts';
import { runPooledCall } from '../pool/run-pooled-call.ts';
import { type RunnerKind, WarmPool } from '../pool/warm-pool.ts';
import type { PreparedCall } from '../prepared-call.ts';
import { startRunner } from '../runner-process.ts';
import { RunningCalls } from '../running-calls.ts';
import { type DenoParts, denoCommand, ownRunnersDirectory } from './deno-command.ts';
import { denoLayers } from './deno-layers.ts';
import { type DenoPackages, openDenoPackages } from './deno-packages.ts';
import { findDeno, findPyodide } from './find-deno.ts';
import { type DenoInterpreter, startInterpreters } from './interpreters.ts';
import { leadImports } from './lead-imports.ts';
import { isReadableByAll, makeReadable } from './readable-files.ts';

// The `deno` backend: one Deno process a call. What it holds and what not: deno-command.ts.

/** Probes Deno with a real call a language. Throws `SandboxUnavailable`. */
export async function openDeno(options: {
  readonly maxCalls: number;
  /** Memory of what waits for calls, at most. 0: nothing waits. */
  readonly maxWarmBytes: number;
  readonly cacheDir: string;
  /** Where packages are kept; without it there are none. */
  readonly runtimesDir?: string | null;
  /** The way out for calls that have a grant; without it there is none. */
  readonly egress?: Egress | null;
}): Promise<Sandbox> {
  const deno = findDeno();
  const pyodide = findPyodide();
  const resources = new AsyncDisposableStack();
  try {
    const dropsRoot = findIdentity().kind === 'root';
    const packages = await openDenoPackages(options.runtimesDir ?? null, { dropsRoot, resources });
    const parts = {
      ...(await findParts(deno.executable, pyodide.directory, options.cacheDir, resources)),
      packagesDirectory: packages.directory,
    };
    const format = 2;
    const fingerprint = [format, deno.version, pyodide.packageVersion, availableParallelism()].join(
      ' ',
    );
    const interpreters = await startInterpreters({
      parts,
      fingerprint,
      cacheDir: options.cacheDir,
    });
    const proxyPort = (await options.egress?.listenOnLoopback()) ?? null;
    return new DenoSandbox({ ...options, parts, packages, interpreters, resources, proxyPort });
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

interface DenoSandboxOptions {
  readonly parts: DenoParts;
  readonly packages: DenoPackages;
  readonly interpreters: ReadonlyMap<ToolLanguage, DenoInterpreter>;
  readonly resources: AsyncDisposableStack;
  readonly maxCalls: number;
  readonly maxWarmBytes: number;
  readonly proxyPort: number | null;
}

class DenoSandbox implements Sandbox {
  readonly backend = 'deno';
  readonly #interpreters: ReadonlyMap<ToolLanguage, DenoInterpreter>;
  readonly #packages: DenoPackages;
  readonly #parts: DenoParts;
  readonly #resources: AsyncDisposableStack;
  readonly #calls: RunningCalls;
  readonly #pool: WarmPool;

  constructor({
    parts,
    packages,
    interpreters,
    resources,
    proxyPort,
    ...size
  }: DenoSandboxOptions) {
    this.#interpreters = interpreters;
    this.#packages = packages;
    this.#parts = parts;
    this.#resources = resources;
    const maxCalls = Math.min(size.maxCalls, maxSlots / 2);
    this.#calls = new RunningCalls(new Places(maxCalls));
    this.#pool = new WarmPool({
      kinds: new Map([
        ...runnerKinds(parts, interpreters, null),
        ...(proxyPort === null ? [] : runnerKinds(parts, interpreters, proxyPort)),
      ]),
      maxBytes: size.maxWarmBytes,
      maxWaiting: maxCalls,
      slots: maxSlots,
    });
  }

  runtimes(): readonly RuntimeDescription[] {
    return [...this.#interpreters].map(([language, { version, modules }]) =>
      describeRuntime({
        language,
        version,
        modules,
        packages: describePackages(this.#packages.opened[language]),
        backend: this.backend,
        layers: denoLayers(this.#parts, language),
      }),
    );
  }

  run(call: PreparedCall): Promise<SandboxOutcome> {
    const isOpen = call.proxy !== undefined;
    const kind = kindName(call.language, memoryClassOf(call.memoryMb), isOpen);
    const opened = this.#packages.opened[call.language];
    return runWithPackages({
      call: this.#withImportsLed(call),
      opened,
      importable: this.#importable(call.language),
      run: async (prepared) => {
        if (prepared.packages?.length) await this.#packages.show();
        return await this.#calls.run(prepared, (admitted) =>
          runPooledCall({ pool: this.#pool, kind, call: admitted }),
        );
      },
    });
  }

  check(language: ToolLanguage, code: string): Promise<CheckedCode> {
    return checkCode(this, { language, code, importable: this.#importable(language) });
  }

  async installPackages(language: ToolLanguage): Promise<void> {
    await installOpened(this.#packages.opened[language]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#packages.opened.javascript.packages?.[Symbol.asyncDispose]();
    await this.#calls[Symbol.asyncDispose]();
    await this.#pool[Symbol.asyncDispose]();
    await this.#resources.disposeAsync();
  }

  #withImportsLed(call: PreparedCall): PreparedCall {
    const set = this.#packages.opened[call.language].packages?.set;
    if (call.language !== 'javascript' || set === undefined) return call;
    return { ...call, code: leadImports(call.code, set.importable) };
  }

  #importable(language: ToolLanguage): Importable {
    const { version = '', modules = [] } = this.#interpreters.get(language) ?? {};
    return describeImportable({
      runtime: language === 'python' ? `Pyodide's Python ${version}` : `Deno ${version}`,
      modules: language === 'python' ? [...modules, ...pyodideModules] : modules,
      opened: this.#packages.opened[language],
    });
  }
}

/** Modules of Pyodide's own. */
const pyodideModules = ['js', 'pyodide', 'pyodide_js'];

function kindName(language: ToolLanguage, classMb: number, isOpen: boolean): string {
  return `${language} ${classMb}${isOpen ? ' open' : ''}`;
}

/** By memory class: V8 takes the size of its heap, and Deno its limits, only when it starts. */
function runnerKinds(
  parts: DenoParts,
  interpreters: ReadonlyMap<ToolLanguage, DenoInterpreter>,
  proxyPort: number | null,
): ReadonlyMap<string, RunnerKind> {
  const kinds = [...interpreters].flatMap(([language, { measured, snapshot }]) =>
    memoryClasses.map((memoryMb): [string, RunnerKind] => {
      const { timeoutMs } = toolMaxima;
      const floor = measured?.floor ?? null;
      const given = { language, memoryMb, timeoutMs, floor, snapshot, proxyPort };
      const call = { ...given, task: 'run' } as const;
      const isOpen = proxyPort !== null;
      const isUsual = memoryMb === memoryClassOf(toolDefaults.memoryMb) && !isOpen;
      return [
        kindName(language, memoryMb, isOpen),
        {
          start: async (slot) => startRunner(denoCommand(parts, { ...call, slot })),
          residentBytes: measured?.residentBytes ?? unmeasured.residentBytes[language],
          startMs: measured?.startMs ?? unmeasured.startMs,
          // Pyodide is large: it waits only where it is used.
          keep: isUsual && language === 'javascript' ? 1 : 0,
        },
      ];
    }),
  );
  return new Map(kinds);
}

/** Where /proc does not tell: more than was seen on Linux. */
const unmeasured = {
  residentBytes: { javascript: 100 * mebibyte, python: 400 * mebibyte },
  startMs: 200,
} as const;

async function findParts(
  executable: string,
  pyodideDirectory: string,
  cacheDir: string,
  resources: AsyncDisposableStack,
): Promise<Omit<DenoParts, 'packagesDirectory'>> {
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
