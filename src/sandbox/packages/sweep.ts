import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../temporary-directory.ts';
import { stagingPrefix } from './install.ts';

// What is left below the runtimes directory: sets of locks that no server of this version has, and what an
// installation left that was killed. A set that a process of another version still shows to its calls stays.

const usedFor = '.used-by-';
/** A process of another machine, or of another container, cannot be asked whether it lives. */
const strangersStayMs = 7 * 24 * 3_600_000;

/** Says that this process uses the set, for as long as it lives. */
export async function markUsed(runtimesDir: string, id: string): Promise<void> {
  const mark = join(runtimesDir, `${usedFor}${hostname()}-${process.pid}-${id}`);
  await writeFile(mark, '');
}

/** Removes sets whose ids are not `current` and that nobody uses, and unfinished installations of the dead. */
export async function sweepRuntimes(
  runtimesDir: string,
  current: ReadonlySet<string>,
): Promise<void> {
  const names = await readdir(runtimesDir).catch(() => []);
  const used = new Set<string>();
  for (const name of names.filter((each) => each.startsWith(usedFor))) {
    const id = /-\d+-(.+)$/.exec(name.slice(usedFor.length))?.[1] ?? '';
    if (await isOfTheLiving(runtimesDir, name, usedFor)) used.add(id);
    else await rm(join(runtimesDir, name), { force: true });
  }
  for (const name of names) {
    const isSet = /^(?:python|javascript)-/.test(name) && !current.has(name) && !used.has(name);
    const isLeft =
      name.startsWith(stagingPrefix) && !(await isOfTheLiving(runtimesDir, name, stagingPrefix));
    if (isSet || isLeft) await rm(join(runtimesDir, name), { recursive: true, force: true });
  }
}

async function isOfTheLiving(folder: string, name: string, prefix: string): Promise<boolean> {
  const [, host, pid] = /^(.*?)-(\d+)-/.exec(name.slice(prefix.length)) ?? [];
  if (host === hostname()) return isAlive(Number(pid));
  const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs < strangersStayMs;
}
