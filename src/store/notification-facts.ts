import type { NotificationKind } from '../core/notification.ts';
import { fromStorableOrNull, fromStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

// What happened, on its way to those who chose to be told of it. Triggers of the database write facts; they are given
// out as items of preferences, and a message takes the items that it tells of away in its own commit: whoever dies
// in between leaves everything where it was.

/** Gives facts out; how many there were. Those whom nobody chose any more are gone with that. */
export async function giveOutFacts(
  db: Queryable,
  given: { readonly limit: number; readonly gatherMs: number },
): Promise<number> {
  const [row] = await db.query<{ taken: number }>({
    name: 'notification_facts_give_out',
    text: `WITH taken AS (
        DELETE FROM notification_facts WHERE id IN (
          SELECT id FROM notification_facts ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING *
      ), wanted AS MATERIALIZED (
        SELECT p.id AS preference_id, t.* FROM taken t
        JOIN notification_preferences p ON p.workspace_id = t.workspace_id
        WHERE p.enabled AND t.kind = ANY (p.kinds) AND (p.agent_ids IS NULL OR t.agent_id = ANY (p.agent_ids))
          AND (t.only_for = '{}' OR p.user_id = ANY (t.only_for))
      ), locked AS MATERIALIZED (
        SELECT id FROM notification_preferences WHERE id IN (SELECT preference_id FROM wanted)
        ORDER BY id FOR UPDATE
      ), items AS (
        INSERT INTO notification_items (preference_id, fact_id, kind, agent_id, run_id, object_id, created_at)
        SELECT w.preference_id, w.id, w.kind, w.agent_id, w.run_id, w.object_id, w.created_at
        FROM wanted w JOIN locked l ON l.id = w.preference_id
        ON CONFLICT DO NOTHING
      ), due AS (
        UPDATE notification_preferences p SET due_at = coalesce(p.due_at, greatest(
          clock_timestamp() + make_interval(secs => $2),
          p.told_at + make_interval(secs => p.group_seconds)))
        FROM locked l WHERE p.id = l.id
      )
      SELECT count(*)::int AS taken FROM taken`,
    values: [given.limit, given.gatherMs / 1_000],
  });
  return row?.taken ?? 0;
}

/** A preference for which something has gathered, locked. */
export interface DuePreference {
  readonly id: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly channel: 'email' | 'slack' | 'webhook';
  /** Where the message goes. */
  readonly target: string;
}

/** One preference that is due, locked for the rest of the transaction; null: none is that nobody else has. */
export async function lockDuePreference(tx: Queryable): Promise<DuePreference | null> {
  const [row] = await tx.query<{
    id: string;
    workspace_id: string;
    workspace_name: string;
    channel: DuePreference['channel'];
    target: string;
  }>({
    name: 'notification_preference_due',
    text: `SELECT p.id, p.workspace_id, w.name AS workspace_name, p.channel, coalesce(p.target, u.email) AS target
      FROM notification_preferences p JOIN users u ON u.id = p.user_id JOIN workspaces w ON w.id = p.workspace_id
      WHERE p.due_at <= clock_timestamp() ORDER BY p.due_at LIMIT 1 FOR UPDATE OF p SKIP LOCKED`,
    values: [],
  });
  if (row === undefined) return null;
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    workspaceName: fromStorableText(row.workspace_name),
    channel: row.channel,
    target: fromStorableText(row.target),
  };
}

/** Something that a message tells of. */
export interface NotificationItem {
  readonly kind: NotificationKind;
  readonly objectId: string;
  readonly runId: string;
  readonly executionId: string;
  readonly agent: { readonly id: string; readonly name: string };
  /** Why, in a few words; null: nobody said. */
  readonly reason: string | null;
  /** Of an approval. */
  readonly expiresAt: Date | null;
  readonly at: Date;
}

export interface Gathered {
  readonly counts: Readonly<Partial<Record<NotificationKind, number>>>;
  /** The latest of each kind. */
  readonly items: readonly NotificationItem[];
}

/**
 * Takes what has gathered for a locked preference away, and says what of it still needs somebody: what was decided
 * in the meantime does not.
 */
export async function takeItems(
  tx: Queryable,
  preferenceId: string,
  mostOfKind: number,
): Promise<Gathered> {
  const rows = await tx.query<{
    kind: NotificationKind;
    object_id: string;
    run_id: string;
    execution_id: string;
    agent_id: string;
    agent_name: string;
    reason: string | null;
    expires_at: Date | null;
    created_at: Date;
    of_kind: number;
  }>({
    name: 'notification_items_take',
    text: `WITH taken AS (
        DELETE FROM notification_items WHERE preference_id = $1 RETURNING *
      ), open AS (
        SELECT t.kind, t.object_id, t.run_id, r.run_id AS execution_id, t.agent_id, a.name AS agent_name,
          CASE t.kind WHEN 'escalation' THEN e.disposition_reason WHEN 'approval' THEN q.question
            ELSE left(r.error, 2000) END AS reason,
          q.expires_at, t.created_at, count(*) OVER (PARTITION BY t.kind)::int AS of_kind,
          row_number() OVER (PARTITION BY t.kind ORDER BY t.created_at DESC, t.fact_id) AS n
        FROM taken t
        JOIN runs r ON r.id = t.run_id
        JOIN agents a ON a.id = t.agent_id
        LEFT JOIN escalations e ON t.kind = 'escalation' AND e.id = t.object_id
        LEFT JOIN approvals q ON t.kind = 'approval' AND q.id = t.object_id
        WHERE CASE t.kind WHEN 'escalation' THEN e.status = 'pending' WHEN 'approval' THEN q.status = 'pending'
          ELSE true END
      )
      SELECT * FROM open WHERE n <= $2 ORDER BY kind, n`,
    values: [preferenceId, mostOfKind],
  });
  return {
    counts: Object.fromEntries(rows.map(({ kind, of_kind }) => [kind, of_kind])),
    items: rows.map((row) => ({
      kind: row.kind,
      objectId: row.object_id,
      runId: row.run_id,
      executionId: row.execution_id,
      agent: { id: row.agent_id, name: fromStorableText(row.agent_name) },
      reason: fromStorableOrNull(row.reason),
      expiresAt: row.expires_at,
      at: row.created_at,
    })),
  };
}

/** Nothing has gathered any more; with `told`, a message is written. */
export async function settlePreference(
  tx: Queryable,
  id: string,
  { told }: { readonly told: boolean },
): Promise<void> {
  await tx.execute({
    name: 'notification_preference_settle',
    text: `UPDATE notification_preferences SET due_at = NULL,
        told_at = CASE WHEN $2 THEN clock_timestamp() ELSE told_at END WHERE id = $1`,
    values: [id, told],
  });
}
