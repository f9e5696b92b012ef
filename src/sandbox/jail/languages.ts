import { type ToolLanguage, toolDefaults, toolMaxima } from '../../core/custom-tool.ts';
import { limitNames } from '../limited-command.ts';
import { mebibyte } from '../limits.ts';
import { memoryClasses, memoryClassOf } from '../pool/memory-classes.ts';
import type { RunnerKind } from '../pool/warm-pool.ts';
import type { PreparedCall } from '../prepared-call.ts';
import { type MemoryFloor, probeInterpreter } from '../probe.ts';
import { startRunner } from '../runner-process.ts';
import type { Interpreter } from './interpreters.ts';
import { type JailParts, jailBuilder, jailLimits, uidOf, zygoteCommand } from './jail-command.ts';
import { Zygote } from './zygote.ts';
import { Zygotes } from './zygotes.ts';

// How the processes of each language come to be. All wait for their call in the same state, and end with it.
//
// - JavaScript: a jail a process, by memory class: V8 takes the size of its heap only when it starts, and
//   only from outside could RLIMIT_DATA be lowered later. A call's memory_mb is rounded up to its class.
// - Python: forked from a zygote, or a jail a process where a zygote does not work. It sets the limits of
//   its call itself, before the code, exactly.
// - Calls that may reach hosts: a jail a process in both languages, of kinds of their own.

/** One language as this machine's jail serves it. */
export interface ServedLanguage extends AsyncDisposable {
  readonly interpreter: Interpreter;
  readonly kinds: ReadonlyMap<string, RunnerKind>;
  kindOf(call: Pick<PreparedCall, 'memoryMb' | 'proxy'>): string;
  /** Limits that are set when the call is handed over. */
  limitsOf(call: PreparedCall): Readonly<Record<string, number>> | undefined;
  /** Why processes do not come from a zygote; null where they do, or where none is wanted. */
  readonly withoutZygote: string | null;
}

const slackBytes = { javascript: 48 * mebibyte, python: 8 * mebibyte } as const;
const widest = { memoryMb: toolMaxima.memoryMb, timeoutMs: toolMaxima.timeoutMs } as const;

/** Runs JavaScript for real. Throws `SandboxUnavailable` when it does not run. */
export async function serveJavascript(
  parts: JailParts,
  interpreter: Interpreter,
): Promise<ServedLanguage> {
  const build = jailBuilder(parts, interpreter);
  const { floor, residentBytes, startMs } = await probeInterpreter({
    language: 'javascript',
    start: (generous, call) => startRunner(build(generous, { ...call, slot: 0 })),
    slackBytes: slackBytes.javascript,
  });
  const nameOf = (classMb: number) => `javascript ${classMb}`;
  const kind = (build: JailBuilder, memoryMb: number): RunnerKind => ({
    start: async (slot) =>
      startRunner(build(floor, { slot, memoryMb, timeoutMs: widest.timeoutMs })),
    residentBytes,
    startMs,
    keep: memoryMb === memoryClassOf(toolDefaults.memoryMb) ? 1 : 0,
  });
  const kindsOf = (build: JailBuilder) => ({
    kinds: new Map(memoryClasses.map((classMb) => [nameOf(classMb), kind(build, classMb)])),
    kindOf: ({ memoryMb }: Pick<PreparedCall, 'memoryMb'>) => nameOf(memoryClassOf(memoryMb)),
    limitsOf: () => undefined,
  });
  return withOpenKinds(
    {
      interpreter,
      ...kindsOf(build),
      withoutZygote: null,
      [Symbol.asyncDispose]: async () => {},
    },
    parts.open && kindsOf(jailBuilder(parts, interpreter, parts.open)),
  );
}

