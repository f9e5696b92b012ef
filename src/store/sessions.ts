import type { Person } from '../core/member.ts';
import type { Credential } from '../core/token.ts';
import type { Queryable } from './connect.ts';
import { readCredential } from './tokens.ts';
import { readPerson } from './users.ts';

// Only hashes of the cookies are here. Expiry is judged by the database's clock.

export type SessionOwner = { readonly tokenId: string } | { readonly userId: string };

/** Stores a session. Gives the time at which it ends, at the latest when its token does. */
export async function createSession(
  db: Queryable,
  session: {
    readonly secretHash: Buffer;
    readonly owner: SessionOwner;
    readonly lifetimeS: number;
  },
): Promise<Date> {
  const { owner } = session;
  const [row] = await db.query<{ expires_at: Date }>({
    text:
      'tokenId' in owner
        ? `INSERT INTO sessions (secret_hash, token_id, expires_at)
            SELECT $1, t.id, least(clock_timestamp() + make_interval(secs => $3), t.expires_at)
            FROM tokens t WHERE t.id = $2 RETURNING expires_at`
        : `INSERT INTO sessions (secret_hash, user_id, expires_at)
            SELECT $1, u.id, clock_timestamp() + make_interval(secs => $3)
            FROM users u WHERE u.id = $2 RETURNING expires_at`,
    values: [
      session.secretHash,
      'tokenId' in owner ? owner.tokenId : owner.userId,
      session.lifetimeS,
    ],
  });
  if (row === undefined) throw new Error('A session was made for somebody who is not there.');
  return row.expires_at;
}

/** Whom a session stands for, with the rights of now. Null when it, its token or its person is over. */
export async function findSession(
  db: Queryable,
  secretHash: Buffer,
): Promise<{ readonly token: Credential } | { readonly person: Person } | null> {
  const [row] = await db.query<{ token_id: string | null; user_id: string | null }>({
    name: 'find_session',
    text: `SELECT token_id, user_id FROM sessions WHERE secret_hash = $1 AND expires_at > clock_timestamp()`,
    values: [secretHash],
  });
  if (row === undefined) return null;
  if (row.token_id !== null) {
    const token = await readCredential(db, row.token_id);
    return token === null ? null : { token };
  }
  const person = row.user_id === null ? null : await readPerson(db, row.user_id);
  return person === null ? null : { person };
}

/** Ends a session at once. */
export async function deleteSession(db: Queryable, secretHash: Buffer): Promise<void> {
  await db.execute({ text: 'DELETE FROM sessions WHERE secret_hash = $1', values: [secretHash] });
}

/** Removes what has expired. */
export function sweepSessions(db: Queryable): Promise<number> {
  return db.execute('DELETE FROM sessions WHERE expires_at <= clock_timestamp()');
}
