import { ApiError } from '../../core/errors.ts';
import { normalizedEmail } from '../../core/member.ts';
import { hashTokenSecret } from '../../core/token-secret.ts';
import type { Database } from '../../store/connect.ts';
import {
  acceptInvitation,
  findPassword,
  hasInvitation,
  replacePassword,
} from '../../store/users.ts';
import type { Caller } from '../caller.ts';
import { hashPassword, isPassword } from './passwords.ts';
import { endTries, takeTry } from './try-gate.ts';

// The rules of passwords: every use of one is a try, and a wrong address takes as long as a wrong password.

/** Where a try comes from; null when that is not known. */
type Address = string | null;

/**
 * Lets the account begin what `begin` does, when the password is its own. Throws `unauthenticated` and
 * `rate_limited`.
 */
export async function withPassword<T>(
  db: Database,
  given: { readonly email: string; readonly password: string; readonly address: Address },
  begin: (userId: string) => Promise<T>,
): Promise<T> {
  const email = normalizedEmail(given.email) ?? '';
  await takeTry(db, { email, address: given.address });
  const found = email === '' ? null : await findPassword(db, { email });
  if (!(await isPassword(given.password, found?.passwordHash ?? null)) || found === null) {
    throw new ApiError('unauthenticated', 'The address or the password is wrong.');
  }
  const begun = await begin(found.userId);
  await endTries(db, email);
  return begun;
}

/** Sets the password of whom the invitation was for: their id. Throws `unauthenticated` and `rate_limited`. */
export async function setInvitedPassword(
  db: Database,
  given: { readonly invitation: string; readonly password: string; readonly address: Address },
): Promise<string> {
  await takeTry(db, { email: null, address: given.address });
  const invitationHash = hashTokenSecret(given.invitation);
  // Hashing takes a while: not for whoever asks.
  const userId = (await hasInvitation(db, invitationHash))
    ? await acceptInvitation(db, {
        invitationHash,
        passwordHash: await hashPassword(given.password),
      })
    : null;
  if (userId !== null) return userId;
  throw new ApiError(
    'unauthenticated',
    'The invitation is unknown, was used, or is too old. Ask an owner for another one.',
  );
}

/** Changes the caller's own. Throws `forbidden`, `conflict` and `rate_limited`. */
export async function changeOwnPassword(
  db: Database,
  caller: Caller,
  given: { readonly current: string; readonly next: string; readonly address: Address },
): Promise<void> {
  const { sessionHash } = caller;
  if (caller.kind !== 'person' || sessionHash === undefined) {
    throw new ApiError('forbidden', 'Only people who are signed in have a password to change.');
  }
  const found = await findPassword(db, { userId: caller.id });
  if (found === null) {
    throw new ApiError('conflict', 'The account has no password: it signs in by OpenID Connect.');
  }
  await takeTry(db, { email: caller.name, address: given.address });
  if (!(await isPassword(given.current, found.passwordHash))) {
    throw new ApiError('forbidden', 'The current password is wrong.');
  }
  const changed = await replacePassword(db, {
    userId: caller.id,
    formerHash: found.passwordHash,
    passwordHash: await hashPassword(given.next),
    keepSession: sessionHash,
  });
  if (!changed) throw new ApiError('conflict', 'The password was changed meanwhile.');
  await endTries(db, caller.name);
}
