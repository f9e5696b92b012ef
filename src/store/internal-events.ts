import type { InternalEventType } from '../core/event-name.ts';
import { listenedNames } from '../core/event-name.ts';
import { fromStorableOrNull, storableOrNull, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';
import { subscribedNames } from './webhooks.ts';

// The outbox of our own events. A row is written in the commit of the change that it tells of, if a trigger
// or a webhook of the workspace listens at that moment; a relay fires it under its id, and then takes it away. One that
// was fired and not taken away is fired again, which the once key makes nothing of.

/**
 * Ends of runs, as a common table expression's query over `ended`, which must give `run_id`, `workspace_id`,
 * `status` and `dry_run` of runs that end in this statement. Without a listener it costs a look into two
 * indexes a run. A dry run tells nobody.
 */
export function announceEndsSql(ended: string): string {
  return `INSERT INTO internal_events (id, workspace_id, type, run_id, caused_by_run)
  SELECT e.run_id, e.workspace_id, 'run.' || e.status, e.run_id, e.run_id FROM ${ended} e
  WHERE NOT e.dry_run AND (EXISTS (
    SELECT 1 FROM triggers t
    WHERE t.workspace_id = e.workspace_id AND t.event = ANY (ARRAY['run.' || e.status, 'run.*'])
      AND t.event IS NOT NULL AND t.deleted_at IS NULL AND t.enabled
  ) OR EXISTS (
    SELECT 1 FROM webhooks w
    WHERE w.workspace_id = e.workspace_id AND w.event_types && ARRAY['run.' || e.status, 'run.*', '*']
      AND w.deleted_at IS NULL AND w.enabled
  ))
  ON CONFLICT (id) DO NOTHING`;
}

/**
 * Other changes, as the same over `told`, which must give `id`, `workspace_id`, `payload`, `entity_id` and
 * `caused_by_run`. `at`: number of the first of the three parameters that `listenersOf` gives.
 */
export function announceSql(told: string, at: number): string {
  return `INSERT INTO internal_events (id, workspace_id, type, payload, entity_id, caused_by_run)
  SELECT e.id, e.workspace_id, $${at}, e.payload, e.entity_id, e.caused_by_run FROM ${told} e
  WHERE EXISTS (
    SELECT 1 FROM triggers t
    WHERE t.workspace_id = e.workspace_id AND t.event = ANY ($${at + 1}::text[])
      AND t.event IS NOT NULL AND t.deleted_at IS NULL AND t.enabled
  ) OR EXISTS (
    SELECT 1 FROM webhooks w
    WHERE w.workspace_id = e.workspace_id AND w.event_types && $${at + 2}::text[]
      AND w.deleted_at IS NULL AND w.enabled
  )
  ON CONFLICT (id) DO NOTHING`;
}

/** The type, what triggers may listen to, and what webhooks may subscribe to, in order to hear of it. */
export function listenersOf(type: InternalEventType): unknown[] {
  return [type, listenedNames(type), subscribedNames(type)];
}

export interface InternalEvent {
  readonly id: string;
  readonly workspaceId: string;
  readonly type: string;
  /** The run whose end it is; null for every other event. */
  readonly runId: string | null;
  readonly payloadJson: string | null;
  readonly entityId: string | null;
  readonly causedByRunId: string | null;
  readonly createdAt: Date;
}

/**
 * Tells of a change, in its transaction: fired after its commit, at least once, and as one event however often.
 * Nothing is written where no trigger and no webhook listens. `id` is unique to the change.
 */
export async function recordEvent(
  tx: Queryable,
  event: {
    readonly id: string;
    readonly workspaceId: string;
    readonly type: InternalEventType;
    readonly payloadJson: string;
    readonly entityId: string | null;
    readonly causedByRunId: string | null;
  },
): Promise<void> {
  await tx.execute({
    name: 'internal-event-record',
    text: `INSERT INTO internal_events (id, workspace_id, type, payload, entity_id, caused_by_run)
           SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (
             SELECT 1 FROM triggers
             WHERE workspace_id = $2 AND event = ANY ($7) AND event IS NOT NULL AND deleted_at IS NULL AND enabled
           ) OR EXISTS (
             SELECT 1 FROM webhooks
             WHERE workspace_id = $2 AND event_types && $8::text[] AND deleted_at IS NULL AND enabled
           )
           ON CONFLICT (id) DO NOTHING`,
    values: [
      event.id,
      event.workspaceId,
      event.type,
      toStorableText(event.payloadJson),
      storableOrNull(event.entityId),
      event.causedByRunId,
      listenedNames(event.type),
      subscribedNames(event.type),
    ],
  });
}

interface Row {
  readonly id: string;
  readonly workspace_id: string;
  readonly type: string;
  readonly run_id: string | null;
  readonly payload: string | null;
  readonly entity_id: string | null;
  readonly caused_by_run: string | null;
  readonly created_at: Date;
}

/** Events to fire now. Whoever took them and does not take them away has them taken by another, later each time. */
export async function claimInternalEvents(
  db: Queryable,
  limit: number,
): Promise<readonly InternalEvent[]> {
  const rows = await db.query<Row>({
    name: 'internal-events-claim',
    text: `UPDATE internal_events SET attempts = attempts + 1,
             due_at = clock_timestamp() + least(interval '1 hour', interval '30 seconds' * (attempts + 1))
           WHERE id IN (
             SELECT id FROM internal_events WHERE due_at <= clock_timestamp()
             ORDER BY due_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
           )
           RETURNING id, workspace_id, type, run_id, payload, entity_id, caused_by_run, created_at`,
    values: [limit],
  });
  return rows
    .map((row) => ({
      id: row.id,
      workspaceId: row.workspace_id,
      type: row.type,
      runId: row.run_id,
      payloadJson: fromStorableOrNull(row.payload),
      entityId: fromStorableOrNull(row.entity_id),
      causedByRunId: row.caused_by_run,
      createdAt: row.created_at,
    }))
    .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

/** Takes away what was fired. */
export async function deleteInternalEvents(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.execute({
    name: 'internal-events-delete',
    text: 'DELETE FROM internal_events WHERE id = ANY ($1)',
    values: [ids],
  });
}

/**
 * How many firings led to a run; 0 for one that nothing of ours fired. One that another run asked for is as far
 * along its chain as that.
 */
export async function readDepths(
  db: Queryable,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query<{ id: string; depth: number }>({
    name: 'run-depths',
    text: `WITH RECURSIVE line AS (
             SELECT id AS of_run, parent_run_id, trigger_event_id FROM runs WHERE id = ANY ($1)
             UNION ALL
             SELECT l.of_run, p.parent_run_id, p.trigger_event_id
             FROM line l JOIN runs p ON p.id = l.parent_run_id
           )
           SELECT l.of_run AS id, max(e.depth) AS depth
           FROM line l JOIN trigger_events e ON e.id = l.trigger_event_id
           GROUP BY l.of_run`,
    values: [runIds],
  });
  return new Map(rows.map((row) => [row.id, row.depth]));
}
