import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type EmbeddedServer,
  spawnServer,
  startServer,
  watchdogOf,
} from '../../../test/support/embedded-server.ts';
import { openDatabase } from '../connect.ts';
import { clusterIn } from './cluster.ts';
import { processesOf } from './processes.ts';
import { startEmbeddedPostgres } from './supervisor.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-embedded-'));
});

afterEach(async () => {
  await postgresGone();
  rmSync(dataDir, { recursive: true, force: true });
});

const postgresGone = (dir = dataDir) =>
  vi.waitFor(() => expect(processesOf(clusterIn(dir))).toEqual([]), { timeout: 10_000 });

/** Writes a row, which `expectMark` must find after whatever is done to the server. */
async function writeMark(server: EmbeddedServer): Promise<void> {
  await server.query('CREATE TABLE mark AS SELECT 42 AS value');
}

async function expectMark(server: EmbeddedServer): Promise<void> {
  expect(await server.query('SELECT value FROM mark')).toEqual([{ value: 42 }]);
}

describe('a data directory', () => {
  test('keeps its data over a clean stop, and Postgres ends with the server', async () => {
    const first = await startServer({ dataDir });
    await writeMark(first);
    await first.stop();
    expect(processesOf(clusterIn(dataDir))).toEqual([]);
    await using second = await startServer({ dataDir });
    await expectMark(second);
  });

  test('may have a path longer than a socket can have', async () => {
    const long = join(dataDir, 'x'.repeat(60), 'y'.repeat(60));
    {
      await using server = await startServer({ dataDir: long });
      expect(server.connection.host.length).toBeLessThan(90);
      await writeMark(server);
    }
    const killed = await startServer({ dataDir: long });
    await expectMark(killed);
    process.kill(killed.pid, 'SIGKILL');
    await postgresGone(long);
  });

  test('is refused while another server uses it, and that one goes on', async () => {
    await using server = await startServer({ dataDir });
    await expect(startServer({ dataDir })).rejects.toThrow(
      `Another Signalbox server (process ${server.pid}) uses the data directory`,
    );
    expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('of another major version is refused with what to do, and left as it is', async () => {
    const directory = join(dataDir, 'postgres');
    mkdirSync(directory, { mode: 0o700 });
    writeFileSync(join(directory, 'PG_VERSION'), '17\n');
    await expect(startServer({ dataDir })).rejects.toThrow(
      /made by PostgreSQL 17; this version of Signalbox brings PostgreSQL 18.*signalbox backup/,
    );
    expect(readdirSync(directory)).toEqual(['PG_VERSION']);
  });

  test('opens although its marks of an earlier Postgres name a process that lives', async () => {
    await (await startServer({ dataDir })).stop();
    const stranger = spawn('sleep', ['60']);
    const marks = `${stranger.pid}\n${join(dataDir, 'postgres')}\n`;
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), marks);
    writeFileSync(join(dataDir, 'postgres', '.s.PGSQL.5432.lock'), marks);
    await using server = await startServer({ dataDir });
    expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill('SIGKILL');
  });

  test('that is damaged is refused with what Postgres says', async () => {
    await (await startServer({ dataDir })).stop();
    truncateSync(join(dataDir, 'postgres', 'global', 'pg_control'), 10);
    await expect(startServer({ dataDir })).rejects.toThrow(
      /Postgres did not start \(.*postgres\.log\):[\s\S]*pg_control/,
    );
  });

  test('is free again when its start was aborted', async () => {
    const abort = new AbortController();
    const started = startEmbeddedPostgres({ dataDir, signal: abort.signal });
    await vi.waitFor(() => expect(readdirSync(dataDir).join(' ')).toContain('postgres.new-'));
    abort.abort(new Error('changed my mind'));
    await expect(started).rejects.toThrow('changed my mind');
    await using server = await startServer({ dataDir });
    expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('that holds something else is refused', async () => {
    mkdirSync(join(dataDir, 'postgres'), { mode: 0o700 });
    writeFileSync(join(dataDir, 'postgres', 'notes.txt'), 'mine');
    await expect(startServer({ dataDir })).rejects.toThrow('is not empty and holds no database');
  });

  test('that cannot be made is refused with its path', async () => {
    writeFileSync(join(dataDir, 'file'), '');
    await expect(startServer({ dataDir: join(dataDir, 'file', 'data') })).rejects.toThrow(
      /The data directory .*file.data cannot be used: ENOTDIR/,
    );
  });

  test('is made whole by the next start when the first was killed while it made it', async () => {
    const { child } = spawnServer({ dataDir });
    await vi.waitFor(() => expect(readdirSync(dataDir).join(' ')).toContain('postgres.new-'), {
      timeout: 10_000,
      interval: 5,
    });
    child.kill('SIGKILL');
    await using server = await startServer({ dataDir });
    await writeMark(server);
    expect(readdirSync(dataDir).filter((name) => name.includes('.new-'))).toEqual([]);
  });
});

describe('a killed server', () => {
  test('takes its Postgres with it', async () => {
    const server = await startServer({ dataDir });
    process.kill(server.pid, 'SIGKILL');
    await server.exit;
    await postgresGone();
  });

  test('takes its Postgres with it after its watchdog was killed as well', async () => {
    const server = await startServer({ dataDir });
    const watchdog = watchdogOf(server);
    process.kill(watchdog, 'SIGKILL');
    await vi.waitFor(() => expect(watchdogOf(server)).not.toBe(watchdog), { timeout: 5_000 });
    process.kill(server.pid, 'SIGKILL');
    await server.exit;
    await postgresGone();
  });

  test('is followed at once by the next one, when its whole process group was killed', async () => {
    const server = await startServer({ dataDir });
    await writeMark(server);
    process.kill(-server.pid, 'SIGKILL');
    await using next = await startServer({ dataDir });
    expect(next.startMs).toBeLessThan(8_000);
    await expectMark(next);
  });

  test('that left an orphan is followed by one that ends it, and no other Postgres', async () => {
    await using bystander = await startServer({ dataDir: join(dataDir, 'other') });
    const server = await startServer({ dataDir });
    await writeMark(server);
    process.kill(watchdogOf(server), 'SIGSTOP');
    const stopped = watchdogOf(server);
    process.kill(server.pid, 'SIGKILL');
    process.kill(stopped, 'SIGKILL');
    await server.exit;
    expect(processesOf(clusterIn(dataDir))).toContain(server.postmaster);

    await using next = await startServer({ dataDir });
    expect(next.startMs).toBeLessThan(8_000);
    await expectMark(next);
    expect(processesOf(clusterIn(dataDir))).not.toContain(server.postmaster);
    expect(await bystander.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(processesOf(clusterIn(join(dataDir, 'other')))).toContain(bystander.postmaster);
  });

  test('is followed by the next one when its Postgres was killed with it, in the middle of work', async () => {
    const server = await startServer({ dataDir });
    await writeMark(server);
    const endless = server.query('SELECT count(*) FROM generate_series(1, 1e11)').catch(() => {});
    await vi.waitFor(async () => {
      const active = `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%1e11%' AND pid <> pg_backend_pid()`;
      expect(await server.query(active)).toHaveLength(1);
    });
    process.kill(watchdogOf(server), 'SIGKILL');
    process.kill(server.pid, 'SIGKILL');
    process.kill(server.postmaster, 'SIGKILL');
    await using next = await startServer({ dataDir });
    expect(next.startMs).toBeLessThan(8_000);
    await expectMark(next);
    await endless;
  });
});

describe('a killed Postgres', () => {
  test('is started again, under the same address, with all that was committed', async () => {
    await using server = await startServer({ dataDir });
    await writeMark(server);
    await using db = openDatabase({ kind: 'embedded', connection: server.connection });
    await db.query('SELECT 1');
    process.kill(server.postmaster, 'SIGKILL');
    const patience = { timeout: 20_000, interval: 20 };
    // A backend may answer once more before it notices that its postmaster is gone.
    await vi.waitFor(() => {
      expect(processesOf(clusterIn(dataDir))).not.toContain(server.postmaster);
    }, patience);
    await vi.waitFor(async () => {
      expect(await db.query('SELECT value FROM mark')).toHaveLength(1);
    }, patience);
  });
});
