import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import type { ToolLanguage } from '../../core/custom-tool.ts';
import { type SandboxCall, SandboxUnavailable } from '../../core/sandbox.ts';
import { limits, mebibyte } from '../limits.ts';
import { type Measured, type MemoryFloor, probeInterpreter } from '../probe.ts';
import { runCall } from '../run-call.ts';
import { startRunner } from '../runner-process.ts';
import { type DenoParts, denoCommand } from './deno-command.ts';

// The two interpreters under Deno: started once for real, measured, and Python kept as a snapshot.
// A first start of Pyodide takes seconds, so what came of it stays in the cache directory.

export interface DenoInterpreter {
  readonly version: string;
  readonly modules: readonly string[];
  /** Null where memory cannot be limited from outside. */
  readonly measured: Measured | null;
  readonly snapshot: Buffer | null;
}

interface StartOptions {
  readonly parts: DenoParts;
  /** Changes with everything that what is kept depends on. */
  readonly fingerprint: string;
  readonly cacheDir: string;
}

/** Throws `SandboxUnavailable` when one of them does not run. */
export async function startInterpreters(
  options: StartOptions,
): Promise<ReadonlyMap<ToolLanguage, DenoInterpreter>> {
  const kept = await readKept(options);
  // Even then one call is made for real: it is what says that Deno runs here.
  const javascript = await measure(options.parts, 'javascript', null);
  const python = kept ?? (await startPython(options));
  return new Map([
    ['python', python],
    ['javascript', javascript],
  ]);
}

async function startPython(options: StartOptions): Promise<DenoInterpreter> {
  const snapshot = await makeSnapshot(options.parts);
  const python = await measure(options.parts, 'python', snapshot);
  await keep(options, python, snapshot);
  return python;
}

async function makeSnapshot(parts: DenoParts): Promise<Buffer> {
  const command = denoCommand(parts, {
    ...trusted('python', ''),
    floor: null,
    snapshot: null,
    slot: 0,
    task: 'snapshot',
  });
  const { env, cwd, identity, openFile } = command;
  const child = spawn(command.path, command.args, {
    env,
    cwd,
    ...identity,
    stdio: ['ignore', 'pipe', 'pipe', openFile ?? 'ignore'],
    signal: AbortSignal.timeout(limits.startDeadlineMs),
  });
  const [, stdout, stderr] = child.stdio;
  if (!(stdout && stderr)) throw new Error('spawn gave no pipes');
  try {
    const [snapshot, prints] = await Promise.all([
      buffer(stdout),
      text(stderr),
      once(child, 'exit'),
    ]);
    if (child.exitCode === 0 && snapshot.length > 0) return snapshot;
    throw new SandboxUnavailable(`Pyodide did not start: ${prints.slice(-2000)}`);
  } catch (cause) {
    if (cause instanceof SandboxUnavailable) throw cause;
    throw new SandboxUnavailable('Pyodide did not start.', { cause });
  }
}

const listings: Record<ToolLanguage, string> = {
  python:
    'import sys\ndef main():\n    names = sorted(n for n in sys.stdlib_module_names if n[0] != "_")\n' +
    '    return {"message": "%d.%d.%d" % sys.version_info[:3], "rawData": names}',
  javascript:
    'const names = require("node:module").builtinModules.filter((name) => !/^_|^node:/.test(name));\n' +
    'async function main() { return { message: Deno.version.deno, rawData: names }; }',
};

async function measure(
  parts: DenoParts,
  language: ToolLanguage,
  snapshot: Buffer | null,
): Promise<DenoInterpreter> {
  const start = (floor: MemoryFloor | null, call: SandboxCall) =>
    startRunner(denoCommand(parts, { ...call, floor, snapshot, slot: 0, task: 'run' }));
  const measured =
    process.platform === 'linux'
      ? await probeInterpreter({ language, start, slackBytes: 64 * mebibyte })
      : null;
  const call = trusted(language, listings[language]);
  const outcome = await runCall({ runner: start(measured?.floor ?? null, call), call });
  if (!outcome.ok) throw new SandboxUnavailable(`Deno cannot run ${language}: ${outcome.error}`);
  const { rawData } = JSON.parse(outcome.resultJson) as { rawData: readonly string[] };
  return { version: outcome.message, modules: rawData, measured, snapshot };
}

/** A call with code of ours. */
function trusted(language: ToolLanguage, code: string): SandboxCall {
  return { language, code, parametersJson: '{}', key: 'probe', timeoutMs: 10_000, memoryMb: 64 };
}

interface Kept {
  readonly fingerprint: string;
  readonly snapshotSha256: string;
  readonly python: Omit<DenoInterpreter, 'snapshot'>;
}

const files = { about: 'deno-python.json', snapshot: 'deno-python.snapshot' } as const;

async function readKept({ fingerprint, cacheDir }: StartOptions): Promise<DenoInterpreter | null> {
  try {
    const kept = JSON.parse(await readFile(join(cacheDir, files.about), 'utf8')) as Kept;
    if (kept.fingerprint !== fingerprint) return null;
    const snapshot = await readFile(join(cacheDir, files.snapshot));
    return sha256(snapshot) === kept.snapshotSha256 ? { ...kept.python, snapshot } : null;
  } catch {
    // Absent or broken: it is made again.
    return null;
  }
}

async function keep(
  { fingerprint, cacheDir }: StartOptions,
  { snapshot: _, ...python }: DenoInterpreter,
  snapshot: Buffer,
): Promise<void> {
  const kept: Kept = { fingerprint, snapshotSha256: sha256(snapshot), python };
  await mkdir(cacheDir, { recursive: true, mode: 0o700 });
  await replaceFile(join(cacheDir, files.snapshot), snapshot);
  await replaceFile(join(cacheDir, files.about), JSON.stringify(kept));
}

async function replaceFile(path: string, content: Buffer | string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, path);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
