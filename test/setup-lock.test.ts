import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { repositoryRoot } from './support/source-tree.ts';

const lockModule = pathToFileURL(join(repositoryRoot, 'scripts', 'setup-lock.js')).href;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A process that takes the lock in `folder`, then runs `work` (JavaScript, with `addProcess` in scope). */
function locker(folder: string, work: string): ChildProcess {
  const script = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { spawn } from 'node:child_process';
    const { withSetupLock } = await import(${JSON.stringify(lockModule)});
    const log = (line) => appendFileSync(${JSON.stringify(join(folder, 'log.txt'))}, line + '\\n');
    await withSetupLock(
      { folder: ${JSON.stringify(join(folder, 'lock'))}, onWait: () => console.log('waiting') },
      async (addProcess) => { ${work} },
    );`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function logOf(folder: string): string[] {
  return readFileSync(join(folder, 'log.txt'), 'utf8').trim().split('\n');
}

test('of many at once, one after the other holds the lock', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'log.txt'), '');
  const work = `log('in'); await sleep(20); log('out');`;
  const all = Array.from({ length: 8 }, () => locker(folder, work));
  const codes = await Promise.all(all.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual(all.map(() => 0));
  expect(logOf(folder)).toEqual(all.flatMap(() => ['in', 'out']));
});

test('whoever follows a holder that was killed is only one, and waits for its children', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'log.txt'), '');
  const killed = locker(
    folder,
    `const child = spawn('sleep', ['1']); addProcess(child.pid); console.log('held');
     await new Promise(() => setInterval(() => {}, 1000));`,
  );
  expect(String(await once(killed.stdout ?? killed, 'data'))).toBe('held\n');
  const startedAtMs = performance.now();
  killed.kill('SIGKILL');
  const next = Array.from({ length: 3 }, () => locker(folder, `log('in'); log('out');`));
  await Promise.all(next.map((child) => once(child, 'exit')));
  expect(performance.now() - startedAtMs).toBeGreaterThan(900);
  expect(logOf(folder)).toEqual(next.flatMap(() => ['in', 'out']));
});

test('a failed set-up leaves the lock to the next', async () => {
  const folder = temporaryFolder();
  const failed = locker(
    folder,
    `process.on('uncaughtException', () => {}); throw new Error('no');`,
  );
  await once(failed, 'exit');
  const next = locker(folder, `log('in');`);
  expect(await once(next, 'exit')).toEqual([0, null]);
  expect(logOf(folder)).toEqual(['in']);
});
