import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { probeSandbox } from '../../src/sandbox/probe-sandbox.ts';
import { isOnPath } from '../support/machine.ts';
import { requires } from '../support/requires.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { measureCalls } from './call-memory.ts';
import { interleaveCalls } from './interleaved-calls.ts';

// The short form of `npm run proof -- interleaved-calls call-memory`.

const [jail] = await probeSandbox(['jail']);
const directory = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
afterAll(() => rm(directory, { recursive: true }));

describe('calls of two workspaces', requires(jail?.usable === true, `${jail?.reason}`), () => {
  test('find nothing of each other', { timeout: 120_000 }, async () => {
    await using sandbox = await createSandbox({ choice: 'jail', cacheDir: directory });
    const figures = await interleaveCalls(sandbox, {
      calls: 60,
      atOnce: 4,
      random: seededRandom(5),
    });
    expect(figures).toEqual({ calls: 60, failed: 0, leftovers: 0, examples: [] });
  });

  test(
    'would find it, were they not kept apart',
    requires(isOnPath('python3'), 'no python3 on PATH'),
    async () => {
      const tool = fileURLToPath(new URL('tools/look-around.py', import.meta.url));
      const { stdout } = await promisify(execFile)('python3', [tool, directory], {
        env: { PATH: process.env.PATH },
      });
      const [, second] = JSON.parse(stdout) as readonly (readonly string[])[];
      expect(second).toEqual(
        expect.arrayContaining([
          'file mark-one',
          'variable LEFT',
          'thread mark-one',
          'builtin left',
          'memory mark-one',
          expect.stringMatching(/^process /),
          expect.stringMatching(/^descriptor /),
        ]),
      );
    },
  );

  test('take no more memory the more they are, and leave nothing', {
    timeout: 180_000,
  }, async () => {
    const order = { checkpoints: [100, 400], javascriptEvery: 20 };
    const { reports, left } = await measureCalls(order, 'close');
    const [early, late] = reports.map(({ serverMiB, waitingMiB }) => serverMiB + waitingMiB);
    expect((late ?? Number.NaN) / (early ?? Number.NaN)).toBeLessThan(1.15);
    expect(left).toEqual({ processes: 0, mounts: 0, files: 0 });
  });

  test('leave nothing when the server is killed', { timeout: 120_000 }, async () => {
    const { left } = await measureCalls({ checkpoints: [8], javascriptEvery: 4 }, 'kill');
    expect(left).toEqual({ processes: 0, mounts: 0, files: 0 });
  });
});
