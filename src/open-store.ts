import type { Logger } from './core/logger.ts';
import type { Env } from './env.ts';
import { type Database, type DatabaseSettings, openDatabase } from './store/connect.ts';
import { startEmbeddedPostgres } from './store/embedded/supervisor.ts';
import { migrate } from './store/migrate.ts';

export interface StoreOptions {
  readonly env: Pick<Env, 'databaseUrl' | 'dataDir'>;
  readonly logger: Logger;
  readonly signal?: AbortSignal;
}

export interface OpenedStore {
  readonly db: Database;
  readonly settings: DatabaseSettings;
}

/** The configured database, started if it is the embedded one, with this version's schema. */
export async function openStore(
  options: StoreOptions,
  undo: AsyncDisposableStack,
): Promise<OpenedStore> {
  const opened = await openDatabaseAsItIs(options, undo);
  const applied = await migrate(opened.db);
  if (applied.length > 0) options.logger.info({ migrations: applied }, 'The database was migrated');
  return opened;
}

/** The same, with whatever schema it has. */
export async function openDatabaseAsItIs(
  { env, logger, signal }: StoreOptions,
  undo: AsyncDisposableStack,
): Promise<OpenedStore> {
  let settings: DatabaseSettings;
  if (env.databaseUrl === null) {
    const postgres = await startEmbeddedPostgres({
      dataDir: env.dataDir,
      logger,
      ...(signal === undefined ? {} : { signal }),
    });
    undo.use(postgres);
    settings = { kind: 'embedded', connection: postgres.connection };
  } else {
    settings = { kind: 'url', url: env.databaseUrl };
  }
  const db = undo.use(openDatabase(settings, { max: 20, onIdleError: idleErrorLog(logger) }));
  return { db, settings };
}

export function idleErrorLog(logger: Logger): (error: Error) => void {
  return (error) => logger.warn({ err: error }, 'A database connection was lost');
}
