import { createHmac } from 'node:crypto';
import { ApiError } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import { isSameSecret } from '../core/is-same-secret.ts';
import type { Database } from '../store/connect.ts';
import { lockPreference, updatePreference } from '../store/notification-preferences.ts';

// The link at the end of a message, by which it is switched off without signing in. Its key is a signature of the
// preference under a key of the installation: nothing is stored, and no other one can be made of it.

/** Made of the key that signs cursors, which is the same over restarts and processes. */
export type UnsubscribeKey = Buffer;

export function unsubscribeKey(cursorKey: Buffer): UnsubscribeKey {
  return createHmac('sha256', cursorKey).update('unsubscribe').digest();
}

/** The part of the URL that stands for a preference. */
export function unsubscribeToken(key: UnsubscribeKey, preferenceId: string): string {
  return `${preferenceId}-${createHmac('sha256', key).update(preferenceId).digest('base64url')}`;
}

/** Switches the preference off, however often. Throws `not_found` for what is no such token. */
export async function unsubscribe(
  db: Database,
  key: UnsubscribeKey,
  token: string,
): Promise<{ readonly email: string }> {
  const id = token.slice(0, token.indexOf('-'));
  if (!isId(id) || !isSameSecret(token, unsubscribeToken(key, id))) throw noLink();
  return await db.transaction(async (tx) => {
    const preference = await lockPreference(tx, 'all', id);
    if (preference === null) throw noLink();
    await updatePreference(tx, id, { ...preference, enabled: false });
    return { email: preference.user.email };
  });
}

function noLink(): ApiError {
  return new ApiError('not_found', 'This link leads nowhere: what it was for is gone.');
}
