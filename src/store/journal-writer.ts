import type { JournalContent } from '../core/journal.ts';
import type { RunOutcome } from '../core/run.ts';
import { toStorableText } from '../core/storable-text.ts';
import { type Database, databaseFault } from './connect.ts';
import { GroupCommit } from './group-commit.ts';
import { announceEndsSql } from './internal-events.ts';

// The one writer of the journal (I2, I3). A unit is committed whole or not at all, and only by the
// run's current owner: the statement locks its runs' rows in id order, matches owner and epoch on the
// locked row, and inserts, in one. Only a completed statement proves that a run was lost.

/** Entries, and what becomes of the run with them, in one commit. Needs at least one entry. */
export interface JournalUnit {
  readonly runId: string;
  readonly owner: string;
  readonly epoch: number;
  /** New for every unit; a repeat of the same unit keeps it. */
  readonly unitId: string;
  readonly entries: readonly NewEntry[];
  /** Totals of the run after this unit. */
  readonly totals: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly costUsd: number | null;
  };
  /**
   * `continue` keeps the owner; `wait` gives the run up until a time, for so long by the database's clock, or
   * (null) until `wakeRun`, which counts also when it came before.
   */
  readonly next:
    | { readonly kind: 'continue' }
    | { readonly kind: 'wait'; readonly until: Date | null }
    | { readonly kind: 'wait'; readonly forMs: number }
    | { readonly kind: 'end'; readonly outcome: RunOutcome };
}

export type NewEntry = JournalContent & { readonly seq: number; readonly step: number };

/** `lost`: somebody else owns the run now, or it has ended. Nothing of the unit was written. */
export type CommitOutcome = 'committed' | 'lost';

export type JournalWriter = GroupCommit<JournalUnit, CommitOutcome>;

/** The writer of a process. Units are sent again until the database answers. */
export function createJournalWriter(
  db: Database,
  options: {
    readonly giveUpAfterMs?: number;
    readonly onBatch?: (units: number, durationMs: number) => void;
  } = {},
): JournalWriter {
  return new GroupCommit<JournalUnit, CommitOutcome>({
    execute: (units) => commitUnits(db, units),
    faultOf: databaseFault,
    sizeOf: unitSize,
    giveUpAfterMs: options.giveUpAfterMs ?? Number.POSITIVE_INFINITY,
    ...(options.onBatch === undefined ? {} : { onBatch: options.onBatch }),
  });
}

interface WrittenRow {
  readonly unit_id: string;
}

/** Commits the units in one statement. Safe to repeat: what an earlier try committed is recognised. */
export async function commitUnits(
  db: Pick<Database, 'query'>,
  units: readonly JournalUnit[],
): Promise<CommitOutcome[]> {
  const rows = await db.query<WrittenRow>({
    name: 'journal-commit',
    text: commitSql,
    values: commitValues(units),
  });
  const written = new Set(rows.map((row) => row.unit_id));
  const doubtful = units.filter((unit) => !written.has(unit.unitId));
  // A fresh snapshot: an earlier, orphaned try of the same unit may have committed while ours waited.
  const earlier = doubtful.length === 0 ? written : await committedEarlier(db, doubtful);
  return units.map((unit) =>
    written.has(unit.unitId) || earlier.has(unit.unitId) ? 'committed' : 'lost',
  );
}

async function committedEarlier(
  db: Pick<Database, 'query'>,
  units: readonly JournalUnit[],
): Promise<Set<string>> {
  const rows = await db.query<{ unit_id: string }>({
    name: 'journal-committed-earlier',
    text: `SELECT DISTINCT j.unit_id FROM unnest($1::text[], $2::int[]) AS u (run_id, seq)
           JOIN journal j ON j.run_id = u.run_id AND j.seq = u.seq`,
    values: [units.map((unit) => unit.runId), units.map(firstSeq)],
  });
  return new Set(rows.map((row) => row.unit_id));
}

