import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from './source-tree.ts';

// The release before this one, as a program to be started beside it: from the latest tag `v*` below this
// commit, or the commit that test/e2e/previous-release.json names while there is no tag.

export interface PreviousRelease {
  readonly name: string;
  readonly commit: string;
}

/** Null: this clone does not have it, as a shallow one may not. */
export function findPreviousRelease(): PreviousRelease | null {
  const tag = git('describe', '--tags', '--abbrev=0', '--match', 'v*', 'HEAD^');
  const name = tag ?? pinned();
  const commit = git('rev-parse', '--verify', '--quiet', `${name}^{commit}`);
  return commit === null ? null : { name, commit };
}

/** Unpacks it with the packages that it needs; the folder goes when disposed. */
export async function unpackRelease({
  commit,
}: PreviousRelease): Promise<Disposable & { readonly root: string }> {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-previous-'));
  const unpacked = {
    root,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
  try {
    const archive = join(root, '..', `${root.split('/').at(-1)}.tar`);
    execFileSync('git', ['archive', '--output', archive, commit], { cwd: repositoryRoot });
    mkdirSync(root, { recursive: true });
    execFileSync('tar', ['-xf', archive, '-C', root]);
    rmSync(archive);
    if (hasSameMajors(root)) {
      symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'));
    } else {
      await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
        cwd: root,
      });
    }
    return unpacked;
  } catch (error) {
    unpacked[Symbol.dispose]();
    throw error;
  }
}

function pinned(): string {
  const path = join(repositoryRoot, 'test', 'e2e', 'previous-release.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { commit: string }).commit;
}

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly dependencies?: Readonly<Record<string, string>>;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
}

/** Whether the packages that are here do for it: each that it names is there in the same major version. */
function hasSameMajors(root: string): boolean {
  const [before, now] = [root, repositoryRoot].map(
    (folder) => JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lock,
  );
  const own = before?.packages[''];
  const names = Object.keys({ ...own?.dependencies, ...own?.optionalDependencies });
  const major = (lock: Lock | undefined, name: string) =>
    lock?.packages[`node_modules/${name}`]?.version?.split('.')[0];
  return names.every((name) => major(before, name) === major(now, name));
}

function git(...args: string[]): string | null {
  try {
    const options = { cwd: repositoryRoot, stdio: ['ignore', 'pipe', 'ignore'] as const };
    return execFileSync('git', args, { ...options, stdio: [...options.stdio] })
      .toString()
      .trim();
  } catch {
    return null;
  }
}
