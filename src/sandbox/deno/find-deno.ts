import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SandboxUnavailable } from '../../core/sandbox.ts';

// Deno and Pyodide come from npm, exact and in the lock file; a Deno of the machine is never used.

const packages: Partial<Record<string, string>> = {
  'linux-x64': '@deno/linux-x64-glibc',
  'linux-arm64': '@deno/linux-arm64-glibc',
  'darwin-x64': '@deno/darwin-x64',
  'darwin-arm64': '@deno/darwin-arm64',
};

export interface DenoProgram {
  readonly executable: string;
  readonly version: string;
}

/** Throws `SandboxUnavailable` with what to install. */
export function findDeno(): DenoProgram {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (name === undefined) throw new SandboxUnavailable(`There is no Deno for ${platform}.`);
  const { directory, version } = findPackage(name);
  const executable = join(directory, 'deno');
  if (!existsSync(executable))
    throw new SandboxUnavailable(`${name} has no program: reinstall it.`);
  return { executable, version };
}

export interface PyodideFiles {
  readonly directory: string;
  readonly packageVersion: string;
}

/** Throws `SandboxUnavailable` with what to install. */
export function findPyodide(): PyodideFiles {
  const { directory, version } = findPackage('pyodide');
  return { directory, packageVersion: version };
}

function findPackage(name: string): { directory: string; version: string } {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { directory: realpathSync(dirname(manifest)), version };
  } catch (cause) {
    throw new SandboxUnavailable(`The package ${name} is not installed: run \`npm install\`.`, {
      cause,
    });
  }
}
