import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Database, DedicatedConnection, Queryable } from './connect.ts';
import { assertUsableServer } from './server-check.ts';

// Numbered, forward-only migrations. Each is applied in one transaction with its row in
// `schema_migrations`; an advisory lock lets any number of processes start at once.

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

export interface MigrateOptions {
  /** Default: the migrations of this version of Signalbox. */
  readonly directory?: string;
  /** Told when the database knows migrations that this version does not. */
  readonly onNewerDatabase?: (message: string) => void;
}

interface AppliedRow {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/** "signalbox" as the key of the advisory lock. */
const lockKey = 7_309_453_671;

const tableSql = `
  CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
  )`;

/**
 * Brings the database to this version's schema. Returns the names of the migrations it applied.
 * A newer database is left as it is, so that old processes can go on during a rolling upgrade.
 * Throws when the server is unusable, when a migration that was applied reads differently now, or when
 * one fails.
 */
export async function migrate(db: Database, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = await readMigrations(options.directory);
  await assertUsableServer(db);
  await using connection = await db.connect({
    applicationName: 'signalbox migrate',
    statementTimeoutMs: 0,
    transactionTimeoutMs: 0,
  });
  await connection.query({ text: 'SELECT pg_advisory_lock($1)', values: [lockKey] });
  await connection.execute(tableSql);
  const applied = await connection.query<AppliedRow>(
    'SELECT version, name, checksum FROM schema_migrations ORDER BY version',
  );
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  for (const row of applied) assertUnchanged(row, known.get(row.version));
  const newer = applied.filter((row) => !known.has(row.version));
  if (newer.length > 0) options.onNewerDatabase?.(newerMessage(newer, migrations));

  const done = new Set(applied.map((row) => row.version));
  const pending = migrations.filter((migration) => !done.has(migration.version));
  for (const migration of pending) await apply(connection, migration);
  return pending.map((migration) => migration.name);
}

/** Applies migrations to a database without any, in a transaction of the caller's. */
export async function migrateEmpty(tx: Queryable, migrations: readonly Migration[]): Promise<void> {
  await tx.execute(tableSql);
  for (const migration of migrations) await applyIn(tx, migration);
}

async function applyIn(tx: Queryable, migration: Migration): Promise<void> {
  await tx.execute(migration.sql);
  await tx.execute({
    text: 'INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)',
    values: [migration.version, migration.name, migration.checksum],
  });
}

async function apply(connection: DedicatedConnection, migration: Migration): Promise<void> {
  await connection.execute('BEGIN');
  try {
    await applyIn(connection, migration);
    await connection.execute('COMMIT');
  } catch (cause) {
    await connection.execute('ROLLBACK').catch(() => {});
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Migration ${migration.name} failed and was rolled back: ${reason}`, { cause });
  }
}

/** The migrations of a directory (this version's, by default) in order; numbers may have gaps. Throws on names that are not `NNNN-name.sql`, and on doubles. */
export async function readMigrations(directory = migrationsDirectory()): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  const migrations: Migration[] = [];
  for (const file of files) {
    const match = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(file);
    const version = Number(match?.[1]);
    const before = migrations.at(-1)?.version ?? 0;
    if (match === null || version <= before) {
      throw new Error(
        `Migration ${file} in ${directory} should be named NNNN-….sql with a number of its own.`,
      );
    }
    const sql = (await readFile(`${directory}/${file}`, 'utf8')).replaceAll('\r\n', '\n');
    const checksum = createHash('sha256').update(sql).digest('hex');
    migrations.push({ version, name: file.slice(0, -'.sql'.length), sql, checksum });
  }
  return migrations;
}

function migrationsDirectory(): string {
  return fileURLToPath(new URL('./migrations', import.meta.url));
}

function assertUnchanged(row: AppliedRow, migration: Migration | undefined): void {
  if (migration === undefined || migration.checksum === row.checksum) return;
  throw new Error(
    `Migration ${migration.name} was changed after it was applied to this database (as ${row.name}). ` +
      'Restore the file as it was, and put the change into a new migration.',
  );
}

function newerMessage(newer: readonly AppliedRow[], known: readonly Migration[]): string {
  const names = newer.map((row) => row.name).join(', ');
  return (
    `The database is newer than this version of Signalbox: it has ${names}, this version ends at ` +
    `${known.at(-1)?.name ?? 'none'}. It works while both versions agree on the schema; upgrade soon.`
  );
}
