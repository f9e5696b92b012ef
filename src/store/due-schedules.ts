import type { ScheduledRun } from '../core/scheduled-run.ts';
import { toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';
import { type ScheduledRow, selectScheduled, toScheduledRun } from './scheduled-runs.ts';

// Scheduled runs that are due. A claim commits before anything fires: from then on it cannot be edited or
// cancelled, so what a firing is repeated with after a crash is what it was fired with.

/** A scheduled run that is to fire now. */
export interface DueSchedule extends ScheduledRun {
  /** Of its firing. */
  readonly depth: number;
}

/** When the first one is due; null when there is none. */
export async function nextScheduleDue(db: Queryable): Promise<Date | null> {
  const [row] = await db.query<{ due_at: Date | null }>({
    name: 'scheduled-next',
    text: "SELECT min(due_at) AS due_at FROM scheduled_runs WHERE status = 'scheduled'",
  });
  return row?.due_at ?? null;
}

/**
 * Claims what is due, and what was claimed and not settled for `leaseMs`; nobody else gets these until then.
 * The longest due first.
 */
export async function claimSchedules(
  db: Queryable,
  claim: { readonly now: Date; readonly leaseMs: number; readonly limit: number },
): Promise<DueSchedule[]> {
  const claimed = await db.query<{ id: string }>({
    name: 'scheduled-claim',
    text: `UPDATE scheduled_runs SET is_claimed = true,
        due_at = $1::timestamptz + make_interval(secs => $2 / 1000.0)
      WHERE id IN (
        SELECT id FROM scheduled_runs WHERE status = 'scheduled' AND due_at <= $1
        ORDER BY due_at, id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
      RETURNING id`,
    values: [claim.now, claim.leaseMs, claim.limit],
  });
  if (claimed.length === 0) return [];
  const rows = await db.query<ScheduledRow & { depth: number }>({
    name: 'scheduled-claimed',
    text: `${selectScheduled.replace('SELECT', 'SELECT s.depth,')} WHERE s.id = ANY ($1) ORDER BY s.scheduled_for, s.id`,
    values: [claimed.map((row) => row.id)],
  });
  return rows.map((row) => ({ ...toScheduledRun(row), depth: row.depth }));
}

/** Notes what came of those that fired, by the events that their once-only keys stand for. */
export async function settleFired(db: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.execute({
    name: 'scheduled-fired',
    text: `UPDATE scheduled_runs s SET status = 'fired', fired_at = e.created_at, run_id = e.run_id,
        trigger_event_id = e.id, updated_at = clock_timestamp()
      FROM trigger_events e
      WHERE s.id = ANY ($1) AND s.status = 'scheduled'
        AND e.workspace_id = s.workspace_id AND e.once_key = 'schedule:' || s.id`,
    values: [ids],
  });
}

/** Notes why one cannot fire. */
export async function settleFailed(
  db: Queryable,
  failed: { readonly id: string; readonly reason: string },
): Promise<void> {
  await db.execute({
    name: 'scheduled-failed',
    text: `UPDATE scheduled_runs SET status = 'failed', reason = $2, updated_at = clock_timestamp()
      WHERE id = $1 AND status = 'scheduled'`,
    values: [failed.id, toStorableText(failed.reason)],
  });
}
