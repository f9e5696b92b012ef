// A closed loop: so many callers, each starts its next run when its last has ended.

export interface Measurement {
  readonly concurrency: number;
  readonly n: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** CPU time of all processes that take part, per run; null where it cannot be read. */
  readonly cpuMsPerRun: number | null;
}

/** Keeps `concurrency` runs under way for `durationMs`, and waits for the last of them. */
export async function measure(
  run: () => Promise<void>,
  given: {
    readonly concurrency: number;
    readonly durationMs: number;
    readonly cpuMs?: () => number | null;
  },
): Promise<Measurement> {
  const cpuBefore = given.cpuMs?.() ?? null;
  const tookMs: number[] = [];
  const startedAt = performance.now();
  const deadline = startedAt + given.durationMs;
  const caller = async () => {
    for (let from = performance.now(); from < deadline; ) {
      await run();
      const now = performance.now();
      tookMs.push(now - from);
      from = now;
    }
  };
  await Promise.all(Array.from({ length: given.concurrency }, caller));
  const elapsedMs = performance.now() - startedAt;
  const cpuAfter = given.cpuMs?.() ?? null;
  const cpuMs = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore;
  return summary(tookMs, { concurrency: given.concurrency, elapsedMs, cpuMs });
}

/** Percentiles of what was measured. */
export function summary(
  tookMs: readonly number[],
  given: {
    readonly concurrency: number;
    readonly elapsedMs: number;
    readonly cpuMs?: number | null;
  },
): Measurement {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return {
    concurrency: given.concurrency,
    n: sorted.length,
    perSecond: (sorted.length / given.elapsedMs) * 1_000,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    maxMs: at(1),
    cpuMsPerRun: typeof given.cpuMs === 'number' ? given.cpuMs / sorted.length : null,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}