export const commitSql = `
WITH unit AS MATERIALIZED (
  SELECT * FROM unnest(
    $1::text[], $2::text[], $3::bigint[], $4::text[], $5::int[], $6::int[],
    $7::bigint[], $8::bigint[], $9::float8[], $10::text[], $11::timestamptz[],
    $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[],
    $19::float8[]
  ) AS u (
    run_id, owner, epoch, unit_id, first_seq, last_seq,
    input_tokens, output_tokens, cost_usd, status, wake_at,
    disposition, disposition_reason, response, reflection, output, stop_reason, error,
    wait_ms
  )
), held AS MATERIALIZED (
  SELECT u.*, r.workspace_id, r.dry_run FROM runs r
  JOIN unit u ON u.run_id = r.id
  WHERE r.owner IS NOT DISTINCT FROM u.owner AND r.epoch = u.epoch AND r.last_seq = u.first_seq - 1
  ORDER BY r.id
  FOR NO KEY UPDATE OF r
), inserted AS (
  INSERT INTO journal (run_id, seq, unit_id, step, type, state, data, tool_id)
  SELECT e.* FROM unnest(
    $20::text[], $21::int[], $22::text[], $23::int[], $24::text[], $25::text[], $26::text[], $27::text[]
  ) AS e (run_id, seq, unit_id, step, type, state, data, tool_id)
  WHERE (e.unit_id IN (SELECT unit_id FROM held)) IS TRUE
  ON CONFLICT (run_id, seq) DO NOTHING
  RETURNING unit_id
), patched AS (
  UPDATE runs r SET
    last_seq = h.last_seq,
    input_tokens = h.input_tokens,
    output_tokens = h.output_tokens,
    cost_usd = h.cost_usd,
    status = h.status,
    owner = CASE WHEN h.status = 'running' THEN r.owner END,
    wake_at = CASE h.status
      WHEN 'waiting' THEN least(
        h.wake_at, clock_timestamp() + make_interval(secs => h.wait_ms / 1000), r.wake_at)
      WHEN 'running' THEN r.wake_at
    END,
    crashes = 0,
    lost_attempts = 0,
    strikes = 0,
    disposition = h.disposition,
    disposition_reason = h.disposition_reason,
    response = h.response,
    reflection = h.reflection,
    output = h.output,
    stop_reason = h.stop_reason,
    error = h.error,
    completed_at = CASE WHEN h.status IN ('completed', 'failed', 'cancelled') THEN clock_timestamp() END
  FROM held h
  WHERE r.id = h.run_id AND (h.unit_id IN (SELECT unit_id FROM inserted)) IS TRUE
  RETURNING h.unit_id
), ended AS (
  SELECT h.run_id, h.workspace_id, h.status, h.dry_run FROM held h
  WHERE h.status IN ('completed', 'failed', 'cancelled') AND (h.unit_id IN (SELECT unit_id FROM inserted)) IS TRUE
), announced AS (
  ${announceEndsSql('ended')}
)
SELECT unit_id FROM patched`;

export function commitValues(units: readonly JournalUnit[]): unknown[] {
  const outcomes = units.map((unit) => (unit.next.kind === 'end' ? unit.next.outcome : null));
  const text = (pick: (outcome: RunOutcome) => string | null): (string | null)[] =>
    outcomes.map((outcome) => storable(outcome === null ? null : pick(outcome)));
  const entries = units.flatMap((unit) => unit.entries.map((entry) => ({ unit, entry })));
  return [
    units.map((unit) => unit.runId),
    units.map((unit) => unit.owner),
    units.map((unit) => unit.epoch),
    units.map((unit) => unit.unitId),
    units.map(firstSeq),
    units.map((unit) => unit.entries.at(-1)?.seq ?? 0),
    units.map((unit) => unit.totals.inputTokens),
    units.map((unit) => unit.totals.outputTokens),
    units.map((unit) => unit.totals.costUsd),
    units.map(statusAfter),
    units.map((unit) => ('until' in unit.next ? unit.next.until : null)),
    text((outcome) => outcome.disposition),
    text((outcome) => outcome.dispositionReason),
    text((outcome) => outcome.response),
    text((outcome) => outcome.reflection),
    text((outcome) => outcome.outputJson),
    text((outcome) => outcome.stopReason),
    text((outcome) => outcome.error),
    units.map((unit) => ('forMs' in unit.next ? unit.next.forMs : null)),
    entries.map(({ unit }) => unit.runId),
    entries.map(({ entry }) => entry.seq),
    entries.map(({ unit }) => unit.unitId),
    entries.map(({ entry }) => entry.step),
    entries.map(({ entry }) => entry.type),
    entries.map(({ entry }) => entry.state),
    entries.map(({ entry }) => JSON.stringify(entry.data)),
    entries.map(({ entry }) => toolOf(entry)),
  ];
}

function firstSeq(unit: JournalUnit): number {
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

function storable(text: string | null): string | null {
  return text === null ? null : toStorableText(text);
}

function unitSize(unit: JournalUnit): number {
  let size = 256;
  for (const entry of unit.entries) size += 128 + roughSize(entry.data);
  if (unit.next.kind === 'end') size += roughSize(unit.next.outcome);
  return size;
}

/** Characters of all strings at the first level: a bound good enough to keep a batch near its limit. */
function roughSize(data: object): number {
  let size = 0;
  for (const value of Object.values(data)) size += typeof value === 'string' ? value.length : 32;
  return size;
}
