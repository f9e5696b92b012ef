import type { Database } from '../../src/store/connect.ts';
import { strideOf } from './stored-runs.ts';

/** Reservations of one workspace, one arriving a minute, of as many listings as the stride; one in each stride was cancelled. */
export async function storeRecords(
  db: Database,
  given: { readonly workspaceId: string; readonly count: number },
): Promise<void> {
  await db.execute({
    text: `INSERT INTO records (id, workspace_id, kind, source, external_id, data, version, source_hash, rev, at, f1, f2)
      SELECT 're' || substr(md5(n::text), 1, 30), $1, 'reservations', 'pms', 'e' || n,
        json_build_object('status', status, 'listing_id', 'l' || n % $3::int, 'confirmation_code', 'C' || n,
          'num_nights', 1 + n % 9, 'guest', json_build_object('first_name', 'Ada', 'last_name', 'Example'))::text,
        1, md5(n::text), 1, '2026-01-01'::timestamptz + make_interval(mins => n), status, 'l' || n % $3::int
      FROM (SELECT n, CASE WHEN n % $3::int = 7 THEN 'cancelled' ELSE 'confirmed' END AS status
        FROM generate_series(0, $2 - 1) AS n) AS made`,
    values: [given.workspaceId, given.count, strideOf(given.count)],
  });
  await db.execute('VACUUM ANALYZE records');
}
