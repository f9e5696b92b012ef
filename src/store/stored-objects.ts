import type { Queryable } from './connect.ts';

// Objects that are to be removed: no row came to name them, or none does any more.

/** Keys whose time has come; each is claimed by another process when it is not settled within the lease. */
export async function claimObjects(
  db: Queryable,
  given: { readonly limit: number; readonly leaseMs: number },
): Promise<readonly string[]> {
  // A key that a row names, as a fork's may, stays.
  await db.execute({
    name: 'stored-objects-spare',
    text: `UPDATE stored_objects SET remove_at = NULL WHERE key IN (
        SELECT o.key FROM stored_objects o WHERE o.remove_at <= clock_timestamp()
          AND EXISTS (SELECT 1 FROM spills s WHERE s.object_key = o.key)
        ORDER BY o.remove_at LIMIT $1 FOR UPDATE SKIP LOCKED)`,
    values: [given.limit],
  });
  const rows = await db.query<{ key: string }>({
    name: 'stored-objects-claim',
    text: `UPDATE stored_objects SET remove_at = clock_timestamp() + make_interval(secs => $2) WHERE key IN (
        SELECT o.key FROM stored_objects o WHERE o.remove_at <= clock_timestamp()
          AND NOT EXISTS (SELECT 1 FROM spills s WHERE s.object_key = o.key)
        ORDER BY o.remove_at LIMIT $1 FOR UPDATE SKIP LOCKED)
      RETURNING key`,
    values: [given.limit, given.leaseMs / 1_000],
  });
  return rows.map(({ key }) => key);
}

/** The object is gone. */
export async function forgetObject(db: Queryable, key: string): Promise<void> {
  await db.execute({
    name: 'stored-object-forget',
    text: 'DELETE FROM stored_objects WHERE key = $1 AND remove_at IS NOT NULL',
    values: [key],
  });
}
