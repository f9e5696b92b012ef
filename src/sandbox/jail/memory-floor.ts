import { readdirSync, readFileSync } from 'node:fs';
import { mebibyte } from '../limits.ts';
import type { MemoryFloor } from './jail-command.ts';

// What the interpreter itself takes, read from outside while a probe waits in the jail.

/** What a garbage collector and later imports take beyond a first, quiet moment. */
const slackBytes = { javascript: 48 * mebibyte, python: 8 * mebibyte } as const;

/** More than any interpreter was seen to need: for the first call, which is the one that measures. */
export const generousFloor: MemoryFloor = {
  dataBytes: 1024 * mebibyte,
  addressSpaceBytes: 4096 * mebibyte,
};

/** The floor of the last descendant of `pid`, which is the interpreter. Null when it cannot be read. */
export function measureFloor(pid: number, language: keyof typeof slackBytes): MemoryFloor | null {
  try {
    const status = readFileSync(`/proc/${lastDescendant(pid)}/status`, 'utf8');
    const bytes = (name: string) =>
      Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
    const dataBytes = bytes('VmData') + slackBytes[language];
    const addressSpaceBytes = bytes('VmPeak') + slackBytes[language];
    return dataBytes > 0 && addressSpaceBytes > 0 ? { dataBytes, addressSpaceBytes } : null;
  } catch {
    return null;
  }
}

function lastDescendant(pid: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) {
      const parent = parentOf(name);
      if (parent !== null) parents.set(parent, Number(name));
    }
  }
  let last = pid;
  for (let next = parents.get(last); next !== undefined; next = parents.get(last)) last = next;
  return last;
}

function parentOf(pid: string): number | null {
  try {
    // The name, in brackets, may hold spaces and brackets itself.
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1);
    return Number(afterName?.split(' ')[1]);
  } catch {
    return null;
  }
}
