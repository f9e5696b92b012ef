import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js/index-native.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { repositoryRoot } from '../../../test/support/source-tree.ts';
import { unpackSkill } from '../../skills/skill-archive.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** Skills of public repositories, as their packages ship them (Apache-2.0 and MIT). */
const published = [
  'playwright-core/lib/tools/skills/playwright-cli',
  'playwright-core/lib/tools/skills/playwright-component-testing',
  '@tanstack/router-core/skills/router-core/search-params',
].map((path) => ({ path, folder: join(repositoryRoot, 'node_modules', path) }));

interface PlainFile {
  readonly path: string;
  readonly content: Uint8Array;
}

function filesBelow(folder: string): PlainFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path: relative(folder, path), content: readFileSync(path) }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function zip(
  entries: readonly (PlainFile & { readonly unixMode?: number })[],
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const { path, content, unixMode } of entries) {
    const mode = unixMode === undefined ? {} : { unixMode };
    await writer.add(path, new Uint8ArrayReader(content), {
      ...mode,
      filenameValidation: 'none',
    } as object);
  }
  return await writer.close();
}

async function sendArchive(archive: Uint8Array<ArrayBuffer>, query = '') {
  const response = await api.app.request(`/v1/skills/import${query}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${api.tokens.write}`, 'Content-Type': 'application/zip' },
    body: archive,
  });
  return { status: response.status, json: JSON.parse(await response.text()) };
}

async function exported(id: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await api.app.request(`/v1/skills/${id}/export`, {
    headers: { Authorization: `Bearer ${api.tokens.read}` },
  });
  expect(response.headers.get('content-type')).toBe('application/zip');
  return new Uint8Array(await response.arrayBuffer());
}

const text = (content: string): Uint8Array => Buffer.from(content);
const skillMd = (name: string, rest = '') =>
  `---\nname: ${name}\ndescription: Use it for tests.\n${rest}---\n\nDo it.\n`;

let count = 0;
const newName = () => `skill-${++count}`;

