import type { Importable } from '../check/judge-imports.ts';
import type { OpenedPackages } from './tool-packages.ts';

/** What only the runner of a call has: its own module, and what Pyodide adds. */
const ownModules = ['signalbox', 'tool'];

/** What code may import with an interpreter. `runtime`: its name and version. */
export function describeImportable(given: {
  readonly runtime: string;
  readonly modules: readonly string[];
  readonly opened: OpenedPackages;
}): Importable {
  const { runtime, modules, opened } = given;
  const set = opened.packages?.set;
  return {
    runtime,
    modules: new Set([...modules, ...ownModules]),
    packages: set?.importable ?? new Map(),
    offered: set?.packages.map(({ name }) => name) ?? [],
    unavailable: opened.withoutPackages,
  };
}
