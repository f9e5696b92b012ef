import { toStorableText } from '../core/storable-text.ts';
import type { NewEvent, NewFiring, NewRun } from './new-firing.ts';

// One statement for a batch of firings. A row of `given` is a run, or an event without any; what is the
// event's own is read from the first row of each (`nth` is 1), its payload too: the others of the event take
// it from there, so that it travels once.
//
// An event that is not written (its once key is taken, or an earlier try of ours wrote it) writes nothing
// else. `x IN (SELECT …)` in parentheses is not joined but looked up in a hash, once a row.

export const createFiringsSql = `
WITH tick AS MATERIALIZED (
  SELECT clock_timestamp()::timestamptz(3) AS at
), given AS MATERIALIZED (
  SELECT * FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
    $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::bytea[], $21::int[], $22::text[],
    $23::int[], $24::text[], $25::bool[], $26::bool[], $27::bool[], $28::text[], $29::text[],
    $30::int[], $31::int[], $32::bool[], $33::text[], $34::text[], $35::text[], $36::timestamptz[],
    $37::text[], $38::text[], $39::int[], $40::text[]
  ) AS g (
    id, run_id, workspace_id, agent_id, agent_version, trigger_id, trigger_type,
    session_id, entity_id, additional_instructions, retry_of, payload, model, trace_id,
    owner, event_id, source, route, key, body_hash, status, response,
    priority, concurrency_key, parked, dry_run, once_per_entity, slot, held_after,
    nth, first_row, is_dispatch, event_type, event_trigger_id, once_key, occurred_at,
    event_entity_id, caused_by_run, depth, replay_of
  )
), keyed AS (
  INSERT INTO idempotency_keys (workspace_id, route, key, body_hash, status, response)
  SELECT workspace_id, route, key, body_hash, status, response FROM given WHERE key IS NOT NULL
  ON CONFLICT (workspace_id, route, key) DO UPDATE
    SET body_hash = excluded.body_hash, status = excluded.status, response = excluded.response,
      created_at = clock_timestamp()
    WHERE idempotency_keys.created_at <= clock_timestamp() - interval '24 hours'
  RETURNING workspace_id, route, key
), fresh AS MATERIALIZED (
  SELECT g.* FROM given g
  WHERE g.key IS NULL OR EXISTS (
    SELECT 1 FROM keyed k WHERE k.workspace_id = g.workspace_id AND k.route = g.route AND k.key = g.key
  )
), evented AS (
  INSERT INTO trigger_events (
    id, workspace_id, trigger_id, source, type, payload, once_key, occurred_at, entity_id, caused_by_run, depth,
    replay_of, run_id, created_at
  )
  SELECT
    event_id, workspace_id, event_trigger_id, source, event_type, payload, once_key, occurred_at,
    event_entity_id, caused_by_run, depth, replay_of, CASE WHEN is_dispatch THEN id END,
    (SELECT at FROM tick)
  FROM fresh WHERE nth = 1
  ON CONFLICT DO NOTHING
  RETURNING id, created_at
), planned AS MATERIALIZED (
  SELECT f.* FROM fresh f WHERE f.id IS NOT NULL AND (f.event_id IN (SELECT id FROM evented)) IS TRUE
), first_of_entity AS (
  INSERT INTO entity_runs (agent_id, entity_id, run_id)
  SELECT agent_id, entity_id, id FROM planned WHERE once_per_entity ORDER BY agent_id, entity_id, nth
  ON CONFLICT (agent_id, entity_id) DO NOTHING
  RETURNING run_id
), slotted AS (
  INSERT INTO run_slots (slot, run_id)
  SELECT DISTINCT ON (slot) slot, id FROM planned WHERE slot IS NOT NULL ORDER BY slot, id
  ON CONFLICT (slot) DO UPDATE SET run_id = excluded.run_id, taken_at = excluded.taken_at
    -- A run that is too new for this snapshot to show it has not ended.
    WHERE EXISTS (
      SELECT 1 FROM runs r WHERE r.id = run_slots.run_id AND r.status IN ('completed', 'failed', 'cancelled')
    ) OR (
      run_slots.taken_at < clock_timestamp() - interval '1 hour'
      AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = run_slots.run_id)
    )
  RETURNING run_id
), chosen AS MATERIALIZED (
  SELECT p.* FROM planned p
  WHERE (NOT p.once_per_entity OR (p.id IN (SELECT run_id FROM first_of_entity)))
    AND (p.slot IS NULL OR (p.id IN (SELECT run_id FROM slotted)))
), created AS (
  INSERT INTO runs (
    id, run_id, workspace_id, agent_id, agent_version, trigger_id, trigger_type, trigger_event_id,
    session_id, entity_id, additional_instructions, retry_of, payload, model, trace_id,
    status, owner, wake_at, created_at, started_at, priority, concurrency_key, dry_run, held_after
  )
  SELECT
    id, run_id, workspace_id, agent_id, agent_version, trigger_id, trigger_type, event_id,
    session_id, entity_id, additional_instructions, retry_of, coalesce(payload, ($12::text[])[first_row]),
    model, trace_id,
    CASE WHEN owner IS NULL THEN 'accepted' ELSE 'running' END, owner,
    CASE WHEN owner IS NULL AND NOT parked AND held_after IS NULL
      THEN (SELECT at FROM tick) - make_interval(secs => priority) END,
    (SELECT at FROM tick),
    CASE WHEN owner IS NULL THEN NULL ELSE (SELECT at FROM tick) END,
    priority, concurrency_key, dry_run, held_after
  FROM chosen
  ON CONFLICT DO NOTHING
), judged AS (
  INSERT INTO trigger_verdicts (
    event_id, n, workspace_id, agent_id, trigger_id, verdict, reason, detail, comparisons, run_id, chained,
    created_at
  )
  SELECT
    v.event_id, v.n, v.workspace_id, v.agent_id, v.trigger_id,
    CASE WHEN v.is_skipped THEN 'skipped' ELSE v.verdict END,
    CASE WHEN v.is_skipped THEN v.skip_reason ELSE v.reason END,
    CASE WHEN v.is_skipped THEN v.skip_detail ELSE v.detail END,
    v.comparisons, CASE WHEN v.is_skipped THEN NULL ELSE v.run_id END, v.chained, (SELECT at FROM tick)
  FROM (
    SELECT g.*, g.verdict = 'ran' AND (g.run_id IN (SELECT id FROM chosen)) IS NOT TRUE AS is_skipped
    FROM unnest(
      $41::text[], $42::int[], $43::text[], $44::text[], $45::text[], $46::text[], $47::text[], $48::text[],
      $49::text[], $50::text[], $51::text[], $52::text[], $53::bool[]
    ) AS g (
      event_id, n, workspace_id, agent_id, trigger_id, verdict, reason, detail, skip_reason, skip_detail,
      comparisons, run_id, chained
    )
  ) v
  WHERE (v.event_id IN (SELECT id FROM evented)) IS TRUE
)
SELECT id, created_at, NULL AS skipped FROM evented
UNION ALL
SELECT p.event_id, NULL, p.id FROM planned p
WHERE (p.once_per_entity OR p.slot IS NOT NULL) AND (p.id IN (SELECT id FROM chosen)) IS NOT TRUE`;

