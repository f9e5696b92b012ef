import { ApiError } from '../../core/errors.ts';
import type { Queryable } from '../../store/connect.ts';
import { countTry, forgetTries } from '../../store/sign-in-tries.ts';

// Two limits on tries to sign in: for the account, known or not, so that nothing is learnt from being
// locked out; and for where the tries come from. An account that others lock out can still be entered by
// OpenID Connect and by sessions that are open.

const windowS = 15 * 60;
const perAccount = 10;
const perAddress = 100;

/** Counts a try. Throws `rate_limited` when there were too many. */
export async function takeTry(
  db: Queryable,
  from: { readonly email: string | null; readonly address: string | null },
): Promise<void> {
  const limits = [
    ...(from.address === null
      ? []
      : [{ of: `from ${networkOf(from.address)}`, max: perAddress, windowS }]),
    ...(from.email === null ? [] : [{ of: `to ${from.email}`, max: perAccount, windowS }]),
  ];
  for (const limit of limits) {
    const retryAfterS = await countTry(db, limit);
    if (retryAfterS === null) continue;
    throw new ApiError(
      'rate_limited',
      `Too many tries to sign in. Try again in ${Math.ceil(retryAfterS / 60)} minutes.`,
      { retryAfterS },
    );
  }
}

/** What failed before counts no more for an account whose password was right. */
export async function endTries(db: Queryable, email: string): Promise<void> {
  await forgetTries(db, `to ${email}`);
}

/** Who has one IPv6 address has the 2^64 beside it. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
