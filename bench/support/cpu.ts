import { readdirSync, readFileSync } from 'node:fs';

// CPU time says what a run costs, whatever else keeps the machine busy meanwhile.

/** CPU milliseconds of these process trees so far, by what Linux says; null elsewhere. */
export function treeCpuMs(roots: readonly number[]): number | null {
  if (process.platform !== 'linux') return null;
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readStat(Number(pid)) ?? []);
  const wanted = new Set(roots);
  // A child's number can be below its parent's: repeat until nothing is added.
  for (let size = 0; size !== wanted.size; ) {
    size = wanted.size;
    for (const { pid, parent } of processes) if (wanted.has(parent)) wanted.add(pid);
  }
  return processes
    .filter(({ pid }) => wanted.has(pid))
    .reduce((sum, { ticks }) => sum + ticks * 10, 0);
}

/** Own time and that of children which have ended, in ticks of 10 ms. */
function readStat(pid: number): { pid: number; parent: number; ticks: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { pid, parent: Number(fields[1]), ticks };
  } catch {
    return null;
  }
}
