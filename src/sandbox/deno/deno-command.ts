import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ToolLanguage } from '../../core/custom-tool.ts';
import { type Limiter, limitedCommand } from '../limited-command.ts';
import { limits, mebibyte } from '../limits.ts';
import type { MemoryFloor } from '../probe.ts';
import type { RunnerCommand } from '../runner-process.ts';

// How a Deno process is started for one call.
//
// Held: no permission (files, environment, network, programs, system information, native libraries), so
// that JavaScript and what escapes from Pyodide meet Deno's own checks; Python may read Pyodide's folder
// and two files of ours, JavaScript the folder of packages, nothing else. A call that may reach hosts can connect to one port, the egress
// proxy's. Memory by RLIMIT_DATA where the system has it, time from outside, and an end with the server
// where `setpriv` can ask for it. Nothing is fetched: neither modules nor updates.
//
// Not protected:
// - A hole in V8 or Deno is a hole into the server's user: there are no namespaces and no filter here.
//   (As root the process drops to a uid of its own first.) Use the jail where strangers write tools.
// - On macOS memory outside of the JavaScript heap (buffers, Python) has no limit but the deadline.
// - A Worker reserves half a gigabyte for code, which RLIMIT_DATA counts: it needs a memory_mb of 640.
// - Where Deno lies on this machine: `Deno.execPath()` tells every program.
// - Processor time beyond the deadline: Workers may use every core until then.

export interface DenoParts {
  readonly executable: string;
  /** The executable, open, where the call's own uid could not reach it by its path. */
  readonly openExecutable: number | null;
  readonly pyodideDirectory: string;
  readonly runnersDirectory: string;
  /** Holds the `node_modules` of tools; null without. */
  readonly packagesDirectory: string | null;
  /** Deno's own caches; null when it may not write anywhere. */
  readonly cacheDirectory: string | null;
  readonly limiter: Limiter | null;
  /** A program that ends its command with the server. */
  readonly parentDeath: string | null;
  /** Drops root to `firstUid + slot`. */
  readonly firstUid: number | null;
}

export const ownRunnersDirectory = fileURLToPath(new URL('../runners/', import.meta.url));

/** What V8 needs for itself beside a tool's data, most of it Pyodide's own code. */
const runtimeHeapMb = { javascript: 0, python: 128 } as const;

// The tool's modules are not files, so Deno's hints for bare names do not apply to them.
const importMap = `data:application/json,${encodeURIComponent(
  JSON.stringify({
    imports: Object.fromEntries(
      builtinModules.map((name) => [name, `node:${name.replace(/^node:/, '')}`]),
    ),
  }),
)}`;

export function denoCommand(
  parts: DenoParts,
  options: {
    readonly language: ToolLanguage;
    readonly floor: MemoryFloor | null;
    /** A started Python to go on from. */
    readonly snapshot: Buffer | null;
    /** `snapshot` makes that of Python, and writes it to standard output. */
    readonly task: 'run' | 'snapshot';
    readonly slot: number;
    /** The egress proxy's port on 127.0.0.1, for calls that may reach it. */
    readonly proxyPort?: number | null;
    readonly memoryMb: number;
    readonly timeoutMs: number;
  },
): RunnerCommand {
  const { language, floor, memoryMb, proxyPort = null } = options;
  const identity = parts.firstUid === null ? null : parts.firstUid + options.slot;
  const runner = (name: string) => join(parts.runnersDirectory, name);
  const command = [
    parts.openExecutable === null ? parts.executable : '/proc/self/fd/3',
    'run',
    '--quiet',
    '--no-prompt',
    '--no-remote',
    '--no-npm',
    '--cached-only',
    '--no-lock',
    '--no-config',
    ...(proxyPort === null ? [] : [`--allow-net=127.0.0.1:${proxyPort}`]),
    `--import-map=${importMap}`,
    `--v8-flags=--max-old-space-size=${memoryMb + runtimeHeapMb[language]}`,
    ...(language === 'javascript'
      ? [
          ...(parts.packagesDirectory === null ? [] : [`--allow-read=${parts.packagesDirectory}`]),
          runner('runner-deno.mjs'),
          parts.packagesDirectory ?? '',
        ]
      : [
          `--allow-read=${[parts.pyodideDirectory, runner('runner.py'), runner('egress_pyodide.py')]}`,
          runner('runner-pyodide.mjs'),
          parts.pyodideDirectory,
          runner('runner.py'),
          options.task,
          runner('egress_pyodide.py'),
        ]),
  ];
  const limited =
    parts.limiter === null
      ? command
      : limitedCommand(
          parts.limiter,
          {
            dataBytes: floor && floor.dataBytes + memoryMb * mebibyte,
            addressSpaceBytes: null,
            cpuS: Math.ceil((options.timeoutMs + limits.startDeadlineMs) / 1000) * 4,
            fileBytes: limits.tmpBytes,
            openFiles: limits.maxOpenFiles,
            // An ordinary user's limit would count all that the user runs.
            threads: identity === null ? null : limits.maxThreads,
          },
          command,
        );
  const [path = '', ...args] =
    parts.parentDeath === null
      ? limited
      : [parts.parentDeath, '--pdeathsig', 'KILL', '--', ...limited];
  return {
    path,
    args,
    channel: 'stdio',
    offered: null,
    openFile: parts.openExecutable,
    preamble: language === 'python' ? snapshotBytes(options.snapshot) : [],
    env: {
      NO_COLOR: '1',
      DENO_NO_UPDATE_CHECK: '1',
      HOME: '/nonexistent',
      DENO_DIR: parts.cacheDirectory ?? '/nonexistent',
    },
    cwd: '/',
    identity: identity === null ? null : { uid: identity, gid: identity },
  };
}

function snapshotBytes(snapshot: Buffer | null): readonly Buffer[] {
  const length = Buffer.from((snapshot?.length ?? 0).toString(16).padStart(8, '0'));
  return snapshot === null ? [length] : [length, snapshot];
}
