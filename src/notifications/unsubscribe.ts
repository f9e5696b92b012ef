import { ApiError } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import { isSameSecret } from '../core/is-same-secret.ts';
import { signLink } from '../core/link-signature.ts';
import type { Database } from '../store/connect.ts';
import { lockPreference, updatePreference } from '../store/notification-preferences.ts';

// The link at the end of a message, by which it is switched off without signing in. Its key is a signature of the
// preference, and it is good as long as the preference is there.

/** The part of the URL that stands for a preference. */
export function unsubscribeToken(cursorKey: Buffer, preferenceId: string): string {
  const link = { purpose: 'unsubscribe', names: [preferenceId], expires: null };
  return `${preferenceId}-${signLink(cursorKey, link)}`;
}

/** Switches the preference off, however often. Throws `not_found` for what is no such token. */
export async function unsubscribe(
  { db, cursorKey }: { readonly db: Database; readonly cursorKey: Buffer },
  token: string,
): Promise<{ readonly email: string }> {
  const id = token.slice(0, token.indexOf('-'));
  if (!isId(id) || !isSameSecret(token, unsubscribeToken(cursorKey, id))) throw noLink();
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
