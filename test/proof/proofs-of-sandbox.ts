import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type MemoryReport, measureCalls } from './call-memory.ts';
import { interleaveCalls } from './interleaved-calls.ts';
import type { Proof } from './proof.ts';

// Calls in the sandbox.

export const interleavedCalls: Proof = {
  title: 'Two workspaces’ calls, interleaved',
  claim:
    '1,000 calls of two workspaces, four at once: none finds a file, a process, a descriptor, a variable, a patched global or a string in memory that another call left, in a sandbox whose processes were started before the calls came.',
  zero: ['failed', 'leftovers'],
  async run(seed) {
    const cacheDir = mkdtempSync(join(tmpdir(), 'signalbox-proof-'));
    try {
      await using sandbox = await createSandbox({ choice: 'jail', cacheDir });
      const random = seededRandom(seed);
      return { ...(await interleaveCalls(sandbox, { calls: 1_000, atOnce: 4, random })) };
    } finally {
      rmSync(cacheDir, { recursive: true, force: true });
    }
  },
};

export const callMemory: Proof = {
  title: 'Memory and leftovers of 10,000 calls',
  claim:
    'After 10,000 calls the server and its waiting processes have at most 10 % more memory than after 1,000; closed or killed, the sandbox leaves no process, mount or file.',
  zero: ['grownTooMuch', 'leftByClosing', 'leftByKilling'],
  async run() {
    const many = { checkpoints: [1_000, 10_000], javascriptEvery: 5 };
    const { reports, left } = await measureCalls(many, 'close');
    const killed = await measureCalls({ checkpoints: [20], javascriptEvery: 5 }, 'kill');
    const [early, late] = reports;
    if (early === undefined || late === undefined) throw new Error('a report is missing');
    const growth = Math.round((100 * totalMiB(late)) / totalMiB(early) - 100);
    return {
      growthPercent: growth,
      grownTooMuch: growth > 10 || late.heapMiB > 1.1 * early.heapMiB ? 1 : 0,
      leftByClosing: left.processes + left.mounts + left.files,
      leftByKilling: killed.left.processes + killed.left.mounts + killed.left.files,
      ...measuredAfter(early),
      ...measuredAfter(late),
    };
  },
};

function totalMiB({ serverMiB, waitingMiB }: MemoryReport): number {
  return serverMiB + waitingMiB;
}

function measuredAfter({ calls, ...report }: MemoryReport): Record<string, number> {
  return Object.fromEntries(
    Object.entries(report).map(([name, value]) => [`${name} after ${calls} calls`, value]),
  );
}
