import { createSecretBox } from './core/secret-box.ts';
import { type Env, InvalidEnv } from './env.ts';
import { forgetFormerKeyFile, installationKeys, replaceKeyFile } from './installation-key.ts';
import { createLogger } from './logger.ts';
import { openStore } from './open-store.ts';
import { resealAll } from './store/sealed-texts.ts';

/**
 * Brings all secrets under the current key. A key that is a file is replaced first, unless a change of it was
 * begun before; the server must not run then. Safe to repeat after a crash at any point. Throws `InvalidEnv` when
 * there is no former key to come from.
 */
export async function rotateSecretKey(
  env: Env,
  print: (line: string) => void,
): Promise<{ readonly ok: boolean }> {
  await using undo = new AsyncDisposableStack();
  const logger = createLogger(env.logLevel);
  const opened = await openStore({ env, logger }, undo);
  let { keys } = opened;
  if (keys.isFile && keys.former.length === 0) {
    replaceKeyFile(env.dataDir);
    keys = installationKeys(env, false);
    print('A new key is in the file secret-key; the former one is in secret-key.former.');
  }
  if (keys.former.length === 0) {
    throw new InvalidEnv(
      'There is no former key. Set SIGNALBOX_SECRET_KEY to the new key and SIGNALBOX_OLD_SECRET_KEYS to the one before (docs/secrets.md).',
    );
  }
  const ring = createSecretBox(keys.current, keys.former);
  const { changed, unopened } = await resealAll(opened.db, ring, (count) =>
    print(`${count} secrets are under the new key`),
  );
  print(`Done: ${changed} secrets were brought under the key ${ring.keyId}.`);
  for (const [column, count] of unopened) {
    print(
      `${count} texts in ${column} look sealed, and open with none of the keys. They were left.`,
    );
  }
  if (keys.isFile && unopened.size === 0) forgetFormerKeyFile(env.dataDir);
  if (!keys.isFile) print('When every server runs with the new key, the former one can go.');
  return { ok: unopened.size === 0 };
}
