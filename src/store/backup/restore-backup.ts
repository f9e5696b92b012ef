import { once } from 'node:events';
import type { Database, DedicatedConnection } from '../connect.ts';
import { type Migration, migrate, migrateEmpty, readMigrations } from '../migrate.ts';
import { type BackupHead, BackupProblem, readLine } from './format.ts';
import { readRecords } from './read-records.ts';
import { backupTables, copyTarget, quoted } from './tables.ts';

export interface RestoredBackup {
  readonly head: BackupHead;
  readonly tables: number;
  readonly rows: number;
  /** Runs that were under way and now wait for a server. */
  readonly openRuns: number;
  /** Names of the migrations of this version that came after those of the backup. */
  readonly migrations: readonly string[];
}

/**
 * Fills an empty database from a backup, in one transaction, and brings it to this version's schema. `check`
 * sees the database before it is committed. Throws `BackupProblem` when the database is not empty, the backup
 * is of a newer version, or it is not whole; the database is empty then, as before.
 */
export async function restoreBackup(
  db: Database,
  source: AsyncIterable<Uint8Array>,
  check: (tx: DedicatedConnection) => Promise<void> = async () => {},
): Promise<RestoredBackup> {
  await requireEmpty(db);
  const records = readRecords(source);
  const first = await records.next();
  const head =
    first.done === true || first.value.kind !== 'line' ? null : readLine(first.value.line);
  if (head?.kind !== 'head') throw new BackupProblem('it does not begin as one of Signalbox does');
  const asItWas = await migrationsOf(head.head);
  await using connection = await db.connect({
    applicationName: 'signalbox restore',
    statementTimeoutMs: 0,
    transactionTimeoutMs: 0,
  });
  // One that is closed within a transaction has done nothing.
  await connection.execute('BEGIN');
  await migrateEmpty(connection, asItWas);
  const { tables, rows } = await load(connection, records);
  const openRuns = await releaseRuns(connection);
  await check(connection);
  await connection.execute('COMMIT');
  await connection.execute('ANALYZE');
  const migrations = await migrate(db);
  return { head: head.head, tables, rows, openRuns, migrations };
}

async function requireEmpty(db: Database): Promise<void> {
  const found = await db.query<{ readonly name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() LIMIT 1',
  );
  if (found.length === 0) return;
  throw new BackupProblem(
    'the database is not empty: give it one in which nothing has been created',
  );
}

/** Those that the backup was taken after, in that order. Throws `BackupProblem` where this version has others. */
async function migrationsOf(head: BackupHead): Promise<readonly Migration[]> {
  const known = new Map((await readMigrations()).map((one) => [one.version, one]));
  return head.migrations.map(({ version, name, checksum }) => {
    const migration = known.get(version);
    if (migration === undefined) {
      throw new BackupProblem(`it is of a newer Signalbox, ${head.version}: it has ${name}`);
    }
    if (migration.checksum !== checksum) {
      throw new BackupProblem(`it was taken after another ${name} than this version has`);
    }
    return migration;
  });
}

type Records = ReturnType<typeof readRecords>;

async function load(connection: DedicatedConnection, records: Records) {
  const tables = new Map((await backupTables(connection)).map((table) => [table.name, table]));
  const names = [...tables.keys()].map(quoted);
  // What triggers did when these rows were written is in the rows; one keeps the audit log from being emptied.
  for (const name of names) await connection.execute(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
  await connection.execute(`TRUNCATE ${names.join(', ')}`);
  let rows = 0;
  let filled = 0;
  for await (const record of records) {
    if (record.kind !== 'line') throw new BackupProblem('it has rows outside of a table');
    const line = readLine(record.line);
    if (line.kind === 'copy') {
      const table = tables.get(line.table);
      if (table === undefined)
        throw new BackupProblem(`it has a table ${line.table} that is not known`);
      if (line.columns.some((column) => !table.columns.includes(column))) {
        throw new BackupProblem(`its table ${line.table} has columns that are not known`);
      }
      rows += await fill(
        connection,
        copyTarget({ name: line.table, columns: line.columns }),
        records,
      );
      filled += 1;
    } else if (line.kind === 'sequence') {
      await connection.query({
        text: 'SELECT setval($1::regclass, $2::bigint, true)',
        values: [quoted(line.sequence), line.value],
      });
    } else if (line.kind === 'end') {
      if (line.end.rows !== rows || line.end.tables !== filled) {
        throw new BackupProblem('it is not whole: its end tells of more than there is');
      }
      for (const name of names) await connection.execute(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
      return { tables: filled, rows };
    }
  }
  throw new BackupProblem('it is not whole: its end is missing');
}

/** Copies rows up to the mark at their end. The number of rows. */
async function fill(
  connection: DedicatedConnection,
  target: string,
  records: Records,
): Promise<number> {
  const copy = connection.copyIn(`COPY ${target} FROM STDIN`);
  const failed = once(copy, 'error').then(([error]) => Promise.reject(error as Error));
  failed.catch(() => {});
  for (;;) {
    const next = await records.next();
    if (next.done === true) throw new BackupProblem('it is not whole: it ends among rows');
    if (next.value.kind === 'end of rows') break;
    if (next.value.kind !== 'rows') throw new BackupProblem('it has a line among rows');
    if (!copy.write(next.value.bytes)) await Promise.race([once(copy, 'drain'), failed]);
  }
  const finished = once(copy, 'finish');
  copy.end();
  await Promise.race([finished, failed]);
  const { value } = await records.next();
  const counted = value?.kind === 'line' ? readLine(value.line) : null;
  if (counted?.kind !== 'rows' || counted.rows !== copy.rowCount) {
    throw new BackupProblem(`it is not whole: ${target} has ${copy.rowCount} rows`);
  }
  return copy.rowCount;
}

/** Their owners are processes of another place, or gone. Their calls that were under way show as lost. */
async function releaseRuns(connection: DedicatedConnection): Promise<number> {
  await connection.execute(`
    UPDATE runs SET owner = NULL, epoch = epoch + 1, lost_attempts = lost_attempts + 1,
      wake_at = created_at - make_interval(secs => priority)
    WHERE owner IS NOT NULL AND status IN ('accepted', 'running')`);
  const [found] = await connection.query<{ readonly count: number }>(
    "SELECT count(*)::integer AS count FROM runs WHERE status IN ('accepted', 'running', 'waiting')",
  );
  return found?.count ?? 0;
}
