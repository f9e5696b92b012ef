import { existsSync, globSync, realpathSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ToolLanguage } from '../../core/custom-tool.ts';
import { javascriptPackages, pythonPackages } from '../packages/package-set.ts';
import { type OpenedPackages, openPackages } from '../packages/tool-packages.ts';
import { findPythons, type Python } from './find-python.ts';
import { findLibraries, type RootFile } from './libraries.ts';

/** An interpreter of this machine with everything of the host that it needs to see in the jail. */
export type Interpreter = InterpreterFiles & OpenedPackages;

interface InterpreterFiles {
  readonly language: ToolLanguage;
  readonly version: string;
  /** Program and arguments, up to the runner's own. */
  readonly command: readonly [string, ...string[]];
  readonly files: readonly RootFile[];
  /** Directories within `files` that are shown empty. */
  readonly hidden: readonly string[];
  readonly modules: readonly string[];
}

const runnersDirectory = fileURLToPath(new URL('../runners/', import.meta.url));
const runnersInJail = '/signalbox';
const packagesInJail = '/signalbox/packages';
/** Where Python is told to look. Node looks for `/node_modules` by itself. */
export const pythonPackagesInJail = join(packagesInJail, 'site-packages');
export const nodeModulesInJail = join(packagesInJail, 'node_modules');
// Public data, useful to almost any tool: time zones, and the authorities that certificates are checked by.
const shared = ['/usr/share/zoneinfo', '/etc/ssl/certs/ca-certificates.crt'];
// The C library loads it by name when a thread ends.
const loadedByName = ['libgcc_s.so.1'];
// What packages for Python expect of any Linux.
const packageLibraries = [
  'libstdc++.so.6',
  'libm.so.6',
  'libz.so.1',
  // Empty on later systems, and still asked for.
  'libpthread.so.0',
  'librt.so.1',
  'libdl.so.2',
];

export function nodeInterpreter(memoryMb: number): readonly string[] {
  return [
    // V8 keeps its heap within the tool's memory; RLIMIT_DATA bounds buffers and WebAssembly as well.
    `--max-old-space-size=${memoryMb}`,
    // Or each WebAssembly memory would reserve 8 GiB, and there could be no RLIMIT_AS.
    '--disable-wasm-trap-handler',
    // No boundary, since a Worker can be started with other flags: what a tool gains by native code is none.
    '--no-addons',
    '--no-experimental-ffi',
    '--no-warnings',
    '--disable-sigusr1',
  ];
}

/** `runtimesDir`: where packages are kept; null for none. */
export function findNode(runtimesDir: string | null = null): Interpreter {
  const executable = realpathSync(process.execPath);
  const packages = openPackages(javascriptPackages(), { runtimesDir, python: null });
  return {
    ...packages,
    language: 'javascript',
    version: process.versions.node,
    command: ['/usr/bin/node'],
    files: [
      { source: executable, target: '/usr/bin/node' },
      ...findLibraries(executable, loadedByName),
      ...runners('runner-node.mjs', 'run-main.mjs', 'egress.mjs', 'serve-stdio.mjs'),
      ...packageFiles(packages),
      ...existing(shared),
    ],
    hidden: [],
    modules: builtinModules.filter((name) => !name.startsWith('_') && !name.startsWith('node:')),
  };
}

/** The Pythons of this machine that could serve, the best first. */
export async function findPythonInterpreters(
  runtimesDir: string | null = null,
): Promise<readonly Interpreter[]> {
  return (await findPythons()).map((python) => pythonInterpreter(python, runtimesDir));
}

function pythonInterpreter(python: Python, runtimesDir: string | null): Interpreter {
  const packages = openPackages(pythonPackages(python.version), {
    runtimesDir,
    python: python.executable,
  });
  const extensions = python.library
    .flatMap((directory) => globSync(join(directory, 'lib-dynload', '*.so')))
    // Toolkits for windows pull in half a desktop.
    .filter((path) => !basename(path).startsWith('_tkinter'));
  return {
    ...packages,
    language: 'python',
    version: python.version,
    command: [python.executable, '-I', '-S', '-B', '-X', 'utf8'],
    files: [
      { source: python.executable, target: python.executable },
      ...existing(python.library),
      ...findLibraries(python.executable, [...loadedByName, ...packageLibraries]),
      ...extensions.flatMap(librariesIfInstalled),
      ...runners('runner.py', 'zygote.py', 'egress.py', 'serve_stdio.py'),
      ...packageFiles(packages),
      ...existing(shared),
    ],
    hidden: python.library.map((path) => join(path, 'site-packages')).filter(existsSync),
    modules: python.modules,
  };
}

/** An extension module without its library is as absent in the jail as it is on the host. */
function librariesIfInstalled(extension: string): readonly RootFile[] {
  try {
    return findLibraries(extension);
  } catch {
    return [];
  }
}

function runners(...names: readonly string[]): readonly RootFile[] {
  return names.map((name) => ({
    source: join(runnersDirectory, name),
    target: join(runnersInJail, name),
  }));
}

function existing(paths: readonly string[]): readonly RootFile[] {
  return paths.filter(existsSync).map((path) => ({ source: path, target: path }));
}

/** Empty until they are installed; from then on every jail sees them, those that wait already too. */
function packageFiles({ packages }: OpenedPackages): readonly RootFile[] {
  return packages === null ? [] : [{ source: packages.directory, target: packagesInJail }];
}

export function runnerInJail(language: ToolLanguage): string {
  return join(runnersInJail, language === 'python' ? 'runner.py' : 'runner-node.mjs');
}

/** What runs a program that stays. */
export function serverInJail(language: ToolLanguage): string {
  return join(runnersInJail, language === 'python' ? 'serve_stdio.py' : 'serve-stdio.mjs');
}

export const zygoteInJail = join(runnersInJail, 'zygote.py');

/** Without what lies in a directory that is shown anyway, and without doubles. */
export function distinctFiles(files: readonly RootFile[]): readonly RootFile[] {
  const byTarget = new Map(files.map((file) => [file.target, file]));
  return [...byTarget.values()].filter(({ target }) => !hasParentIn(byTarget, target));
}

function hasParentIn(targets: ReadonlyMap<string, unknown>, path: string): boolean {
  for (let at = dirname(path); at !== '/'; at = dirname(at)) if (targets.has(at)) return true;
  return false;
}
