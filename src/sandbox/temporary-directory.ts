import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A directory of this process alone, to be removed by whoever asked for it. What processes left that were
 * killed before they could is removed first. `prefix` is the name's start, the same for one purpose.
 */
export async function makeTemporaryDirectory(prefix: string): Promise<string> {
  await removeLeftovers(prefix);
  return await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
}

async function removeLeftovers(prefix: string): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]);
    if (!(pid > 0) || isAlive(pid)) continue;
    const path = join(tmpdir(), name);
    // Somebody else may have put the name there, or removes it at this moment.
    const owner = await stat(path).then(
      ({ uid }) => uid,
      () => null,
    );
    if (owner === process.getuid?.()) await rm(path, { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
