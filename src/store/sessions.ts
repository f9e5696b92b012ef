import type { Credential } from '../core/token.ts';
import type { Queryable } from './connect.ts';
import { readCredential } from './tokens.ts';

// Only hashes of the cookies are here. Expiry is judged by the database's clock.

/** Stores a session of a token. Gives the time at which it ends, the token's own end at the latest. */
export async function createSession(
  db: Queryable,
  session: { readonly secretHash: Buffer; readonly tokenId: string; readonly lifetimeS: number },
): Promise<Date> {
  const [row] = await db.query<{ expires_at: Date }>({
    text: `INSERT INTO sessions (secret_hash, token_id, expires_at)
      SELECT $1, t.id, least(clock_timestamp() + make_interval(secs => $3), t.expires_at)
      FROM tokens t WHERE t.id = $2 RETURNING expires_at`,
    values: [session.secretHash, session.tokenId, session.lifetimeS],
  });
  if (row === undefined) throw new Error('A session was made for a token that is not there.');
  return row.expires_at;
}

/** Whom a session stands for: its token's rights as they are now. Null when it or its token is over. */
export async function findSession(db: Queryable, secretHash: Buffer): Promise<Credential | null> {
  const [row] = await db.query<{ token_id: string }>({
    name: 'find_session',
    text: `SELECT token_id FROM sessions WHERE secret_hash = $1 AND expires_at > clock_timestamp()`,
    values: [secretHash],
  });
  return row === undefined ? null : await readCredential(db, row.token_id);
}

/** Ends a session at once. */
export async function deleteSession(db: Queryable, secretHash: Buffer): Promise<void> {
  await db.execute({ text: 'DELETE FROM sessions WHERE secret_hash = $1', values: [secretHash] });
}

/** Removes what has expired. */
export function sweepSessions(db: Queryable): Promise<number> {
  return db.execute('DELETE FROM sessions WHERE expires_at <= clock_timestamp()');
}
