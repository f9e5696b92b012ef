import { createHash } from 'node:crypto';
import type { Queryable } from './connect.ts';

// Tries to sign in, counted in the database, so that the limit is one over all processes. A try is counted
// before it is judged: many at once gain nothing.

export interface TryLimit {
  /** What is counted: an account's address or where the request came from. */
  readonly of: string;
  readonly max: number;
  readonly windowS: number;
}

/** Counts a try. The seconds until the next one is taken, or null when this one is. */
export async function countTry(db: Queryable, limit: TryLimit): Promise<number | null> {
  const [row] = await db.query<{ tries: number; left_s: number }>({
    name: 'count_sign_in_try',
    text: `INSERT INTO sign_in_tries AS t (key, tries, first_at) VALUES ($1, 1, clock_timestamp())
      ON CONFLICT (key) DO UPDATE SET
        tries = CASE WHEN t.first_at <= clock_timestamp() - make_interval(secs => $2) THEN 1
          ELSE least(t.tries + 1, $3::integer + 1) END,
        first_at = CASE WHEN t.first_at <= clock_timestamp() - make_interval(secs => $2)
          THEN clock_timestamp() ELSE t.first_at END
      RETURNING tries, ceil(extract(epoch FROM first_at - clock_timestamp()) + $2)::integer AS left_s`,
    values: [keyOf(limit.of), limit.windowS, limit.max],
  });
  if (row === undefined || row.tries <= limit.max) return null;
  return Math.max(1, row.left_s);
}

/** Forgets the tries after one that succeeded. */
export async function forgetTries(db: Queryable, of: string): Promise<void> {
  await db.execute({ text: 'DELETE FROM sign_in_tries WHERE key = $1', values: [keyOf(of)] });
}

/** Removes what counts no more. */
export function sweepTries(db: Queryable): Promise<number> {
  return db.execute(
    `DELETE FROM sign_in_tries WHERE first_at <= clock_timestamp() - interval '1 day'`,
  );
}

function keyOf(of: string): Buffer {
  return createHash('sha256').update(of).digest();
}
