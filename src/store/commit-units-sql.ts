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
  const { columns, text } = leaving ? leavingStatement : goingOnStatement;
  const inOrder = units.toSorted((a, b) => (a.runId < b.runId ? -1 : 1));
  const entries = inOrder.flatMap((unit) => unit.entries.map((entry) => ({ unit, entry })));
  return {
    name: leaving ? 'journal-commit-leaving' : 'journal-commit',
    text,
    values: [
      ...columns.map(([, , value]) => inOrder.map(value)),
      ...entryColumns.map(([, , value]) => entries.map(value)),
    ],
  };
}

// The update is the fence: it locks a run's row (as FOR NO KEY UPDATE does), matches owner, epoch and `last_seq`
// on the locked row, and entries are inserted for what it returns alone. So their places are free. Rows are
// locked in the order of the units, which is that of their runs' ids, since plans by key loop over them; were
// it another, two statements could meet in a deadlock, which is tried again. A batch has at most one unit of a
// run and epoch.
function commitSql(columns: readonly Column<JournalUnit>[], leaving: boolean): string {
  return `
WITH ${leaving ? tickSql : ''}written AS (
  UPDATE runs r SET
    last_seq = u.last_seq,
    input_tokens = u.input_tokens,
    output_tokens = u.output_tokens,
    cost_usd = u.cost_usd,
    crashes = 0,
    lost_attempts = 0,
    strikes = 0${leaving ? leavingSql : ''}
  FROM unnest(
    ${parameters(columns, 0)}
  ) AS u (
    ${names(columns)}
  )
  WHERE r.id = u.run_id AND r.owner IS NOT DISTINCT FROM u.owner AND r.epoch = u.epoch
    AND r.last_seq = u.first_seq - 1
  RETURNING u.unit_id${leaving ? leftColumns : ''}
), inserted AS (
  INSERT INTO journal (${names(entryColumns)})
  SELECT e.* FROM unnest(
    ${parameters(entryColumns, columns.length)}
  ) AS e (${names(entryColumns)})
  WHERE (e.unit_id IN (SELECT unit_id FROM written)) IS TRUE
)${leaving ? endedSql : ''}
SELECT unit_id FROM written`;
}

/** What announcing and counting an end needs of a run. */
const leftColumns = `, u.run_id, r.status, r.workspace_id, r.agent_id, r.model, r.trigger_id, r.dry_run,
    r.input_tokens, r.output_tokens, r.cost_usd`;

// The day that a run counts on is the one that it shows: one moment for both. It is taken before the statement
// waits for the lock of a run, where it has to.
const tickSql = `tick AS MATERIALIZED (
  SELECT clock_timestamp()::timestamptz(3) AS at
), `;

const endedSql = `, ended AS MATERIALIZED (
  SELECT w.* FROM written w WHERE w.status IN ('completed', 'failed', 'cancelled')
), announced AS (
  ${announceEndsSql('ended')}
), counted AS (
  ${countUsageSql('ended', '(SELECT at FROM tick)')}
)`;

const leavingSql = `,
  status = u.status,
  owner = CASE WHEN u.status = 'running' THEN r.owner END,
  wake_at = CASE u.status
    WHEN 'waiting' THEN least(
      u.wake_at, clock_timestamp() + make_interval(secs => u.wait_ms / 1000), r.wake_at)
    WHEN 'running' THEN r.wake_at
  END,
  disposition = u.disposition,
  disposition_reason = u.disposition_reason,
  response = u.response,
  reflection = u.reflection,
  output = u.output,
  stop_reason = u.stop_reason,
  error = u.error,
  completed_at = CASE WHEN u.status IN ('completed', 'failed', 'cancelled') THEN (SELECT at FROM tick) END,
  usage_counted = CASE WHEN u.status IN ('completed', 'failed', 'cancelled') THEN true END`;

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

// Put together once, not once a batch.
const goingOnStatement = { columns: ownerColumns, text: commitSql(ownerColumns, false) };
const allColumns = [...ownerColumns, ...leavingColumns];
const leavingStatement = { columns: allColumns, text: commitSql(allColumns, true) };
