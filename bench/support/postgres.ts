import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/store/connect.ts';
import type { EmbeddedConnection } from '../../src/store/connect-session.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';

export interface BenchPostgres extends AsyncDisposable {
  readonly connection: EmbeddedConnection;
  readonly version: string;
  /** Of the postmaster. */
  readonly pid: number;
}

/** The product's own embedded Postgres, as it is shipped (`fsync` on), in a folder of its own. */
export async function startBenchPostgres(): Promise<BenchPostgres> {
  await using undo = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(process.env.BENCH_DIR ?? tmpdir(), 'signalbox-bench-'));
  undo.defer(() => rm(dataDir, { recursive: true, force: true }));
  const { connection, pid } = undo.use(await startEmbeddedPostgres({ dataDir }));
  await using db = openDatabase({ kind: 'embedded', connection }, { max: 1 });
  const [row] = await db.query<{ version: string; fsync: string }>(
    "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync",
  );
  if (row?.fsync !== 'on') throw new Error('fsync is off: nothing measured here would count.');
  const owned = undo.move();
  return {
    connection,
    version: row.version,
    pid: pid ?? 0,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A new, empty database on the server. */
export async function createDatabase(server: EmbeddedConnection): Promise<EmbeddedConnection> {
  const database = `bench_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${database} TEMPLATE template0`);
  return { ...server, database };
}

export async function dropDatabase(server: EmbeddedConnection, database: string): Promise<void> {
  await onServer(server, `DROP DATABASE ${database} WITH (FORCE)`);
  // The next measurement must not pay for the dirty pages of this one.
  await onServer(server, 'CHECKPOINT');
}

export function urlOf({ user, host, port, database }: EmbeddedConnection): string {
  return `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`;
}

async function onServer(connection: EmbeddedConnection, sql: string): Promise<void> {
  await using db = openDatabase({ kind: 'embedded', connection }, { max: 1 });
  await db.execute(sql);
}
