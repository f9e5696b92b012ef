import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { requires } from '../../test/support/requires.ts';
import { openCgroups } from './cgroups.ts';
import { openWholeJail } from './create-sandbox.ts';
import { hiddenMemory } from './escapes/bombs.ts';

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

/** Ordinary files where the kernel's would be: what is written can be read. */
function createTree(files: Readonly<Record<string, string>>, own: string) {
  const mount = mkdtempSync(join(tmpdir(), 'signalbox-cgroup-'));
  directories.push(mount);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(mount, path, '..'), { recursive: true });
    writeFileSync(join(mount, path), content);
  }
  writeFileSync(join(mount, 'own'), own);
  const read = (path: string) => readFileSync(join(mount, path), 'utf8');
  return { mount, ownFile: join(mount, 'own'), read };
}

const delegated = (processes: string) =>
  createTree(
    {
      'a.service/cgroup.controllers': 'cpu memory pids\n',
      'a.service/cgroup.procs': processes,
      'a.service/cgroup.subtree_control': '',
    },
    '0::/a.service\n',
  );

describe('cgroups of version 2', () => {
  test('are divided where the server is alone: it moves aside, and each slot has its limits', () => {
    const tree = delegated(`${process.pid}\n`);
    const groups = openCgroups(tree);
    if (typeof groups === 'string') throw new Error(groups);
    expect(tree.read('a.service/signalbox-server/cgroup.procs')).toBe(String(process.pid));
    expect(tree.read('a.service/cgroup.subtree_control')).toBe('+memory +pids');
    groups.limit(3, { memoryBytes: 1_000_000, processes: 12 });
    const slot = `a.service/signalbox-${process.pid}-0/slot-3`;
    expect([tree.read(`${slot}/memory.max`), tree.read(`${slot}/pids.max`)]).toEqual([
      '1000000',
      '12',
    ]);
    expect(groups.version).toBe(2);
  });

  test('are left alone where others are in the same, and where they are not the server’s', () => {
    expect(openCgroups(delegated(`${process.pid}\n1\n`))).toMatch(/Other processes/);
    const files = { 'a/cgroup.controllers': 'cpu\n', 'a/cgroup.procs': '' };
    expect(openCgroups(createTree(files, '0::/a\n'))).toMatch(/no controller memory and pids/);
    expect(openCgroups(createTree({}, '0::/a\n'))).toMatch(/can be written/);
    expect(openCgroups({ ownFile: '/nowhere' })).toMatch(/no cgroups/);
  });
});

const found = openCgroups();
const reason = typeof found === 'string' ? found : '';
if (typeof found !== 'string') await found[Symbol.asyncDispose]();

describe('cgroups of this machine', requires(reason === '', reason), () => {
  test('bound what a call hides from its other limits, and are gone with the sandbox', async () => {
    const jail = await openWholeJail({ maxCalls: 1, maxWarmBytes: 0 });
    if (typeof jail === 'string') return;
    expect(jail.remarks?.join()).toMatch(/bounds each call/);
    const call = { parametersJson: '{}', timeoutMs: 20_000, memoryMb: 128, key: 'k' };
    const outcome = await jail.run({ ...call, language: 'javascript', code: hiddenMemory });
    expect(outcome).toMatchObject({ ok: false, failure: 'memory' });
    const next = {
      language: 'python',
      code: 'def main():\n    return {"message": "next"}',
    } as const;
    expect(await jail.run({ ...call, ...next })).toMatchObject({ ok: true, message: 'next' });
    await jail[Symbol.asyncDispose]();
  });

  test('that a killed server left are removed by the next', async () => {
    const groups = openCgroups();
    if (typeof groups === 'string') throw new Error(groups);
    const dead = groups.directories.map((path) => path.replace(/-\d+-\d+$/, '-4194303-0'));
    for (const path of dead) mkdirSync(join(path, 'slot-0'), { recursive: true });
    const others = openCgroups();
    if (typeof others === 'string') throw new Error(others);
    expect(others.directories.every((path) => path.endsWith('-1'))).toBe(true);
    for (const path of dead) expect(() => readFileSync(join(path, 'cgroup.procs'))).toThrow();
    await groups[Symbol.asyncDispose]();
    await others[Symbol.asyncDispose]();
  });
});
