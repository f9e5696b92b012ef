import type { Logger } from './core/logger.ts';
import { createSecretBox, type KeyRing, SecretBoxError } from './core/secret-box.ts';
import type { Env } from './env.ts';
import { derivedKey, type InstallationKeys, installationKeys } from './installation-key.ts';
import {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type Queryable,
} from './store/connect.ts';
import type { DatabaseSettings } from './store/connect-session.ts';
import { startEmbeddedPostgres } from './store/embedded/supervisor.ts';
import { migrate } from './store/migrate.ts';
import { readEarlySetting, settleSetting } from './store/settings.ts';

// Database and keys, which every process of the server begins with. A key that is not the database's is
// refused before anything is written.

export interface OpenedStore {
  readonly db: Database;
  readonly settings: DatabaseSettings;
  readonly keys: InstallationKeys;
  readonly secretBox: KeyRing;
  /** Signs cursors; the same over processes, restarts and changes of the secret key. */
  readonly cursorKey: Buffer;
}

interface StoreOptions {
  readonly onSlow?: DatabaseOptions['onSlow'];
  readonly env: Env;
  readonly logger: Logger;
  readonly signal?: AbortSignal;
}

/** Opens the database, starting it where it is ours, holds the keys against it, and migrates it. */
export async function openStore(
  options: StoreOptions,
  undo: AsyncDisposableStack,
): Promise<OpenedStore> {
  const { env, logger } = options;
  const { db, settings } = await openDatabaseAsItIs(options, undo);
  const check = await readEarlySetting(db, keyCheck);
  const keys = installationKeys(env, check === null);
  const secretBox = createSecretBox(keys.current, keys.former);
  requireOpens(check, secretBox);
  const applied = await migrate(db);
  if (applied.length > 0) logger.info({ migrations: applied }, 'The database was migrated');
  // Of two first starts with different keys one comes second.
  await requireSameKey(db, secretBox);
  return { db, settings, keys, secretBox, cursorKey: await settledCursorKey(db, secretBox, keys) };
}

/** The configured database, started if it is the embedded one, with whatever schema it has. */
export async function openDatabaseAsItIs(
  {
    env,
    logger,
    signal,
    onSlow,
  }: Omit<StoreOptions, 'env'> & {
    readonly env: Pick<Env, 'databaseUrl' | 'dataDir'>;
  },
  undo: AsyncDisposableStack,
): Promise<{ readonly db: Database; readonly settings: DatabaseSettings }> {
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
  const db = undo.use(
    openDatabase(settings, {
      max: 20,
      onIdleError: idleErrorLog(logger),
      ...(onSlow === undefined ? {} : { onSlow }),
    }),
  );
  return { db, settings };
}

/** Throws unless the database was made with a key of the box; a new one is made with its current key. */
export async function requireSameKey(db: Queryable, box: KeyRing): Promise<void> {
  requireOpens(await settleSetting(db, keyCheck, box.seal('signalbox')), box);
}

export function idleErrorLog(logger: Logger): (error: Error) => void {
  return (error) => logger.warn({ err: error }, 'A database connection was lost');
}

const keyCheck = 'secret_key_check';

function requireOpens(sealed: string | null, box: KeyRing): void {
  if (sealed === null) return;
  try {
    box.open(sealed);
  } catch (cause) {
    if (!(cause instanceof SecretBoxError)) throw cause;
    throw new Error(
      'The secret key is not the one this database was made with. Set SIGNALBOX_SECRET_KEY to that key, or restore the file secret-key in the data directory. To change the key, give the former one in SIGNALBOX_OLD_SECRET_KEYS (docs/secrets.md).',
      { cause },
    );
  }
}

/** The first key's, kept: cursors and the names of cookies outlive a change of the secret key. */
async function settledCursorKey(
  db: Database,
  box: KeyRing,
  keys: InstallationKeys,
): Promise<Buffer> {
  const own = derivedKey(keys.former.at(-1) ?? keys.current, 'cursors').toString('base64');
  return Buffer.from(box.open(await settleSetting(db, 'cursor_key', box.seal(own))), 'base64');
}
