import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase, type Queryable } from '../../src/store/connect.ts';
import { socketUrl } from '../../src/store/embedded/socket-url.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';

export interface OwnDatabase extends AsyncDisposable {
  /** Without any table. */
  readonly db: Database;
  readonly url: string;
}

/** A Postgres for one proof, gone with its files when disposed of. */
export async function openOwnDatabase(): Promise<OwnDatabase> {
  await using undo = new AsyncDisposableStack();
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-proof-db-'));
  undo.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const { connection } = undo.use(await startEmbeddedPostgres({ dataDir }));
  const db = undo.use(openDatabase({ kind: 'embedded', connection }));
  const kept = undo.move();
  return {
    db,
    url: socketUrl(connection),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** What the database takes of the disk. */
export async function sizeMiB(db: Queryable): Promise<number> {
  const [row] = await db.query<{ mib: number }>(
    'SELECT (pg_database_size(current_database()) / 1048576)::int AS mib',
  );
  return row?.mib ?? 0;
}
