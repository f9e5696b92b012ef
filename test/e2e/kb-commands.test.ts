import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type ServedApi, serveApi } from '../../src/api/serve.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { runCli } from '../support/run-cli.ts';

// `signalbox kb …` against a real API. What search finds is tried by the guide to knowledge.

let api: TestApi;
let served: ServedApi;

beforeAll(async () => {
  api = await createTestApi();
  served = await serveApi({ deps: api.deps, host: '127.0.0.1', port: 0 });
}, 60_000);
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

function kb(...args: string[]) {
  const env = { SIGNALBOX_URL: served.url, SIGNALBOX_TOKEN: api.tokens.admin };
  return runCli(['kb', ...args, '--workspace', api.workspace.id], { env });
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-kb-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Shown {
  readonly id: string;
  readonly title: string;
  readonly parent_id: string | null;
}

async function titles(...args: string[]): Promise<string[]> {
  const { stdout } = await kb('list', ...args, '--json');
  return (JSON.parse(stdout) as { data: Shown[] }).data.map(({ title }) => title).toSorted();
}

test('a file is added, listed, shown and deleted; what is not there is said', async () => {
  const folder = newFolder();
  const file = join(folder, 'parking.md');
  writeFileSync(file, '# Parking\n\nBehind the house.\n');
  const added = await kb('add', file, '--title', 'Where to park', '--entity', 'house-1');
  expect(added.stdout).toMatch(/^added [0-9a-f]{24} Where to park\n$/);
  const id = added.stdout.split(' ')[1] ?? '';
  const list = await kb('list');
  expect(list.stdout).toContain('TITLE');
  expect(list.stdout).toContain('Where to park');
  const shown = await kb('get', id, '--json');
  expect(JSON.parse(shown.stdout).data).toMatchObject({ id, entity_ids: ['house-1'] });
  expect((await kb('rm', id)).stdout).toBe(`deleted ${id}\n`);
  const gone = await kb('get', id);
  expect(gone).toMatchObject({ code: 1, stdout: '' });
  expect(gone.stderr).toContain(`There is no knowledge node ${id}`);
  const missing = await kb('add', join(folder, 'nothing.md'));
  expect(missing.stderr).toContain('it does not exist');
  expect((await kb('search', 'parking')).stdout).toContain('Nothing found.');
});

test('sync keeps a folder’s nodes in step: adds, changes, leaves alone, and prunes what is gone', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'house'));
  writeFileSync(join(folder, 'house', 'rules.md'), 'Quiet from ten.');
  writeFileSync(join(folder, 'hours.txt'), 'From nine.');
  writeFileSync(join(folder, 'logo.png'), 'no text');
  const sync = async (...args: string[]) =>
    (await kb('sync', folder, '--source', 'handbook', ...args)).stdout.trim();
  expect(await sync('--dry-run')).toMatch(/^2 added, .*\(nothing was sent\)$/);
  expect(await titles('--source', 'handbook')).toEqual([]);
  expect(await sync()).toBe('2 added, 0 changed, 0 unchanged, 0 removed, 0 failed');
  expect(await titles('--source', 'handbook')).toEqual(['hours', 'house', 'rules']);
  expect(await sync()).toBe('0 added, 0 changed, 2 unchanged, 0 removed, 0 failed');

  writeFileSync(join(folder, 'hours.txt'), 'From eight.');
  rmSync(join(folder, 'house'), { recursive: true });
  expect(await sync('--json')).toBe('{"added":0,"changed":1,"unchanged":0,"removed":0,"failed":0}');
  expect(await sync('--prune')).toBe('0 added, 0 changed, 1 unchanged, 2 removed, 0 failed');
  expect(await titles('--source', 'handbook')).toEqual(['hours']);
  const none = await kb('sync', join(folder, 'none'));
  expect(none).toMatchObject({ code: 1 });
  expect(none.stderr).toContain('is no folder');
});
