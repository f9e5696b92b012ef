import type { Queryable } from './connect.ts';

export interface RateCount {
  readonly key: string;
  /** Seconds since 1970. */
  readonly second: number;
  readonly n: number;
}

/** Adds to what all processes have counted, and gives what they have by then of these keys since a second. */
export async function addRateCounts(
  db: Queryable,
  counts: readonly RateCount[],
  sinceS: number,
): Promise<readonly RateCount[]> {
  // In one order everywhere, so that processes do not wait for each other crosswise.
  await db.execute({
    name: 'rate-counts-add',
    text: `INSERT INTO rate_counts AS c (key, second, n)
      SELECT * FROM unnest($1::text[], $2::bigint[], $3::int[]) AS u (key, second, n) ORDER BY key, second
      ON CONFLICT (key, second) DO UPDATE SET n = c.n + excluded.n`,
    values: [
      counts.map(({ key }) => key),
      counts.map(({ second }) => second),
      counts.map(({ n }) => n),
    ],
  });
  return await db.query<RateCount>({
    name: 'rate-counts-read',
    text: 'SELECT key, second, n FROM rate_counts WHERE key = ANY ($1) AND second > $2',
    values: [[...new Set(counts.map(({ key }) => key))], sinceS],
  });
}

/** Deletes what no window reaches any more. */
export async function sweepRateCounts(db: Queryable): Promise<number> {
  return await db.execute(
    'DELETE FROM rate_counts WHERE second < extract(epoch FROM clock_timestamp())::bigint - 120',
  );
}
