import { type ToolLanguage, toolLanguages } from '../../core/custom-tool.ts';
import {
  type CheckedCode,
  type RuntimeDescription,
  type Sandbox,
  type SandboxOutcome,
  SandboxUnavailable,
  type ServedProcess,
} from '../../core/sandbox.ts';
import { type CgroupPlaces, type Cgroups, openCgroups } from '../cgroups.ts';
import { checkCode } from '../check/check-code.ts';
import type { Importable } from '../check/judge-imports.ts';
import { describeRuntime } from '../describe-runtime.ts';
import type { Egress } from '../egress/proxy.ts';
import { maxSlots } from '../identity.ts';
import { describeImportable } from '../packages/describe-importable.ts';
import { installOpened, runWithPackages } from '../packages/run-with-packages.ts';
import { describePackages, settleRuntimes } from '../packages/tool-packages.ts';
import { Places } from '../places.ts';
import { runPooledCall } from '../pool/run-pooled-call.ts';
import { WarmPool } from '../pool/warm-pool.ts';
import type { PreparedCall } from '../prepared-call.ts';
import { RunningCalls } from '../running-calls.ts';
import { confined } from './confined.ts';
import { explainRefusal } from './explain.ts';
import { findParts } from './find-parts.ts';
import {
  findNode,
  findPythonInterpreters,
  type Interpreter,
  pythonPackagesInJail,
} from './interpreters.ts';
import type { JailParts } from './jail-command.ts';
import { jailLayers } from './jail-layers.ts';
import { type ServedLanguage, serveJavascript, servePython } from './languages.ts';
import { maxServers, type PreparedServer, StdioServers } from './stdio-servers.ts';

// The `jail` backend: one process a call, in namespaces of its own. What it holds and what not:
// jail-command.ts, zygote.ts, seccomp.ts. What waits for calls, and how much of it: pool/warm-pool.ts.

export interface OpenedJail {
  readonly sandbox: Sandbox;
  /** Languages that this machine's jail cannot serve, with the reason in plain words. */
  readonly missing: ReadonlyMap<ToolLanguage, string>;
  /** Why Python's processes are not forked, which would be faster; null when they are. */
  readonly withoutZygote: string | null;
}

export interface JailOptions {
  readonly maxCalls: number;
  /** Memory of what waits for calls, at most. 0: nothing waits. */
  readonly maxWarmBytes: number;
  /** The way out for calls that have a grant; without it there is none. */
  readonly egress?: Egress | null;
  /** Where packages are kept; without it there are none. */
  readonly runtimesDir?: string | null;
  /** Where to look for cgroups; by default where Linux has them. */
  readonly cgroups?: CgroupPlaces;
}

/** Probes the machine with a real call a language. Throws `SandboxUnavailable` when none can be served. */
export async function openJail(options: JailOptions): Promise<OpenedJail> {
  const cgroups = openCgroups(options.cgroups);
  try {
    return await openWithCgroups(options, cgroups);
  } catch (error) {
    if (typeof cgroups !== 'string') await cgroups[Symbol.asyncDispose]();
    throw error;
  }
}

async function openWithCgroups(options: JailOptions, found: Cgroups | string): Promise<OpenedJail> {
  const cgroups = typeof found === 'string' ? null : found;
  const parts = await findParts({ egress: options.egress ?? null, cgroups });
  const served = new Map<ToolLanguage, ServedLanguage>();
  const missing = new Map<ToolLanguage, string>();
  for (const language of toolLanguages) {
    const candidates = await findInterpreters(language, options.runtimesDir ?? null);
    const reasons: string[] = [];
    for (const interpreter of candidates) {
      const probed = await probe(parts, interpreter);
      if (typeof probed !== 'string') {
        served.set(language, probed);
        break;
      }
      reasons.push(`${interpreter.command[0]} ${interpreter.version}: ${probed}`);
    }
    if (!served.has(language)) {
      missing.set(
        language,
        reasons.join('; ') || 'No python3 of 3.10 or later was found: install python3.',
      );
    }
  }
  if (served.size === 0) {
    // What stops Node stops the others too, and Node is always there.
    throw new SandboxUnavailable(`The jail cannot run here. ${missing.get('javascript')}`);
  }
  await settle(options, served);
  const withoutZygote = served.get('python')?.withoutZygote ?? null;
  const remark =
    typeof found === 'string'
      ? `no cgroup bounds calls (${found})`
      : `a cgroup (version ${found.version}) bounds each call`;
  const sandbox = new Jail({ parts, served, missing, options, remarks: [remark] });
  return { sandbox, missing, withoutZygote };
}

const slotsOfCalls = maxSlots - maxServers;

