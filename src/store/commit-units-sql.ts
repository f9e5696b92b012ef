import type { RunOutcome } from '../core/run.ts';
import { storableOrNull } from '../core/storable-text.ts';
import { countUsageSql } from './count-usage-sql.ts';
import { announceEndsSql } from './internal-events.ts';
import type { JournalUnit, NewEntry } from './journal-unit.ts';

// The statement that commits units of the journal. What a statement names it pays for, in every batch: one
// whose runs all go on gets it without what only ends and waits need.

type Column<Of> = readonly [name: string, type: string, value: (of: Of) => unknown];

interface Entry {
  readonly unit: JournalUnit;
  readonly entry: NewEntry;
}

const ownerColumns: readonly Column<JournalUnit>[] = [
  ['run_id', 'text', (unit) => unit.runId],
  ['owner', 'text', (unit) => unit.owner],
  ['epoch', 'bigint', (unit) => unit.epoch],
  ['unit_id', 'text', (unit) => unit.unitId],
  ['first_seq', 'int', firstSeq],
  ['last_seq', 'int', (unit) => unit.entries.at(-1)?.seq ?? 0],
  ['input_tokens', 'bigint', (unit) => unit.totals.inputTokens],
  ['output_tokens', 'bigint', (unit) => unit.totals.outputTokens],
  ['cost_usd', 'float8', (unit) => unit.totals.costUsd],
];

const leavingColumns: readonly Column<JournalUnit>[] = [
  ['status', 'text', statusAfter],
  ['wake_at', 'timestamptz', ({ next }) => ('until' in next ? next.until : null)],
  ['wait_ms', 'float8', ({ next }) => ('forMs' in next ? next.forMs : null)],
  ['disposition', 'text', ofOutcome((outcome) => outcome.disposition)],
  ['disposition_reason', 'text', ofOutcome((outcome) => outcome.dispositionReason)],
  ['response', 'text', ofOutcome((outcome) => outcome.response)],
  ['reflection', 'text', ofOutcome((outcome) => outcome.reflection)],
  ['output', 'text', ofOutcome((outcome) => outcome.outputJson)],
  ['stop_reason', 'text', ofOutcome((outcome) => outcome.stopReason)],
  ['error', 'text', ofOutcome((outcome) => outcome.error)],
];

const entryColumns: readonly Column<Entry>[] = [
  ['run_id', 'text', ({ unit }) => unit.runId],
  ['seq', 'int', ({ entry }) => entry.seq],
  ['unit_id', 'text', ({ unit }) => unit.unitId],
  ['step', 'int', ({ entry }) => entry.step],
  ['type', 'text', ({ entry }) => entry.type],
  ['state', 'text', ({ entry }) => entry.state],
  ['data', 'text', ({ entry }) => JSON.stringify(entry.data)],
  ['tool_id', 'text', ({ entry }) => toolOf(entry)],
];

/** The statement that commits the units; `name` stands for the text. */
export function commitStatement(units: readonly JournalUnit[]): {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
} {
  const leaving = units.some((unit) => unit.next.kind !== 'continue');
  const columns = leaving ? [...ownerColumns, ...leavingColumns] : ownerColumns;
  const entries = units.flatMap((unit) => unit.entries.map((entry) => ({ unit, entry })));
  return {
    name: leaving ? 'journal-commit-leaving' : 'journal-commit',
    text: commitSql(columns, leaving),
    values: [
      ...columns.map(([, , value]) => units.map(value)),
      ...entryColumns.map(([, , value]) => entries.map(value)),
    ],
  };
}

// An entry's place is free when its run matched: `last_seq` is read from the locked row.
function commitSql(columns: readonly Column<JournalUnit>[], leaving: boolean): string {
  return `
WITH unit AS MATERIALIZED (
  SELECT * FROM unnest(
    ${parameters(columns, 0)}
  ) AS u (
    ${names(columns)}
  )
), held AS MATERIALIZED (
  SELECT u.*${leaving ? ', r.workspace_id, r.agent_id, r.model, r.trigger_id, r.dry_run' : ''} FROM runs r
  JOIN unit u ON u.run_id = r.id
  WHERE r.owner IS NOT DISTINCT FROM u.owner AND r.epoch = u.epoch AND r.last_seq = u.first_seq - 1
  ORDER BY r.id
  FOR NO KEY UPDATE OF r
), inserted AS (
  INSERT INTO journal (${names(entryColumns)})
  SELECT e.* FROM unnest(
    ${parameters(entryColumns, columns.length)}
  ) AS e (${names(entryColumns)})
  WHERE (e.unit_id IN (SELECT unit_id FROM held)) IS TRUE
)${leaving ? endedSql : ''}
UPDATE runs r SET
  last_seq = h.last_seq,
  input_tokens = h.input_tokens,
  output_tokens = h.output_tokens,
  cost_usd = h.cost_usd,
  crashes = 0,
  lost_attempts = 0,
  strikes = 0${leaving ? leavingSql : ''}
FROM held h
WHERE r.id = h.run_id
RETURNING h.unit_id`;
}

// The day that a run counts on is the one that it shows: one moment for both.
const endedSql = `, tick AS MATERIALIZED (
  SELECT clock_timestamp()::timestamptz(3) AS at
), ended AS MATERIALIZED (
  SELECT h.* FROM held h WHERE h.status IN ('completed', 'failed', 'cancelled')
), announced AS (
  ${announceEndsSql('ended')}
), counted AS (
  ${countUsageSql('ended', '(SELECT at FROM tick)')}
)`;

const leavingSql = `,
  status = h.status,
  owner = CASE WHEN h.status = 'running' THEN r.owner END,
  wake_at = CASE h.status
    WHEN 'waiting' THEN least(
      h.wake_at, clock_timestamp() + make_interval(secs => h.wait_ms / 1000), r.wake_at)
    WHEN 'running' THEN r.wake_at
  END,
  disposition = h.disposition,
  disposition_reason = h.disposition_reason,
  response = h.response,
  reflection = h.reflection,
  output = h.output,
  stop_reason = h.stop_reason,
  error = h.error,
  completed_at = CASE WHEN h.status IN ('completed', 'failed', 'cancelled') THEN (SELECT at FROM tick) END,
  usage_counted = CASE WHEN h.status IN ('completed', 'failed', 'cancelled') THEN true END`;

function names(columns: readonly (readonly [name: string, ...rest: unknown[]])[]): string {
  return columns.map(([name]) => name).join(', ');
}

/** `before`: parameters that come before these. */
function parameters(
  columns: readonly (readonly [name: string, type: string, ...rest: unknown[]])[],
  before: number,
): string {
  return columns.map(([, type], index) => `$${before + index + 1}::${type}[]`).join(', ');
}

function ofOutcome(pick: (outcome: RunOutcome) => string | null): (unit: JournalUnit) => unknown {
  return ({ next }) => (next.kind === 'end' ? storableOrNull(pick(next.outcome)) : null);
}

export function firstSeq(unit: JournalUnit): number {
  const first = unit.entries[0];
  if (first === undefined) throw new Error(`Unit ${unit.unitId} of run ${unit.runId} is empty.`);
  return first.seq;
}

function statusAfter(unit: JournalUnit): string {
  switch (unit.next.kind) {
    case 'continue':
      return 'running';
    case 'wait':
      return 'waiting';
    case 'end':
      return unit.next.outcome.status;
  }
}

/** The custom tool under which the entry is found (`store/tool-runs.ts`). */
function toolOf(entry: NewEntry): string | null {
  return entry.type === 'tool' && !entry.data.copied ? (entry.data.toolId ?? null) : null;
}
