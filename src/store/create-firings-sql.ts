import { storableOrNull, toStorableText } from '../core/storable-text.ts';
import { type FiringParts, firingColumns, firingRows, partsOf } from './firing-columns.ts';
import type { NewFiring } from './new-firing.ts';

// One statement for a batch of firings. What a statement names it pays for, rows or none, so a batch of
// plain dispatches, the common case, gets one without the parts for idempotency keys and verdicts.
//
// An event that is not written (its once key is taken, or an earlier try of ours wrote it) writes nothing
// else. `x IN (SELECT …)` in parentheses is not joined but looked up in a hash, once a row.

/** Creates the firings; `name` stands for the text. */
export function createFirings(firings: readonly NewFiring[]): {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
} {
  const parts = partsOf(firings);
  const rows = firingRows(firings);
  const name = `firings-create${parts.keyed ? '-keyed' : ''}${parts.judged ? '-judged' : ''}${parts.clustered ? '-clustered' : ''}`;
  return {
    name,
    text: textOf(name, parts),
    values: [
      ...firingColumns(parts).map(([, , value]) => rows.map(value)),
      ...(parts.judged ? verdictValues(firings) : []),
    ],
  };
}

/** Each is put together once, not once a batch. */
const texts = new Map<string, string>();

function textOf(name: string, parts: FiringParts): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = createSql(parts);
  texts.set(name, text);
  return text;
}

function createSql(parts: FiringParts): string {
  const columns = firingColumns(parts);
  const names = columns.map(([name]) => name);
  const payloads = `$${names.indexOf('payload') + 1}::text[]`;
  const fired = parts.judged
    ? ', type, once_key, occurred_at, caused_by_run, depth, replay_of'
    : '';
  return `
WITH tick AS MATERIALIZED (
  SELECT clock_timestamp()::timestamptz(3) AS at
), given AS MATERIALIZED (
  SELECT * FROM unnest(
    ${columns.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')}
  ) AS g (
    ${names.join(', ')}
  )
)${parts.keyed ? keyedSql : ''}, evented AS (
  INSERT INTO trigger_events (
    id, workspace_id, trigger_id, source, payload, entity_id, run_id, created_at${fired}
  )
  SELECT
    event_id, workspace_id, event_trigger_id, source, payload, event_entity_id,
    CASE WHEN is_dispatch THEN id END, (SELECT at FROM tick)${fired.replace(' type', ' event_type')}
  FROM ${parts.keyed ? 'fresh' : 'given'}${parts.judged ? ' WHERE nth = 1' : ''}
  ON CONFLICT DO NOTHING
  RETURNING id, created_at
)${parts.judged ? chosenSql(parts) : ''}, created AS (
  INSERT INTO runs (
    id, run_id, workspace_id, agent_id, agent_version, trigger_id, trigger_type, trigger_event_id,
    session_id, entity_id, additional_instructions, retry_of, payload, model, trace_id,
    status, owner, wake_at, created_at, started_at, priority, concurrency_key, lane, dry_run, held_after${parts.judged ? ', conversation_id, contact_id, read_rev' : ''}${parts.clustered ? ', engine' : ''}
  )
  SELECT
    id, run_id, workspace_id, agent_id, agent_version, trigger_id, trigger_type, event_id,
    session_id, entity_id, additional_instructions, retry_of,
    ${parts.judged ? `coalesce(payload, (${payloads})[first_row])` : 'payload'}, model, trace_id,
    CASE WHEN owner IS NULL THEN 'accepted' ELSE 'running' END, owner,
    CASE WHEN owner IS NULL AND NOT parked${parts.judged ? ' AND held_after IS NULL' : ''}
      THEN (SELECT at FROM tick) - make_interval(secs => priority) END,
    (SELECT at FROM tick),
    CASE WHEN owner IS NULL THEN NULL ELSE (SELECT at FROM tick) END,
    priority, concurrency_key, lane, dry_run,
    ${parts.judged ? 'held_after, conversation_id, contact_id, read_rev' : 'NULL'}${parts.clustered ? ', engine' : ''}
  FROM ${parts.judged ? 'chosen' : 'given WHERE (event_id IN (SELECT id FROM evented)) IS TRUE'}
)${parts.judged ? verdictsSql(columns.length) : ''}
SELECT id, created_at, NULL AS skipped FROM evented${parts.judged ? skippedSql : ''}`;
}

const keyedSql = `, keyed AS (
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
)`;

function chosenSql({ keyed }: FiringParts): string {
  return `, planned AS MATERIALIZED (
  SELECT f.* FROM ${keyed ? 'fresh' : 'given'} f
  WHERE f.id IS NOT NULL AND (f.event_id IN (SELECT id FROM evented)) IS TRUE
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
)`;
}

const verdictColumns = [
  ['event_id', 'text'],
  ['n', 'int'],
  ['workspace_id', 'text'],
  ['agent_id', 'text'],
  ['trigger_id', 'text'],
  ['verdict', 'text'],
  ['reason', 'text'],
  ['detail', 'text'],
  ['skip_reason', 'text'],
  ['skip_detail', 'text'],
  ['comparisons', 'text'],
  ['run_id', 'text'],
  ['chained', 'bool'],
] as const;

/** `before`: parameters that come before those of the verdicts. */
function verdictsSql(before: number): string {
  return `, judged AS (
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
    SELECT j.*, j.verdict = 'ran' AND (j.run_id IN (SELECT id FROM chosen)) IS NOT TRUE AS is_skipped
    FROM unnest(
      ${verdictColumns.map(([, type], index) => `$${before + index + 1}::${type}[]`).join(', ')}
    ) AS j (
      ${verdictColumns.map(([name]) => name).join(', ')}
    )
  ) v
  WHERE (v.event_id IN (SELECT id FROM evented)) IS TRUE
)`;
}

const skippedSql = `
UNION ALL
SELECT p.event_id, NULL, p.id FROM planned p
WHERE (p.once_per_entity OR p.slot IS NOT NULL) AND (p.id IN (SELECT id FROM chosen)) IS NOT TRUE`;

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
    all.map(({ reason }) => storableOrNull(reason)),
    all.map(({ detail }) => storableOrNull(detail)),
    all.map(({ skip }) => skip?.reason ?? null),
    all.map(({ skip }) => skip?.detail ?? null),
    all.map(({ comparisonsJson }) => toStorableText(comparisonsJson)),
    all.map(({ runId }) => runId),
    all.map(({ event }) => (event.depth ?? 0) > 0),
  ];
}