class Jail implements Sandbox {
  readonly backend = 'jail';
  readonly #served: ReadonlyMap<ToolLanguage, ServedLanguage>;
  readonly #missing: ReadonlyMap<ToolLanguage, string>;
  readonly #calls: RunningCalls;
  readonly #pool: WarmPool;
  readonly #servers: StdioServers;
  readonly #cgroups: Cgroups | null;
  readonly #layers: readonly string[];
  readonly remarks: readonly string[];

  constructor(given: {
    readonly parts: JailParts;
    readonly served: ReadonlyMap<ToolLanguage, ServedLanguage>;
    readonly missing: ReadonlyMap<ToolLanguage, string>;
    readonly options: JailOptions;
    readonly remarks: readonly string[];
  }) {
    const { parts, served, missing, options, remarks } = given;
    this.#served = served;
    const interpreters = [...served].map(([name, { interpreter }]) => [name, interpreter] as const);
    this.#servers = new StdioServers(parts, new Map(interpreters), slotsOfCalls);
    this.#missing = missing;
    this.#cgroups = parts.cgroups;
    this.#layers = jailLayers(parts);
    this.remarks = remarks;
    const maxCalls = Math.min(options.maxCalls, slotsOfCalls / 2);
    this.#calls = new RunningCalls(new Places(maxCalls));
    this.#pool = new WarmPool({
      kinds: new Map(
        [...served.values()].flatMap(({ kinds }) =>
          [...kinds].map(([name, kind]) => [name, confined(kind, parts.cgroups)] as const),
        ),
      ),
      maxBytes: options.maxWarmBytes,
      maxWaiting: maxCalls,
      slots: slotsOfCalls,
    });
  }

  runtimes(): readonly RuntimeDescription[] {
    return [...this.#served.values()].map(({ interpreter }) =>
      describeRuntime({
        ...interpreter,
        packages: describePackages(interpreter),
        backend: this.backend,
        layers: this.#layers,
      }),
    );
  }

  run(call: PreparedCall): Promise<SandboxOutcome> {
    const served = this.#servedFor(call.language);
    const { interpreter } = served;
    const runPrepared = (prepared: PreparedCall) =>
      this.#calls.run(prepared, (admitted) =>
        runPooledCall({
          pool: this.#pool,
          kind: served.kindOf(admitted),
          call: admitted,
          limits: served.limitsOf(admitted),
        }),
      );
    return runWithPackages({
      call: { ...call, packagesPath: pythonPackagesInJail },
      opened: interpreter,
      importable: importableOf(interpreter),
      run: runPrepared,
    });
  }

  async serve(order: PreparedServer): Promise<ServedProcess> {
    return this.#servers.start(order);
  }

  check(language: ToolLanguage, code: string): Promise<CheckedCode> {
    const importable = importableOf(this.#servedFor(language).interpreter);
    return checkCode(this, { language, code, importable });
  }

  async installPackages(language: ToolLanguage): Promise<void> {
    await installOpened(this.#servedFor(language).interpreter);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { interpreter } of this.#served.values()) {
      await interpreter.packages?.[Symbol.asyncDispose]();
    }
    await this.#servers[Symbol.asyncDispose]();
    await this.#calls[Symbol.asyncDispose]();
    await this.#pool[Symbol.asyncDispose]();
    for (const served of this.#served.values()) await served[Symbol.asyncDispose]();
    await this.#cgroups?.[Symbol.asyncDispose]();
  }

  #servedFor(language: ToolLanguage): ServedLanguage {
    const served = this.#served.get(language);
    if (served !== undefined) return served;
    throw new SandboxUnavailable(`The jail cannot run ${language}. ${this.#missing.get(language)}`);
  }
}

async function findInterpreters(
  language: ToolLanguage,
  runtimesDir: string | null,
): Promise<readonly Interpreter[]> {
  return language === 'python'
    ? await findPythonInterpreters(runtimesDir)
    : [findNode(runtimesDir)];
}

async function settle(
  { runtimesDir }: JailOptions,
  served: ReadonlyMap<ToolLanguage, ServedLanguage>,
): Promise<void> {
  if (!runtimesDir) return;
  const all = [...served.values()].map(({ interpreter }) => interpreter.packages);
  await settleRuntimes(
    runtimesDir,
    all.filter((packages) => packages !== null),
  );
}

function importableOf(interpreter: Interpreter): Importable {
  const { language, version, modules } = interpreter;
  return describeImportable({
    runtime: `${runtimeNames[language]} ${version}`,
    modules,
    opened: interpreter,
  });
}

const runtimeNames: Readonly<Record<ToolLanguage, string>> = {
  python: 'Python',
  javascript: 'Node',
};

/** Starts the interpreter for real; gives the reason, in plain words, when that fails. */
async function probe(parts: JailParts, interpreter: Interpreter): Promise<ServedLanguage | string> {
  const serve = interpreter.language === 'python' ? servePython : serveJavascript;
  try {
    return await serve(parts, interpreter);
  } catch (error) {
    return explainRefusal(error instanceof Error ? error.message : String(error));
  }
}
