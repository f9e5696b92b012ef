import { commitStatement, firstSeq } from './commit-units-sql.ts';
import type { Database } from './connect.ts';
import { databaseFault } from './database-fault.ts';
import { GroupCommit } from './group-commit.ts';
import type { JournalUnit } from './journal-unit.ts';

// The one writer of the journal (I2, I3). A unit is committed whole or not at all, and only by the
// run's current owner: the statement locks its runs' rows in id order, matches owner and epoch on the
// locked rows, and inserts, in one. Only a completed statement proves that a run was lost.

/** `lost`: somebody else owns the run now, or it has ended. Nothing of the unit was written. */
export type CommitOutcome = 'committed' | 'lost';

export type JournalWriter = GroupCommit<JournalUnit, CommitOutcome>;

/** The writer of a process. Units are sent again until the database answers. */
export function createJournalWriter(
  db: Database,
  options: {
    readonly giveUpAfterMs?: number;
    /** How many units a batch needs to go beside another; default 32. */
    readonly minUnitsBeside?: number;
    readonly onBatch?: (units: number, durationMs: number) => void;
  } = {},
): JournalWriter {
  return new GroupCommit<JournalUnit, CommitOutcome>({
    execute: (units) => commitUnits(db, units),
    faultOf: databaseFault,
    sizeOf: unitSize,
    giveUpAfterMs: Number.POSITIVE_INFINITY,
    maxInFlight: 2,
    ...options,
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
  const rows = await db.query<WrittenRow>(commitStatement(units));
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
