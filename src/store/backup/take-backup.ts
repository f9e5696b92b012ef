import type { Database, DedicatedConnection } from '../connect.ts';
import { formatNumber, write } from './format.ts';
import { backupTables, copyTarget } from './tables.ts';

/** Another one is being taken: each holds back the removal of rows that nobody sees any more. */
export class BackupBusy extends Error {
  override readonly name = 'BackupBusy';
}

/** "backup" as the key of the advisory lock. */
const lockKey = 7_309_453_672;

/**
 * The whole database as it was at one moment, while it goes on being used: what was acknowledged before the
 * first byte is in it. Ends early, by throwing, when the signal fires or the connection is lost; then the last
 * line is missing, and nothing restores it. Throws `BackupBusy` before the first byte.
 */
export async function* takeBackup(
  db: Database,
  given: { readonly version: string; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array, void, undefined> {
  await using connection = await db.connect({
    applicationName: 'signalbox backup',
    statementTimeoutMs: 0,
    transactionTimeoutMs: 0,
  });
  const [lock] = await connection.query<{ readonly isMine: boolean }>({
    text: 'SELECT pg_try_advisory_lock($1) AS "isMine"',
    values: [lockKey],
  });
  if (lock?.isMine !== true) throw new BackupBusy('Another backup is being taken.');
  await connection.execute('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  yield bytes(await headOf(connection, given.version));
  const tables = await backupTables(connection);
  let rows = 0;
  for (const table of tables) {
    yield bytes(write.copy(copyTarget(table)));
    const copy = connection.copyOut(`COPY ${copyTarget(table)} TO STDOUT`);
    for await (const chunk of copy) {
      given.signal.throwIfAborted();
      yield chunk as Uint8Array;
    }
    rows += copy.rowCount;
    yield bytes(write.endOfCopy(copy.rowCount));
  }
  yield bytes(await sequencesOf(connection));
  yield bytes(write.end({ tables: tables.length, rows }));
  await connection.execute('COMMIT');
}

async function headOf(connection: DedicatedConnection, version: string): Promise<string> {
  const [facts] = await connection.query<{ readonly postgres: string; readonly taken_at: Date }>(
    "SELECT current_setting('server_version') AS postgres, clock_timestamp() AS taken_at",
  );
  const migrations = await connection.query<{
    readonly version: number;
    readonly name: string;
    readonly checksum: string;
  }>('SELECT version, name, checksum FROM schema_migrations ORDER BY version');
  return write.head({
    format: formatNumber,
    version,
    postgres: facts?.postgres ?? '',
    taken_at: facts?.taken_at.toISOString() ?? '',
    migrations,
  });
}

async function sequencesOf(connection: DedicatedConnection): Promise<string> {
  const sequences = await connection.query<{ readonly name: string; readonly value: string }>(`
    SELECT sequencename AS name, last_value::text AS value FROM pg_sequences
    WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename`);
  return sequences.map(({ name, value }) => write.sequence(name, value)).join('');
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}