describe('a folder of a public repository', () => {
  test.each(published)('$path goes out as it came in', async ({ folder }) => {
    const files = filesBelow(folder);
    const { status, json } = await sendArchive(
      await zip(files.map((file) => ({ ...file, path: `some-folder/${file.path}` }))),
    );
    expect(status).toBe(201);
    const archive = await exported(json.data.id);
    const out = await unpackSkill(archive);
    expect(out.map(({ path }) => path).toSorted()).toEqual(files.map(({ path }) => path));
    for (const { path, content } of files) {
      const found = out.find((file) => file.path === path);
      expect(Buffer.compare(found?.content ?? text(''), content)).toBe(0);
    }
    expect(Buffer.compare(await exported(json.data.id), archive)).toBe(0);
    const again = await sendArchive(archive, '?replace=true');
    expect([again.status, again.json.data.version]).toEqual([200, 1]);
  });

  test('says in its front matter what the skill says', async () => {
    const listed = await api.request('GET', '/v1/skills?limit=100');
    const skill = listed.json.data.find((each: { name: string }) => each.name === 'playwright-cli');
    expect(skill.allowed_tools).toEqual([
      'Bash(playwright-cli:*)',
      'Bash(npx playwright:*)',
      'Bash(npx --no-install playwright:*)',
    ]);
    expect(skill.body).toMatch(/^# Browser Automation with playwright-cli\n/);
  });
});

describe('an import', () => {
  const good = () => ({ path: 'SKILL.md', content: text(skillMd(newName())) });

  test.each([
    ['a path that leads out', '../evil.sh'],
    ['a path that leads out later', 'a/../../evil.sh'],
    ['an absolute path', '/etc/evil.sh'],
    ['a drive', 'C:/evil.sh'],
    ['backslashes', '..\\evil.sh'],
  ])('refuses %s', async (_what, path) => {
    const file = { path, content: 'echo' };
    const answer = await api.request('POST', '/v1/skills/import', {
      body: { files: [{ path: 'SKILL.md', content: skillMd(newName()) }, file] },
    });
    expect([answer.status, answer.json.error]).toEqual([
      400,
      expect.stringContaining('files[1].path'),
    ]);
    const archived = await sendArchive(await zip([good(), { path, content: text('echo') }]));
    expect([archived.status, archived.json.error]).toEqual([
      400,
      expect.stringContaining('archive'),
    ]);
  });

  test('refuses symbolic links, wherever they lead', async () => {
    const link = { path: 'notes.md', content: text('/etc/passwd'), unixMode: 0o120777 };
    const { status, json } = await sendArchive(await zip([good(), link]));
    expect([status, json.error]).toEqual([400, expect.stringContaining('"notes.md" is a link')]);
  });

  test('refuses a bomb before it is unpacked whole', async () => {
    const bomb = { path: 'big.txt', content: Buffer.alloc(64 * 1_048_576) };
    const archive = await zip([good(), bomb]);
    expect(archive.byteLength).toBeLessThan(100_000);
    expect((await sendArchive(archive)).status).toBe(413);
    // The same, with a size declared that it does not have.
    const lying = Buffer.from(archive);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(bomb.content.length);
    const small = Buffer.alloc(4);
    small.writeUInt32LE(10);
    for (let at = lying.indexOf(size); at !== -1; at = lying.indexOf(size, at + 1)) {
      small.copy(lying, at);
    }
    const lied = await sendArchive(new Uint8Array(lying));
    expect([400, 413]).toContain(lied.status);
  });

  test('refuses what is broken, encrypted or none', async () => {
    const archive = await zip([good()]);
    expect((await sendArchive(archive.slice(0, archive.length - 30))).status).toBe(400);
    const spoilt = Buffer.from(archive);
    spoilt.fill(0xff, 45, 60);
    expect((await sendArchive(new Uint8Array(spoilt))).status).toBe(400);
    const many = Array.from({ length: 900 }, (_, i) => ({ path: `f${i}`, content: text('') }));
    expect((await sendArchive(await zip([good(), ...many]))).status).toBe(400);
  });

  test.each([
    ['no SKILL.md', 'README.md', 'Hello', 'must hold a SKILL.md'],
    ['no front matter', 'SKILL.md', 'Hello', 'files[0].content must begin with'],
    ['broken YAML', 'SKILL.md', '---\nname: [\n---\n', 'not valid YAML'],
    ['no name', 'SKILL.md', '---\ndescription: Hello\n---\n', '"name"'],
    ['no description', 'SKILL.md', '---\nname: hello\n---\n', '"description"'],
    ['tools that are none', 'SKILL.md', skillMd('hello', 'allowed-tools: 7\n'), 'allowed-tools'],
    ['aliases without end', 'SKILL.md', `---\n${'a: &a [*a]\n'.repeat(200)}---\n`, 'YAML'],
  ])('refuses %s', async (_what, path, content, words) => {
    const answer = await api.request('POST', '/v1/skills/import', {
      body: { files: [{ path, content }] },
    });
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringContaining(words)]);
  });

  test('refuses two files at one path, and a file where a folder is', async () => {
    const md = { path: 'SKILL.md', content: skillMd(newName()) };
    for (const paths of [
      ['a.txt', 'A.txt'],
      ['a', 'a/b'],
    ]) {
      const files = [md, ...paths.map((path) => ({ path, content: '' }))];
      const answer = await api.request('POST', '/v1/skills/import', { body: { files } });
      expect(answer.status).toBe(400);
    }
  });

  test('keeps bytes that are no text, and which files can be executed', async () => {
    const content = Buffer.from([0, 255, 1, 254]);
    const files = [
      { path: 'SKILL.md', content: skillMd(newName()) },
      { path: 'scripts/run.py', content: 'print(1)\n', executable: true },
      { path: 'logo.bin', content: content.toString('base64'), encoding: 'base64' },
    ];
    const { json } = await api.request('POST', '/v1/skills/import', { body: { files } });
    const out = await unpackSkill(await exported(json.data.id));
    expect(out.find(({ path }) => path === 'logo.bin')?.content).toEqual(content);
    expect(out.map(({ path, isExecutable }) => [path, isExecutable]).toSorted()).toEqual([
      ['SKILL.md', false],
      ['logo.bin', false],
      ['scripts/run.py', true],
    ]);
    const shown = await api.request('GET', `/v1/skills/${json.data.id}/files`);
    expect(shown.json.data.map((file: { encoding: string }) => file.encoding)).toEqual([
      'utf8',
      'base64',
      'utf8',
    ]);
  });

  test('replaces only where it may, and not what is based on something else', async () => {
    const name = newName();
    const files = [{ path: 'SKILL.md', content: skillMd(name) }];
    const first = await api.request('POST', '/v1/skills/import', { body: { files } });
    expect((await api.request('POST', '/v1/skills/import', { body: { files } })).status).toBe(409);
    const more = [...files, { path: 'a.txt', content: 'a' }];
    const second = await api.request('POST', '/v1/skills/import', {
      body: { files: more, replace: true },
    });
    expect([second.status, second.json.data.version]).toEqual([200, 2]);
    const path = `/v1/skills/${first.json.data.id}/files`;
    const stale = await api.request('PUT', path, {
      body: { files, base_hash: first.json.data.hash },
    });
    expect(stale.status).toBe(409);
    const fresh = await api.request('PUT', path, {
      body: { files, base_hash: second.json.data.hash },
    });
    expect(fresh.json.data).toMatchObject({
      version: 3,
      files: [{ path: 'SKILL.md', version: 1 }],
    });
  });
});
