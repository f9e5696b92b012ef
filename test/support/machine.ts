import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { repositoryRoot } from './source-tree.ts';

/** Whether other users of the machine can pass through every folder down to the repository. */
export function isOpenToAll(): boolean {
  for (let folder = repositoryRoot; folder !== '/'; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
  }
  return true;
}

/** Whether a shell would find the program. */
export function isOnPath(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
