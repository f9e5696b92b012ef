import { ApiError } from '../../core/errors.ts';
import type { Person } from '../../core/member.ts';
import type { Database } from '../../store/connect.ts';
import { bindIdentity, findPersonByIdentity, readPerson } from '../../store/users.ts';
import type { Identity } from './oidc-client.ts';

/**
 * The member that an identity belongs to: known by its subject, or by a verified address at the first time.
 * Throws `forbidden` for everybody else: nobody becomes a member by signing in.
 */
export async function personOf(db: Database, identity: Identity): Promise<Person> {
  const known = await findPersonByIdentity(db, identity);
  if (known !== null) return known;
  const { issuer, subject, email } = identity;
  const userId = email === null ? null : await bindIdentity(db, { issuer, subject, email });
  const person = userId === null ? null : await readPerson(db, userId);
  if (person !== null) return person;
  throw new ApiError(
    'forbidden',
    'You are known to the issuer, but are no member of a workspace here. Ask an owner to add your address.',
  );
}
