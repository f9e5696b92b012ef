import { join } from 'node:path';
import { findPythons } from '../../src/sandbox/jail/find-python.ts';
import { InstallFailed } from '../../src/sandbox/packages/install.ts';
import { javascriptPackages, pythonPackages } from '../../src/sandbox/packages/package-set.ts';
import { ToolPackages } from '../../src/sandbox/packages/tool-packages.ts';
import { repositoryRoot } from './source-tree.ts';

/** A data directory that all tests of packages share, and later runs as well: installing takes a while. */
export const packagesDataDir = join(repositoryRoot, '.cache', 'tool-packages');
export const packagesCacheDir = join(packagesDataDir, 'cache');

/** Installs all packages there unless they are; the reason when they cannot be had on this machine. */
export async function installedPackages(): Promise<string | null> {
  const runtimesDir = join(packagesCacheDir, 'runtimes');
  const [python] = await findPythons();
  const sets = [python && pythonPackages(python.version), javascriptPackages()];
  try {
    for (const set of sets) {
      if (set === undefined || typeof set === 'string') return set ?? 'no python3';
      const packages = new ToolPackages(set, { runtimesDir, python: python?.executable ?? null });
      await packages.ensure();
    }
    return null;
  } catch (error) {
    if (error instanceof InstallFailed)
      return `packages cannot be installed here: ${error.message}`;
    throw error;
  }
}
