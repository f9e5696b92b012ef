import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type Database, type DatabaseOptions, openDatabase } from '../../src/store/connect.ts';
import type { DatabaseSettings, EmbeddedConnection } from '../../src/store/connect-session.ts';
import { socketUrl } from '../../src/store/embedded/socket-url.ts';
import { migrate } from '../../src/store/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The test run's Postgres, started by database-setup.ts. */
    postgres: EmbeddedConnection;
  }
}

export const templateDatabase = 'signalbox_template';

export interface TestDatabase extends AsyncDisposable {
  readonly db: Database;
  readonly connection: EmbeddedConnection;
  /** For a second pool on the same database. */
  readonly settings: DatabaseSettings;
  /** For a process that is given `DATABASE_URL`. */
  readonly url: string;
}

/** A fresh database with all migrations and no rows, dropped when disposed. */
export async function createTestDatabase(options: DatabaseOptions = {}): Promise<TestDatabase> {
  const database = await createDatabase(`TEMPLATE ${templateDatabase}`);
  return { ...database, ...withPool(database, options) };
}

/** A fresh database without any table. */
export async function createEmptyDatabase(options: DatabaseOptions = {}): Promise<TestDatabase> {
  const database = await createDatabase('TEMPLATE template0');
  return { ...database, ...withPool(database, options) };
}

/** As `createTestDatabase`, in a locale that knows no letters but A to Z. */
export async function createPlainLocaleDatabase(): Promise<TestDatabase> {
  const clause = `TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'`;
  const database = await createDatabase(clause);
  const pool = withPool(database, {});
  await migrate(pool.db);
  return { ...database, ...pool };
}

type Created = Omit<TestDatabase, 'db' | typeof Symbol.asyncDispose>;

async function createDatabase(clause: string): Promise<Created> {
  const server = inject('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} ${clause}`);
  const connection = { ...server, database: name };
  return {
    connection,
    settings: { kind: 'embedded', connection },
    url: socketUrl(connection),
  };
}

function withPool(
  created: Created,
  options: DatabaseOptions,
): Pick<TestDatabase, 'db' | typeof Symbol.asyncDispose> {
  const db = openDatabase(created.settings, { max: 5, ...options });
  return {
    db,
    [Symbol.asyncDispose]: async () => {
      await db[Symbol.asyncDispose]();
      await onServer(`DROP DATABASE ${created.connection.database} WITH (FORCE)`);
    },
  };
}

async function onServer(sql: string): Promise<void> {
  await using server = openDatabase(
    { kind: 'embedded', connection: inject('postgres') },
    { max: 1 },
  );
  await server.execute(sql);
}
