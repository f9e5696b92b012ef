import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startServer } from '../../../test/support/embedded-server.ts';
import { requires } from '../../../test/support/requires.ts';
import { repositoryRoot } from '../../../test/support/source-tree.ts';
import { clusterIn } from './cluster.ts';
import { processesOf } from './processes.ts';

const nobody = 65_534;
const isRoot = process.geteuid?.() === 0;
const canUnshare =
  isRoot && spawnSync('unshare', ['--user', `--map-user=${nobody}`, '--', 'true']).status === 0;

/** Whether another user can read this repository and run its Node. */
const isOpenToAll = () =>
  isRoot &&
  spawnSync(process.execPath, ['-e', ''], { uid: nobody, gid: nobody, cwd: '/' }).status === 0 &&
  spawnSync('/bin/sh', ['-c', 'test -r "$0"', join(repositoryRoot, 'package.json')], {
    uid: nobody,
    gid: nobody,
    cwd: '/',
  }).status === 0;

let scratch: string;
/** Below a folder that only its owner may enter. */
let dataDir: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'signalbox-launcher-'));
  dataDir = join(scratch, 'closed', 'data');
  mkdirSync(dataDir, { recursive: true });
  chmodSync(join(scratch, 'closed'), 0o700);
});

afterEach(async () => {
  const gone = () => expect(processesOf(clusterIn(dataDir))).toEqual([]);
  await vi.waitFor(gone, { timeout: 10_000 });
  rmSync(scratch, { recursive: true, force: true });
});

/** An environment whose PATH has what Node, a shell and coreutils offer, and no unshare. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const bin = join(scratch, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const name of ['sleep', 'rm', 'rmdir']) symlinkSync(whereIs(name), join(bin, name));
  return { PATH: bin, HOME: '' };
}

function whereIs(name: string): string {
  const found = (process.env.PATH ?? '').split(':').map((dir) => join(dir, name));
  for (const path of [...found, `/usr/bin/${name}`]) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not there.
    }
  }
  throw new Error(`No ${name} on this machine.`);
}

describe('as root', requires(isRoot, 'not root'), () => {
  const uidOf = (pid: number) => statSync(`/proc/${pid}`).uid;

  test(
    'below a closed folder, Postgres runs in a user namespace',
    requires(canUnshare, 'no user namespaces'),
    async () => {
      await using server = await startServer({ dataDir });
      expect(server.mode).toBe('namespace');
      expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(statSync(join(dataDir, 'postgres')).uid).toBe(0);
    },
  );

  test('without unshare, Postgres runs as nobody on the same data, also below a closed folder', async () => {
    const sharedDir = join(scratch, 'shared');
    chmodSync(scratch, 0o755);
    if (canUnshare) {
      await using server = await startServer({ dataDir, sharedDir });
      await server.query('CREATE TABLE mark AS SELECT 42 AS value');
    }
    const env = bareEnvironment();
    {
      await using server = await startServer({ dataDir, sharedDir, env });
      expect(server.mode).toBe('other_user');
      expect(uidOf(server.postmaster)).toBe(nobody);
      if (canUnshare) {
        expect(await server.query('SELECT value FROM mark')).toEqual([{ value: 42 }]);
      }
    }
    // Back with unshare: the data has another owner by now, and stays his.
    const server = await startServer({ dataDir, sharedDir });
    expect(server.mode).toBe('other_user');
    expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    process.kill(server.pid, 'SIGKILL');
    await server.exit;
  });

  test(
    'as another user, Postgres lets root in and nobody else of that user',
    requires(isOpenToAll(), 'closed repository'),
    async () => {
      chmodSync(scratch, 0o755);
      await using server = await startServer({
        dataDir,
        sharedDir: join(scratch, 'shared'),
        env: bareEnvironment(),
      });
      const client = `
      const { Client } = require(${JSON.stringify(join(repositoryRoot, 'node_modules/pg'))});
      const client = new Client({ host: '/proc/${server.postmaster}/cwd', user: 'signalbox', database: 'postgres' });
      client.connect().then(() => console.log('in'), (error) => console.log(error.code));
    `;
      const asNobody = { uid: nobody, gid: nobody, cwd: '/', encoding: 'utf8' } as const;
      const { stdout } = spawnSync(process.execPath, ['-e', client], asNobody);
      expect(stdout.trim()).toBe('28000');
    },
  );

  test('where there is no way, it is refused with each reason and what to do', async () => {
    const nowhere = join(scratch, 'nowhere');
    writeFileSync(nowhere, '');
    const started = startServer({ dataDir, sharedDir: nowhere, env: bareEnvironment() });
    await expect(started).rejects.toThrow(
      /refuses to run as root.*\n.*unshare.*\n.*nowhere.*\n.*ordinary user, or set DATABASE_URL/,
    );
  });
});

describe('as an ordinary user', requires(!isRoot || isOpenToAll(), 'closed repository'), () => {
  const ids = isRoot ? { uid: nobody, gid: nobody } : {};
  const ordinary = () => {
    chmodSync(scratch, 0o755);
    if (isRoot) chownSync(join(scratch, 'closed'), nobody, nobody);
    if (isRoot) chownSync(dataDir, nobody, nobody);
    return { dataDir, ...ids, env: { PATH: process.env.PATH, HOME: '' } };
  };

  test('Postgres runs as that user, without a home', async () => {
    await using server = await startServer(ordinary());
    expect(server.mode).toBe('same_user');
    expect(await server.query('SELECT current_user AS name')).toEqual([{ name: 'signalbox' }]);
  });

  test('a database of somebody else is refused', requires(isRoot, 'not root'), async () => {
    const options = ordinary();
    mkdirSync(join(dataDir, 'postgres'), { mode: 0o700 });
    await expect(startServer(options)).rejects.toThrow('belongs to user id 0');
  });

  test('a directory that cannot be written to is refused', async () => {
    const options = ordinary();
    if (isRoot) chownSync(dataDir, 0, 0);
    chmodSync(dataDir, 0o555);
    await expect(startServer(options)).rejects.toThrow(/data directory .* cannot be written to/);
  });
});
