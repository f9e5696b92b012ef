import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isOnPath } from '../../../test/support/machine.ts';
import { requires } from '../../../test/support/requires.ts';
import { InstallFailed, installPackages } from './install.ts';
import type { PackageSet } from './package-set.ts';
import { sweepRuntimes } from './sweep.ts';
import { ToolPackages } from './tool-packages.ts';

const folder = await mkdtemp(join(tmpdir(), 'signalbox-install-'));
afterAll(() => rm(folder, { recursive: true }));
let runtimesDir = '';
let links = '';
beforeEach(async () => {
  runtimesDir = await mkdtemp(join(folder, 'runtimes-'));
  links = await mkdtemp(join(folder, 'links-'));
  vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
  vi.stubEnv('PIP_NO_INDEX', '1');
  vi.stubEnv('PIP_FIND_LINKS', links);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A wheel with these files, and the set that it is all of. */
async function makeSet(files: Readonly<Record<string, string>>): Promise<PackageSet> {
  const file = 'tiny-1.0-py3-none-any.whl';
  const path = join(links, file);
  const script =
    'import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n' +
    '    for name, text in json.loads(sys.argv[2]).items(): z.writestr(name, text)';
  await promisify(execFile)('python3', ['-c', script, path, JSON.stringify(files)]);
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return {
    language: 'python',
    id: 'python-3.0-tiny',
    content: 'site-packages',
    packages: [{ name: 'tiny', version: '1.0', import: 'tiny' }],
    importable: new Map([['tiny', 'tiny']]),
    wheels: [{ name: 'tiny', version: '1.0', file, sha256 }],
  };
}

const tiny = {
  'tiny/__init__.py': 'answer = 42\n',
  'tiny-1.0.data/purelib/more.py': 'more = 1\n',
  'tiny-1.0.data/scripts/run': '#!/bin/sh\n',
};
const install = (set: PackageSet) => installPackages(set, { runtimesDir, python: 'python3' });

describe('installing wheels', requires(isOnPath('python3'), 'no python3'), () => {
  test('unpacks and compiles what has the locked hash, readable by all, and nothing else', async () => {
    await install(await makeSet(tiny));
    const place = join(runtimesDir, 'python-3.0-tiny', 'site-packages');
    expect((await readdir(place)).toSorted()).toEqual(['__pycache__', 'more.py', 'tiny']);
    expect(await readdir(join(place, 'tiny', '__pycache__'))).toHaveLength(1);
    expect((await stat(join(place, 'tiny', '__init__.py'))).mode & 0o777).toBe(0o644);
    expect(await readdir(runtimesDir)).toEqual(['python-3.0-tiny']);
  });

  test('takes them from the index that pip is set to, with its password, by its pages in HTML', async () => {
    const set = await makeSet(tiny);
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization}`);
      if (request.url === '/simple/tiny/') {
        response.setHeader('Content-Type', 'text/html');
        response.end(`<a href="../../files/${set.wheels[0]?.file}#sha256=0">tiny</a>`);
      } else {
        readFile(join(links, set.wheels[0]?.file ?? '')).then((bytes) => response.end(bytes));
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const config = join(links, 'pip.conf');
    await writeFile(config, `[global]\nindex-url = http://me:s%40cret@127.0.0.1:${port}/simple\n`);
    vi.stubEnv('PIP_CONFIG_FILE', config);
    vi.stubEnv('PIP_NO_INDEX', '');
    vi.stubEnv('PIP_FIND_LINKS', '');
    await install(set);
    const basic = `Basic ${Buffer.from('me:s@cret').toString('base64')}`;
    expect(asked).toEqual([`/simple/tiny/ ${basic}`, `/files/${set.wheels[0]?.file} ${basic}`]);
    server.closeAllConnections();
    server.close();
    vi.stubEnv('PIP_INDEX_URL', `http://me:s%40cret@127.0.0.1:1/simple`);
    const refused = installPackages(
      { ...set, id: 'python-3.0-other' },
      { runtimesDir, python: 'python3' },
    );
    await expect(refused).rejects.toThrow(
      /could not be had.*127\.0\.0\.1:1\/simple.*PIP_INDEX_URL/,
    );
    await expect(refused).rejects.not.toThrow(/cret/);
  });

  test.each([
    ['another hash', tiny, { sha256: '0'.repeat(64) }, /another hash than the lock/],
    ['an entry that leads elsewhere', { '../out.py': 'x' }, {}, /leads elsewhere/],
    ['no such file', tiny, { file: 'absent-1.0-py3-none-any.whl' }, /could not be had/],
  ])('refuses %s, and leaves nothing half', async (_what, files, change, words) => {
    const set = await makeSet(files);
    const wheels = set.wheels.map((wheel) => ({ ...wheel, ...change }));
    await expect(install({ ...set, wheels })).rejects.toThrow(words);
    await expect(install({ ...set, wheels })).rejects.toBeInstanceOf(InstallFailed);
    expect(await readdir(runtimesDir)).toEqual(['python-3.0-tiny']);
    expect(await readdir(join(runtimesDir, 'python-3.0-tiny'))).toEqual([]);
  });

  test('by several at the same time ends with one whole set', async () => {
    const set = await makeSet(tiny);
    await Promise.all(Array.from({ length: 5 }, () => install(set)));
    expect(await readdir(runtimesDir)).toEqual(['python-3.0-tiny']);
    expect(await readdir(join(runtimesDir, set.id))).toEqual(['site-packages']);
  });

  test('that is killed in the middle leaves nothing that counts, and the next start removes it', async () => {
    const set = await makeSet(tiny);
    const slow = join(folder, 'slow-python');
    await writeFile(slow, '#!/bin/sh\nmkdir -p "$PWD"; echo started >&2; exec sleep 60\n');
    await chmod(slow, 0o755);
    const code = `import { installPackages } from ${JSON.stringify(new URL('install.ts', import.meta.url).href)};
      const set = ${JSON.stringify({ ...set, importable: null })};
      console.log('going');
      await installPackages(set, { runtimesDir: ${JSON.stringify(runtimesDir)}, python: ${JSON.stringify(slow)} });`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const isStaged = async () =>
      (await readdir(runtimesDir)).some((name) => name.startsWith('.installing-'));
    await vi.waitUntil(isStaged, { timeout: 20_000 });
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await once(child, 'exit');
    expect(await readdir(join(runtimesDir, set.id))).toEqual([]);
    await sweepRuntimes(runtimesDir, new Set([set.id]));
    expect(await readdir(runtimesDir)).toEqual([set.id]);
  });
});

test(
  'an installation that is under way ends with the server, and is taken away',
  requires(isOnPath('python3'), 'no python3'),
  async () => {
    const set = { ...(await makeSet(tiny)), id: 'python-3.0-slow' };
    const slow = join(folder, 'sleeping-python');
    const told = join(folder, 'environment');
    await writeFile(
      slow,
      `#!/bin/sh\nenv > ${told}.draft; mv ${told}.draft ${told}; exec sleep 60\n`,
    );
    await chmod(slow, 0o755);
    vi.stubEnv('SIGNALBOX_SECRET_KEY', 'not for installers');
    vi.stubEnv('OPENAI_API_KEY', 'not for installers');
    const packages = new ToolPackages(set, { runtimesDir, python: slow });
    const ended = expect(packages.ensure()).rejects.toBeInstanceOf(InstallFailed);
    const environment = () => readFile(told, 'utf8').catch(() => '');
    await vi.waitUntil(environment, { timeout: 20_000 });
    expect(await environment()).toMatch(/^PIP_FIND_LINKS=/m);
    expect(await environment()).not.toMatch(/not for installers/);
    await packages[Symbol.asyncDispose]();
    await ended;
    expect(await readdir(runtimesDir)).toEqual([set.id]);
    expect(await readdir(packages.directory)).toEqual([]);
  },
);

describe('packages of a tool', () => {
  const set: PackageSet = {
    language: 'javascript',
    id: 'javascript-x',
    content: 'node_modules',
    packages: [],
    importable: new Map(),
    wheels: [],
  };

  test('are installed once for all who ask at a time, and again only after a while when that failed', async () => {
    const gate = Promise.withResolvers<void>();
    const ask = vi.fn(() => gate.promise);
    const packages = new ToolPackages(set, { runtimesDir, python: null, install: ask });
    const cancel = new AbortController();
    const waiting = [packages.ensure(), packages.ensure(), packages.ensure(cancel.signal)];
    cancel.abort(new Error('gone'));
    await expect(waiting[2]).rejects.toThrow('gone');
    gate.reject(new InstallFailed('no network'));
    await expect(waiting[0]).rejects.toThrow('no network');
    await expect(waiting[1]).rejects.toThrow('no network');
    await expect(packages.ensure()).rejects.toThrow('no network');
    expect(ask).toHaveBeenCalledTimes(1);
    expect(packages.isInstalled).toBe(false);
    await mkdir(join(packages.directory, 'node_modules'));
    await packages.ensure();
    expect(packages.isInstalled).toBe(true);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  test('of other locks are removed, unless a process uses them', async () => {
    const mark = (pid: number, id: string) => `.used-by-${hostname()}-${pid}-${id}`;
    const dead = spawn('true');
    await once(dead, 'exit');
    for (const id of ['python-3.1-old', 'python-3.2-used', 'python-3.3-now', 'something-else']) {
      await mkdir(join(runtimesDir, id));
    }
    await writeFile(join(runtimesDir, mark(process.pid, 'python-3.2-used')), '');
    await writeFile(join(runtimesDir, mark(dead.pid ?? 0, 'python-3.1-old')), '');
    await mkdir(join(runtimesDir, `.installing-${hostname()}-${process.pid}-x`));
    await sweepRuntimes(runtimesDir, new Set(['python-3.3-now']));
    expect((await readdir(runtimesDir)).toSorted()).toEqual(
      [
        `.installing-${hostname()}-${process.pid}-x`,
        mark(process.pid, 'python-3.2-used'),
        'python-3.2-used',
        'python-3.3-now',
        'something-else',
      ].toSorted(),
    );
  });
});