interface Row {
  readonly firing: NewFiring;
  readonly event: NewEvent;
  readonly run: NewRun | null;
  /** From 1, among the rows of its event. */
  readonly nth: number;
  /** From 1, among all. */
  readonly firstRow: number;
}

export function firingValues(firings: readonly NewFiring[]): unknown[] {
  const rows = rowsOf(firings);
  const own = <T>(pick: (firing: NewFiring) => T) =>
    rows.map((row) => (row.nth === 1 ? pick(row.firing) : null));
  const ofRun = <T>(pick: (run: NewRun) => T) =>
    rows.map((row) => (row.run === null ? null : pick(row.run)));
  return [
    ofRun((run) => run.id),
    ofRun((run) => run.runId),
    rows.map((row) => row.event.workspaceId),
    ofRun((run) => run.agentId),
    ofRun((run) => run.agentVersion),
    ofRun((run) => run.triggerId),
    ofRun((run) => run.triggerType),
    ofRun((run) => storable(run.sessionId)),
    ofRun((run) => storable(run.entityId)),
    ofRun((run) => storable(run.additionalInstructions)),
    ofRun((run) => run.retryOf),
    own(({ event }) => event.payloadJson),
    ofRun((run) => run.model),
    ofRun((run) => run.traceId),
    ofRun((run) => run.owner),
    rows.map((row) => row.event.id),
    own(({ event }) => event.source),
    own(({ idempotency }) => idempotency?.route ?? null),
    own(({ idempotency }) => storable(idempotency?.key)),
    own(({ idempotency }) => idempotency?.bodyHash ?? null),
    own(({ idempotency }) => idempotency?.status ?? null),
    own(({ idempotency }) => storable(idempotency?.responseJson)),
    ofRun((run) => run.priority ?? 0),
    ofRun((run) => storable(run.concurrencyKey)),
    ofRun((run) => run.parked ?? false),
    ofRun((run) => run.dryRun ?? false),
    ofRun((run) => run.oncePerEntity ?? false),
    ofRun((run) => run.slot ?? null),
    ofRun((run) => run.heldAfter ?? null),
    rows.map((row) => row.nth),
    rows.map((row) => row.firstRow),
    own(({ runs, verdicts }) => verdicts.length === 0 && runs.length === 1),
    own(({ event }) => storable(event.type)),
    own(({ event }) => event.triggerId),
    own(({ event }) => storable(event.onceKey)),
    own(({ event }) => event.occurredAt ?? null),
    own(({ event }) => storable(event.entityId)),
    own(({ event }) => event.causedByRunId ?? null),
    own(({ event }) => event.depth ?? 0),
    own(({ event }) => event.replayOf ?? null),
    ...verdictValues(firings),
  ];
}

function rowsOf(firings: readonly NewFiring[]): readonly Row[] {
  const rows: Row[] = [];
  for (const firing of firings) {
    const { event, runs } = firing;
    const firstRow = rows.length + 1;
    if (runs.length === 0) rows.push({ firing, event, run: null, nth: 1, firstRow });
    for (const [index, run] of runs.entries()) {
      rows.push({ firing, event, run, nth: index + 1, firstRow });
    }
  }
  return rows;
}

function verdictValues(firings: readonly NewFiring[]): unknown[] {
  const all = firings.flatMap(({ event, verdicts }) =>
    verdicts.map((verdict, index) => ({ ...verdict, event, n: index + 1 })),
  );
  return [
    all.map(({ event }) => event.id),
    all.map(({ n }) => n),
    all.map(({ event }) => event.workspaceId),
    all.map(({ agentId }) => agentId),
    all.map(({ triggerId }) => triggerId),
    all.map(({ verdict }) => verdict),
    all.map(({ reason }) => storable(reason)),
    all.map(({ detail }) => storable(detail)),
    all.map(({ skip }) => skip?.reason ?? null),
    all.map(({ skip }) => skip?.detail ?? null),
    all.map(({ comparisonsJson }) => toStorableText(comparisonsJson)),
    all.map(({ runId }) => runId),
    all.map(({ event }) => (event.depth ?? 0) > 0),
  ];
}

function storable(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : toStorableText(text);
}
