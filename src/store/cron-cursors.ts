import type { Trigger } from '../core/agent.ts';
import type { Queryable } from './connect.ts';

// Where each live cron trigger stands. A claim is a lease of a few seconds: it sets the time to look again
// ahead, holds no lock, and is given back by the advance. Whoever comes back from it too late fires what is
// known to have fired (the event's once-only key), and finds its advance refused (`revision`).

export interface CronCursor {
  readonly triggerId: string;
  readonly agentId: string;
  readonly workspaceId: string;
  readonly expression: string;
  readonly timezone: string;
  readonly jitterMs: number;
  readonly catchUp: 'skip' | 'latest' | 'all';
  readonly overlap: 'allow' | 'skip' | 'queue';
  /** Ticks up to this one are done with. */
  readonly afterTick: Date;
  readonly revision: number;
}

/** How far a claimed cursor has come. */
export interface CursorAdvance {
  readonly triggerId: string;
  readonly revision: number;
  readonly afterTick: Date;
  readonly dueAt: Date;
}

interface CursorRow {
  readonly trigger_id: string;
  readonly agent_id: string;
  readonly workspace_id: string;
  readonly expression: string;
  readonly timezone: string;
  readonly jitter_ms: number;
  readonly catch_up: CronCursor['catchUp'];
  readonly overlap: CronCursor['overlap'];
  readonly after_tick: Date;
  readonly revision: number;
}

/**
 * Gives the live cron triggers of an agent their cursors, and no other. One that is new, or whose ticks
 * are others now, begins at this moment; ticks of before are nobody's. In the transaction that saves them.
 */
export async function keepCronCursors(
  tx: Queryable,
  agent: {
    readonly id: string;
    readonly workspaceId: string;
    /** Enabled, and not `inactive`. */
    readonly isActive: boolean;
    readonly triggers: readonly Trigger[];
  },
): Promise<void> {
  const live = agent.triggers.filter(
    (trigger) => agent.isActive && trigger.enabled && trigger.type === 'cron',
  );
  const configs = live.map((trigger) => trigger.config);
  await tx.execute({
    name: 'cron-cursors-keep',
    text: `WITH given AS (
        SELECT * FROM unnest($3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[])
          AS g (trigger_id, expression, timezone, jitter_ms, catch_up, overlap)
      ), gone AS (
        DELETE FROM cron_cursors WHERE agent_id = $1 AND trigger_id <> ALL ($3::text[])
      )
      INSERT INTO cron_cursors AS c (trigger_id, agent_id, workspace_id, expression, timezone, jitter_ms,
        catch_up, overlap, after_tick, due_at)
      SELECT trigger_id, $1, $2, expression, timezone, jitter_ms, catch_up, overlap, now, now
      FROM given, (SELECT date_trunc('milliseconds', clock_timestamp()) AS now) AS clock
      ON CONFLICT (trigger_id) DO UPDATE SET
        catch_up = excluded.catch_up, overlap = excluded.overlap, expression = excluded.expression,
        timezone = excluded.timezone, jitter_ms = excluded.jitter_ms,
        after_tick = CASE WHEN ${sameTicks} THEN c.after_tick ELSE excluded.after_tick END,
        due_at = CASE WHEN ${sameTicks} THEN c.due_at ELSE excluded.due_at END,
        revision = CASE WHEN ${sameTicks} THEN c.revision ELSE c.revision + 1 END`,
    values: [
      agent.id,
      agent.workspaceId,
      live.map((trigger) => trigger.id),
      configs.map((config) => config.expression),
      configs.map((config) => config.timezone),
      configs.map((config) => config.jitter_ms),
      configs.map((config) => config.catch_up),
      configs.map((config) => config.overlap),
    ],
  });
}

const sameTicks = `(c.expression, c.timezone, c.jitter_ms) =
          (excluded.expression, excluded.timezone, excluded.jitter_ms)`;

/** When the first cursor is due; null when there is none. */
export async function nextCronDue(db: Queryable): Promise<Date | null> {
  const [row] = await db.query<{ due_at: Date | null }>({
    name: 'cron-cursors-next',
    text: 'SELECT min(due_at) AS due_at FROM cron_cursors',
  });
  return row?.due_at ?? null;
}

/** Claims cursors that are due, the longest due first; nobody else gets them for `leaseMs`. */
export async function claimCronCursors(
  db: Queryable,
  claim: { readonly now: Date; readonly leaseMs: number; readonly limit: number },
): Promise<CronCursor[]> {
  const rows = await db.query<CursorRow>({
    name: 'cron-cursors-claim',
    text: `UPDATE cron_cursors SET due_at = $1::timestamptz + make_interval(secs => $2 / 1000.0),
        revision = revision + 1
      WHERE trigger_id IN (
        SELECT trigger_id FROM cron_cursors WHERE due_at <= $1
        ORDER BY due_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
      RETURNING trigger_id, agent_id, workspace_id, expression, timezone, jitter_ms, catch_up, overlap,
        after_tick, revision`,
    values: [claim.now, claim.leaseMs, claim.limit],
  });
  return rows.map(toCursor);
}

/**
 * Advances claimed cursors; those that were restarted or claimed by another since stay as they are. One that is
 * being saved is left out, since waiting for several could be waiting for one another: its lease runs out.
 */
export async function advanceCronCursors(
  db: Queryable,
  advances: readonly CursorAdvance[],
): Promise<void> {
  if (advances.length === 0) return;
  await db.execute({
    name: 'cron-cursors-advance',
    text: `WITH held AS MATERIALIZED (
        SELECT trigger_id, revision FROM cron_cursors WHERE trigger_id = ANY ($1)
        FOR NO KEY UPDATE SKIP LOCKED
      )
      UPDATE cron_cursors c SET after_tick = g.after_tick, due_at = g.due_at
      FROM held JOIN unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::timestamptz[])
        AS g (trigger_id, revision, after_tick, due_at) USING (trigger_id, revision)
      WHERE c.trigger_id = held.trigger_id`,
    values: [
      advances.map((advance) => advance.triggerId),
      advances.map((advance) => advance.revision),
      advances.map((advance) => advance.afterTick),
      advances.map((advance) => advance.dueAt),
    ],
  });
}

/** The database's clock, in whole milliseconds that have passed. */
export async function databaseNow(db: Queryable): Promise<Date> {
  const [row] = await db.query<{ now: Date }>({
    name: 'database-now',
    text: "SELECT date_trunc('milliseconds', clock_timestamp()) AS now",
  });
  if (row === undefined) throw new Error('The database gave no time.');
  return row.now;
}

function toCursor(row: CursorRow): CronCursor {
  return {
    triggerId: row.trigger_id,
    agentId: row.agent_id,
    workspaceId: row.workspace_id,
    expression: row.expression,
    timezone: row.timezone,
    jitterMs: row.jitter_ms,
    catchUp: row.catch_up,
    overlap: row.overlap,
    afterTick: row.after_tick,
    revision: row.revision,
  };
}
