import type { Comparison } from '../core/filter.ts';
import { fromStorableOrNull, fromStorableText } from '../core/storable-text.ts';
import type { Verdict, VerdictKind } from '../core/trigger-event.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn } from './json-column.ts';

interface VerdictRow {
  readonly event_id: string;
  readonly agent_id: string;
  readonly number: number;
  readonly agent_name: string;
  readonly trigger_id: string | null;
  readonly trigger_name: string | null;
  readonly verdict: VerdictKind;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly comparisons: string;
  readonly id: string | null;
  readonly run_id: string | null;
}

/**
 * The verdicts of events, by event, in the order in which they were given. A dispatch, which nothing judged, has
 * that of its one run. Whoever asks knows that the events may be seen.
 */
export async function readVerdicts(
  db: Queryable,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Verdict[]>> {
  const rows = await db.query<VerdictRow>({
    name: 'verdicts-by-event',
    text: `
      SELECT v.event_id, v.n, a.id AS agent_id, a.number, a.name AS agent_name, v.trigger_id,
        t.name AS trigger_name, v.verdict, v.reason, v.detail, v.comparisons, r.id, r.run_id
      FROM trigger_verdicts v
      JOIN agents a ON a.id = v.agent_id
      LEFT JOIN triggers t ON t.id = v.trigger_id
      LEFT JOIN runs r ON r.id = v.run_id
      WHERE v.event_id = ANY ($1)
      UNION ALL
      SELECT e.id, 1, a.id, a.number, a.name, r.trigger_id, t.name, 'ran', NULL, NULL, '[]', r.id, r.run_id
      FROM trigger_events e
      JOIN runs r ON r.id = e.run_id
      JOIN agents a ON a.id = r.agent_id
      LEFT JOIN triggers t ON t.id = r.trigger_id
      WHERE e.id = ANY ($1)
      ORDER BY event_id, n`,
    values: [eventIds],
  });
  return Map.groupBy(rows.map(toVerdict), (verdict) => verdict.eventId);
}

export type VerdictCounts = Readonly<Record<VerdictKind, number>>;

/** How many verdicts of each kind events have. */
export async function countVerdicts(
  db: Queryable,
  eventIds: readonly string[],
): Promise<(eventId: string) => VerdictCounts> {
  const rows = await db.query<{ event_id: string; verdict: VerdictKind; n: number }>({
    name: 'verdicts-count',
    text: `
      SELECT event_id, verdict, count(*)::integer AS n FROM trigger_verdicts
      WHERE event_id = ANY ($1) GROUP BY event_id, verdict
      UNION ALL
      SELECT id, 'ran', 1 FROM trigger_events WHERE id = ANY ($1) AND run_id IS NOT NULL`,
    values: [eventIds],
  });
  const byEvent = Map.groupBy(rows, (row) => row.event_id);
  return (eventId) => ({
    ...{ ran: 0, not_matched: 0, refused: 0, skipped: 0 },
    ...Object.fromEntries((byEvent.get(eventId) ?? []).map(({ verdict, n }) => [verdict, n])),
  });
}

function toVerdict(row: VerdictRow): Verdict {
  return {
    eventId: row.event_id,
    agent: { id: row.agent_id, number: row.number, name: fromStorableText(row.agent_name) },
    trigger:
      row.trigger_id === null
        ? null
        : { id: row.trigger_id, name: fromStorableOrNull(row.trigger_name) },
    verdict: row.verdict,
    reason: fromStorableOrNull(row.reason),
    detail: fromStorableOrNull(row.detail),
    comparisons: fromJsonColumn<Comparison[]>(row.comparisons),
    run: row.id === null || row.run_id === null ? null : { id: row.id, runId: row.run_id },
  };
}
