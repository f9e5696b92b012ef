import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ToolLanguage, toolLanguages } from '../../core/custom-tool.ts';
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
import { probeInterpreter } from '../probe.ts';
import { type RunnerCommand, runCall } from '../run-call.ts';
import { RunningCalls } from '../running-calls.ts';
import { findNode, findPythonInterpreters, type Interpreter } from './interpreters.ts';
import { type JailCall, type JailParts, jailBuilder } from './jail-command.ts';
import { assembleFilter } from './seccomp.ts';
import { architectures } from './syscalls.ts';

// The `jail` backend: one bubblewrap jail a call. What it holds and what not: jail-command.ts, seccomp.ts.

interface Served {
  readonly interpreter: Interpreter;
  readonly build: (call: JailCall) => RunnerCommand;
}

export interface OpenedJail {
  readonly sandbox: Sandbox;
  /** Languages that this machine's jail cannot serve, with the reason in plain words. */
  readonly missing: ReadonlyMap<ToolLanguage, string>;
}

/** Probes the machine with a real call a language. Throws `SandboxUnavailable` when none can be served. */
export async function openJail(options: { readonly maxCalls: number }): Promise<OpenedJail> {
  const parts = await findParts();
  const served = new Map<ToolLanguage, Served>();
  const missing = new Map<ToolLanguage, string>();
  for (const language of toolLanguages) {
    const candidates = language === 'python' ? await findPythonInterpreters() : [findNode()];
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
  return { sandbox: new Jail(served, missing, options.maxCalls), missing };
}

class Jail implements Sandbox {
  readonly backend = 'jail';
  readonly #served: ReadonlyMap<ToolLanguage, Served>;
  readonly #missing: ReadonlyMap<ToolLanguage, string>;
  readonly #calls: RunningCalls;

  constructor(
    served: ReadonlyMap<ToolLanguage, Served>,
    missing: ReadonlyMap<ToolLanguage, string>,
    maxCalls: number,
  ) {
    this.#served = served;
    this.#missing = missing;
    this.#calls = new RunningCalls(new Places(Math.min(maxCalls, maxSlots)));
  }

  runtimes(): readonly RuntimeDescription[] {
    return [...this.#served.values()].map(({ interpreter }) =>
      describeRuntime({ ...interpreter, backend: this.backend }),
    );
  }

  run(call: SandboxCall): Promise<SandboxOutcome> {
    const { build } = this.#servedFor(call.language);
    return this.#calls.run(call, (admitted, slot) =>
      runCall({ command: build({ ...admitted, slot }), call: admitted }),
    );
  }

  check(language: ToolLanguage, code: string): Promise<readonly CodeProblem[]> {
    return checkCode(this, language, code);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#calls[Symbol.asyncDispose]();
  }

  #servedFor(language: ToolLanguage): Served {
    const served = this.#served.get(language);
    if (served !== undefined) return served;
    throw new SandboxUnavailable(`The jail cannot run ${language}. ${this.#missing.get(language)}`);
  }
}

async function findParts(): Promise<JailParts> {
  if (process.platform !== 'linux') {
    throw new SandboxUnavailable('The jail needs Linux; use the deno backend here.');
  }
  const architecture = architectures.find((name) => name === process.arch);
  if (architecture === undefined) {
    throw new SandboxUnavailable(`The jail knows no system calls of ${process.arch}; use deno.`);
  }
  const [bubblewrap] = findPrograms('bwrap');
  if (bubblewrap === undefined) {
    throw new SandboxUnavailable('bubblewrap is not installed: install the package `bubblewrap`.');
  }
  const limiter = findLimiter();
  if (limiter === null) {
    throw new SandboxUnavailable(
      'Nothing here sets limits: install `prlimit` (package util-linux).',
    );
  }
  const identity = findIdentity();
  const { stdout: help } = await promisify(execFile)(bubblewrap, ['--help'], { env: {} });
  if (!help.includes('--size')) {
    throw new SandboxUnavailable('bubblewrap is too old to cap /tmp: install 0.8 or later.');
  }
  return {
    bubblewrap,
    canDisableUserNamespaces: help.includes('--disable-userns'),
    identity,
    limiter,
    filter: assembleFilter({ architecture, dropsIdentity: identity.kind === 'root' }),
  };
}

const slackBytes = { javascript: 48 * mebibyte, python: 8 * mebibyte } as const;

/** Starts the interpreter for real; gives the reason, in plain words, when that fails. */
async function probe(parts: JailParts, interpreter: Interpreter): Promise<Served | string> {
  const { language } = interpreter;
  try {
    const build = jailBuilder(parts, interpreter);
    const floor = await probeInterpreter({
      language,
      command: (generous, call) => build(generous, { ...call, slot: 0 }),
      slackBytes: slackBytes[language],
    });
    return { interpreter, build: (call) => build(floor, call) };
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/namespace failed|uid map|setting up uid|No permissions to creat|RTM_NEW/i.test(text)) {
    return (
      `${text.trim()} — this machine forbids the namespaces that the jail is made of. Allow them ` +
      '(sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0 or an ' +
      'AppArmor profile for bwrap, in a container --security-opt seccomp=unconfined), or use the deno backend.'
    );
  }
  return text;
}
