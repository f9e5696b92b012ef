import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

// What /proc says about processes, for tests that ask whether anything was left.

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** With the pid, it tells one process from a later one of the same number. */
  readonly startedAt: string;
  readonly command: string;
}

export async function descendantsOf(pid: number): Promise<readonly ProcessEntry[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = (await Promise.all(names.map(readEntry))).filter((entry) => entry !== null);
  const family = new Set([pid]);
  const found: ProcessEntry[] = [];
  for (let isGrowing = true; isGrowing; ) {
    const next = all.filter((entry) => family.has(entry.parent) && !family.has(entry.pid));
    for (const entry of next) family.add(entry.pid);
    found.push(...next);
    isGrowing = next.length > 0;
  }
  return found;
}

export async function isAlive({ pid, startedAt }: ProcessEntry): Promise<boolean> {
  return (await readEntry(String(pid)))?.startedAt === startedAt;
}

/** Waits until it holds; the test's own time limit is the end of it. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(20);
}

async function readEntry(pid: string): Promise<ProcessEntry | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    return { pid: Number(pid), parent: Number(fields[1]), startedAt: fields[19] ?? '', command };
  } catch {
    return null;
  }
}
