import type { Cgroups } from '../cgroups.ts';
import { limits, mebibyte } from '../limits.ts';
import type { RunnerKind } from '../pool/warm-pool.ts';
import type { RunnerProcess } from '../runner-process.ts';

/** For the kernel's own: pipes, threads, page tables, what is read of files. */
const kernelBytes = 64 * mebibyte;
/** The interpreter's own processes beside its threads. */
const extraProcesses = 2;

/** Bounds what processes of the slot hold: the interpreter, its memory_mb, /tmp and the kernel's own. */
export function limitSlot(
  cgroups: Cgroups,
  slot: number,
  { residentBytes, memoryMb }: { readonly residentBytes: number; readonly memoryMb: number },
): void {
  cgroups.limit(slot, {
    memoryBytes: residentBytes + memoryMb * mebibyte + limits.tmpBytes + kernelBytes,
    processes: limits.maxThreads + extraProcesses,
  });
}

/** A kind whose processes are in the group of their slot. */
export function confined(kind: RunnerKind, cgroups: Cgroups | null): RunnerKind {
  if (cgroups === null) return kind;
  const { residentBytes } = kind;
  const limit = (slot: number, memoryMb: number) =>
    limitSlot(cgroups, slot, { residentBytes, memoryMb });
  return {
    ...kind,
    start: async (slot): Promise<RunnerProcess> => {
      limit(slot, limits.waitingMemoryMb);
      const endedBefore = cgroups.outOfMemory(slot);
      const runner = await kind.start(slot);
      return {
        ...runner,
        confine: ({ memoryMb }) => limit(slot, memoryMb),
        wasOutOfMemory: () => cgroups.outOfMemory(slot) > endedBefore,
      };
    },
  };
}
