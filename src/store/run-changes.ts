import type { Run } from '../core/run.ts';
import type { Queryable } from './connect.ts';

/**
 * When each of these runs last changed, by run id: its end, else its latest journal entry, else its start.
 * Whoever asks has read the runs in their scope.
 */
export async function readLastChanges(
  db: Queryable,
  runs: readonly Run[],
): Promise<ReadonlyMap<string, Date>> {
  const changes = new Map(
    runs.map((run) => [run.id, run.completedAt ?? run.startedAt ?? run.createdAt]),
  );
  const open = runs.filter((run) => run.completedAt === null && run.lastSeq > 0);
  if (open.length === 0) return changes;
  const rows = await db.query<{ run_id: string; created_at: Date }>({
    name: 'read_last_changes',
    text: `SELECT j.run_id, j.created_at FROM unnest($1::text[], $2::int[]) AS latest (run_id, seq)
      JOIN journal j ON j.run_id = latest.run_id AND j.seq = latest.seq`,
    values: [open.map((run) => run.id), open.map((run) => run.lastSeq)],
  });
  for (const row of rows) changes.set(row.run_id, row.created_at);
  return changes;
}
