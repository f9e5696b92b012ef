import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { requires } from '../../test/support/requires.ts';
import { openDatabase } from './connect.ts';
import { assertUsableServer } from './server-check.ts';

test('a server of ours is usable, by socket and by URL', async () => {
  await using database = await createTestDatabase();
  await assertUsableServer(database.db);
  await using byUrl = openDatabase({ kind: 'url', url: database.url });
  await assertUsableServer(byUrl);
});

test('a database of another encoding is refused', async () => {
  await using database = await createTestDatabase();
  await database.db.execute(
    `CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'`,
  );
  {
    const connection = { ...database.connection, database: 'latin' };
    await using latin = openDatabase({ kind: 'embedded', connection });
    await expect(assertUsableServer(latin)).rejects.toThrow('encoding LATIN1');
  }
  await database.db.execute('DROP DATABASE latin');
});

const hasPgbouncer = spawnSync('pgbouncer', ['--version']).status === 0;

describe('behind a pooler', requires(hasPgbouncer, 'no pgbouncer'), () => {
  let scratch: string;
  let port: number;

  beforeEach(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'signalbox-pooler-'));
    chmodSync(scratch, 0o755);
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    port = (probe.address() as AddressInfo).port;
    probe.close();
  });

  afterEach(() => rmSync(scratch, { recursive: true }));

  // The pooler runs as root's stand-in here: it must reach the socket in the private data directory.
  async function usable(poolMode: string): Promise<string> {
    await using database = await createTestDatabase();
    const { host, database: name } = database.connection;
    writeFileSync(
      join(scratch, 'pgbouncer.ini'),
      `[databases]\n${name} = host=${host} port=5432 user=signalbox\n[pgbouncer]\nlisten_addr = 127.0.0.1\n` +
        `listen_port = ${port}\nauth_type = any\npool_mode = ${poolMode}\nunix_socket_dir =\n` +
        'ignore_startup_parameters = extra_float_digits\n',
    );
    const isRoot = process.geteuid?.() === 0;
    const command = ['pgbouncer', join(scratch, 'pgbouncer.ini')];
    const [file = '', ...args] = isRoot
      ? ['unshare', '--user', '--map-user=65534', '--', ...command]
      : command;
    const pooler = spawn(file, args, { stdio: 'ignore' });
    const url = `postgresql://signalbox@127.0.0.1:${port}/${name}`;
    try {
      await using db = openDatabase({ kind: 'url', url });
      await vi.waitFor(() => db.query('SELECT 1'), { timeout: 5_000 });
      return await assertUsableServer(db).then(
        () => 'usable',
        (error) => error.message,
      );
    } finally {
      pooler.kill('SIGKILL');
      await once(pooler, 'exit');
    }
  }

  test('of transactions it is refused', async () => {
    expect(await usable('transaction')).toContain('leads to a transaction pooler');
  });

  test('of sessions it is usable', async () => {
    expect(await usable('session')).toBe('usable');
  });
});