/** Runs Python for real. Throws `SandboxUnavailable` when it does not run. */
export async function servePython(
  parts: JailParts,
  interpreter: Interpreter,
): Promise<ServedLanguage> {
  const build = jailBuilder(parts, interpreter);
  const alone = await probeInterpreter({
    language: 'python',
    start: (generous, call) => startRunner(build(generous, { ...call, slot: 0 })),
    slackBytes: slackBytes.python,
  });
  const kindOf = (build: JailBuilder) => {
    const start = async (slot: number) => startRunner(build(alone.floor, { slot, ...widest }));
    return pythonKind(parts, interpreter, { ...alone, start });
  };
  const open = parts.open && kindOf(jailBuilder(parts, interpreter, parts.open));
  try {
    return withOpenKinds(await servePythonFromZygotes(parts, interpreter), open);
  } catch (error) {
    const served = {
      ...kindOf(build),
      withoutZygote: error instanceof Error ? error.message : String(error),
      [Symbol.asyncDispose]: async () => {},
    };
    return withOpenKinds(served, open);
  }
}

type JailBuilder = ReturnType<typeof jailBuilder>;
type Kinds = Pick<ServedLanguage, 'kinds' | 'kindOf' | 'limitsOf'>;

/** Adds the kinds of calls that may reach hosts. None waits before there was a first such call. */
function withOpenKinds(served: ServedLanguage, open: Kinds | null): ServedLanguage {
  if (open === null) return served;
  const nameOf = (name: string) => `${name} open`;
  const openKinds = [...open.kinds].map(
    ([name, kind]) => [nameOf(name), { ...kind, keep: 0 }] as const,
  );
  return {
    ...served,
    kinds: new Map([...served.kinds, ...openKinds]),
    kindOf: (call) => (call.proxy === undefined ? served.kindOf(call) : nameOf(open.kindOf(call))),
    limitsOf: (call) => (call.proxy === undefined ? served : open).limitsOf(call),
  };
}

async function servePythonFromZygotes(
  parts: JailParts,
  interpreter: Interpreter,
): Promise<ServedLanguage> {
  const isExclusive = parts.identity.kind === 'user';
  const startZygote = (floor: MemoryFloor) => () => {
    const limits = jailLimits(parts.identity, {
      language: 'python',
      floor,
      call: widest,
      usesPackages: true,
    });
    return Zygote.start((socketPath) => zygoteCommand(parts, interpreter, { limits, socketPath }));
  };
  const measured = await probeInterpreter({
    language: 'python',
    start: async (generous) => {
      const zygote = await startZygote(generous)();
      const runner = await zygote.startRunner(0, uidOf(parts.identity, 0));
      // With its only child.
      const end = () => void zygote[Symbol.asyncDispose]().catch(() => {});
      runner.closed.then(end, end);
      return runner;
    },
    slackBytes: slackBytes.python,
  });
  const zygotes = new Zygotes({ startZygote: startZygote(measured.floor), isExclusive });
  const processes = isExclusive ? 3 : 1;
  return {
    ...pythonKind(parts, interpreter, {
      start: (slot) => zygotes.startRunner(slot, uidOf(parts.identity, slot)),
      floor: measured.floor,
      // A zygote of two processes for each child, or one for all.
      residentBytes: measured.residentBytes * processes,
      startMs: 5,
    }),
    withoutZygote: null,
    [Symbol.asyncDispose]: () => zygotes[Symbol.asyncDispose](),
  };
}

function pythonKind(
  parts: JailParts,
  interpreter: Interpreter,
  given: Omit<RunnerKind, 'keep'> & { readonly floor: MemoryFloor },
): Pick<ServedLanguage, 'interpreter' | 'kinds' | 'kindOf' | 'limitsOf'> {
  const { floor, ...kind } = given;
  const language: ToolLanguage = 'python';
  return {
    interpreter,
    kinds: new Map([[language, { ...kind, keep: 1 }]]),
    kindOf: () => language,
    limitsOf: (call) => {
      const usesPackages = (call.packages?.length ?? 0) > 0;
      return limitNames(jailLimits(parts.identity, { language, floor, call, usesPackages }));
    },
  };
}
