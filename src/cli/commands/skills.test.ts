import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliAgainst as cli } from '../../../test/support/run-cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const skill = {
  ...{ id: `ks${'0'.repeat(30)}`, name: 'greeting', description: 'Use it to greet.' },
  ...{ body: 'Greet.\n', allowed_tools: ['lookup'], enabled: true, version: 2 },
};
const page = (...data: unknown[]) => ({ data, next_cursor: null, has_more: false });

test('a folder is sent with all its files, and written as it was', async () => {
  const source = join(folder, 'source');
  await mkdir(join(source, 'scripts'), { recursive: true });
  await mkdir(join(source, '.git'));
  await writeFile(join(source, '.git', 'config'), 'not part of it');
  await writeFile(join(source, 'SKILL.md'), '---\nname: greeting\n---\n');
  await writeFile(join(source, 'scripts', 'run.py'), Buffer.from([0, 255, 10]));
  await chmod(join(source, 'scripts', 'run.py'), 0o755);
  const routes = { 'POST /v1/skills/import?replace=true': { data: skill } };
  const sent = await cli(routes, ['skills', 'import', source, '--replace']);
  expect([sent.code, sent.stdout]).toEqual([0, `saved greeting ${skill.id} version 2\n`]);
  const { files } = JSON.parse(sent.seen[0]?.body ?? '{}');
  expect(files.map((file: { path: string }) => file.path).toSorted()).toEqual([
    'SKILL.md',
    'scripts/run.py',
  ]);
  const target = join(folder, 'target');
  const reading = {
    'GET /v1/skills?limit=100': page(skill),
    [`GET /v1/skills/${skill.id}`]: { data: skill },
    [`GET /v1/skills/${skill.id}/files`]: { data: files },
  };
  const written = await cli(reading, ['skills', 'export', 'greeting', '--to', target]);
  expect([written.code, written.stderr]).toEqual([0, '']);
  const script = join(target, 'scripts', 'run.py');
  expect(await readFile(script)).toEqual(Buffer.from([0, 255, 10]));
  expect((await stat(script)).mode & 0o100).toBe(0o100);
  const again = await cli(reading, ['skills', 'export', skill.id, '--to', target]);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('not empty')]);
});

test('links are not followed, and no file is written outside of the folder', async () => {
  const source = join(folder, 'links');
  await mkdir(source);
  await symlink('/etc/passwd', join(source, 'SKILL.md'));
  const sent = await cli({}, ['skills', 'import', source]);
  expect([sent.code, sent.stderr]).toEqual([1, expect.stringContaining('is a link')]);
  const file = { path: '../evil', content: '', encoding: 'utf8', executable: false };
  const routes = {
    [`GET /v1/skills/${skill.id}`]: { data: skill },
    [`GET /v1/skills/${skill.id}/files`]: { data: [file] },
  };
  const target = join(folder, 'out');
  const written = await cli(routes, ['skills', 'export', skill.id, '--to', target]);
  expect([written.code, written.stderr]).toEqual([1, expect.stringContaining('leads out')]);
});

test('skills, memories and templates are listed; a template is installed', async () => {
  const skills = await cli({ 'GET /v1/skills': page(skill) }, ['skills', 'list']);
  expect(skills.stdout).toMatch(/greeting +2 +on +Use it to greet/);
  const memory = {
    ...{ id: 'mm1', agent_id: null, entity_id: 'guest_1', content: 'Quiet.' },
    ...{ pinned: true, run_id: null },
  };
  const routes = { 'GET /v1/memories?entity_id=guest_1&q=quiet+room': page(memory) };
  const args = ['memories', 'list', 'quiet', 'room', '--entity', 'guest_1'];
  expect((await cli(routes, args)).stdout).toMatch(/mm1 +shared +guest_1 +yes +a person +Quiet/);
  const part = { kind: 'agent', id: 'ag1', name: 'Refund check', outcome: 'created' };
  const installed = await cli(
    { 'POST /v1/templates/refund-check/install': { data: { agent_id: 'ag1', parts: [part] } } },
    ['templates', 'install', 'refund-check'],
  );
  expect(installed.stdout).toMatch(/agent +ag1 +created +Refund check/);
});
