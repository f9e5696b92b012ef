import type { Queryable } from './connect.ts';

/**
 * Makes a waiting run due: what it waits for has come. A run that is driven right now and about to wait
 * is due as soon as it does, so a wake-up is never lost; one that comes for nothing costs a look. Belongs in
 * the transaction that decides. False: the run does not exist, has not begun, or has ended.
 */
export async function wakeRun(db: Queryable, runId: string): Promise<boolean> {
  const woken = await db.execute({
    name: 'run-wake',
    text: wakeSql('= $1'),
    values: [runId],
  });
  return woken > 0;
}

/** The same as a statement over the runs whose `id` that condition names, for a statement that decides. */
export function wakeSql(condition: string): string {
  return `UPDATE runs SET wake_at = least(wake_at, clock_timestamp())
          WHERE id ${condition} AND status IN ('running', 'waiting')`;
}
