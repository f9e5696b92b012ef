import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { Logger } from './core/logger.ts';
import { createSecretBox } from './core/secret-box.ts';
import type { Env } from './env.ts';
import { installationKeys } from './installation-key.ts';
import { openDatabaseAsItIs, requireSameKey } from './open-store.ts';
import { type RestoredBackup, restoreBackup } from './store/backup/restore-backup.ts';

/**
 * Restores a backup (compressed or not) into the configured database, which must be empty, while no server uses
 * it. The secret key must be that of the installation it was taken from. Throws in plain words; then the database
 * is as it was.
 */
export async function restore(given: {
  readonly env: Env;
  readonly logger: Logger;
  readonly file: string;
  readonly signal: AbortSignal;
}): Promise<RestoredBackup> {
  const { env, logger, file, signal } = given;
  if (env.secretKey === null && !existsSync(join(env.dataDir, 'secret-key'))) {
    throw new Error(
      'A backup needs the secret key of the installation it was taken from: set SIGNALBOX_SECRET_KEY to it, or put that installation’s file secret-key into the data directory.',
    );
  }
  const keys = installationKeys(env, false);
  const box = createSecretBox(keys.current, keys.former);
  const source = await openBackup(file);
  await using undo = new AsyncDisposableStack();
  const { db } = await openDatabaseAsItIs({ env, logger, signal }, undo);
  try {
    return await restoreBackup(db, source, (tx) => requireSameKey(tx, box));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${file} cannot be restored: ${reason}`, { cause: error });
  } finally {
    source.destroy();
  }
}

async function openBackup(file: string) {
  const bytes = createReadStream(file);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  bytes.once('readable', resolve).once('error', reject).once('end', resolve);
  await promise;
  const start: Buffer | null = bytes.read(2);
  if (start !== null) bytes.unshift(start);
  if (start?.[0] !== 0x1f || start[1] !== 0x8b) return bytes;
  const plain = createGunzip();
  bytes.on('error', (error) => plain.destroy(error));
  return bytes.pipe(plain);
}
