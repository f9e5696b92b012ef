import { noWrites, type SimRun, SqlError, type Tables, type Writes } from './tables.ts';

// What a statement of the simulated database is given, and what it gives.

export interface Given {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly snapshot: Tables;
  /** Locked rows as they are now; without those that were deleted or skipped. */
  readonly locked: ReadonlyMap<string, SimRun>;
  /** Processes as they are now: their rows are changed by key in single statements. */
  readonly processes: Tables['processes'];
  /** Agents as they are now. */
  readonly agents: Tables['agents'];
  readonly now: Date;
  /** The fence can be taken out, to show that the judge notices. */
  readonly faults: StatementFaults;
}

export interface StatementFaults {
  /** Journal writes match owner and epoch on the snapshot only, without a lock. */
  readonly unlockedFence?: boolean;
  /** Journal writes do not match the epoch and the owner at all. */
  readonly noFence?: boolean;
  /** Whatever is at a unit's place in the journal is taken for the unit itself. */
  readonly anyUnitIsOurs?: boolean;
  /** Parked runs go on whether their agent is paused or not. */
  readonly ignoresPauses?: boolean;
  /** A child's end is not told to its parent. */
  readonly forgetsParents?: boolean;
  /** A fork is written without the steps that it begins with. */
  readonly tearsForks?: boolean;
  /** An output that is to be kept apart is acknowledged and not kept. */
  readonly losesSpills?: boolean;
}

export interface Done {
  readonly rows: readonly object[];
  readonly count: number;
  readonly writes: Writes;
}

export interface StatementModel {
  /** Ids of runs to lock, in order. */
  readonly targets?: (
    snapshot: Tables,
    values: readonly unknown[],
    given: Omit<Given, 'locked'>,
  ) => string[];
  readonly skipsLocked?: boolean;
  readonly apply: (given: Given) => Done;
}

export const rowsOnly = (rows: readonly object[]): Done => ({
  rows,
  count: rows.length,
  writes: noWrites(),
});

/**
 * Arrays that a statement unnests `AS alias (column, …)`, as rows with these columns. `first`: the place of
 * the alias's first array among the values.
 */
export function unnested(
  { text, values }: Pick<Given, 'text' | 'values'>,
  alias: string,
  first = 0,
): Record<string, unknown>[] {
  const list = new RegExp(`AS ${alias} \\(([^)]*)\\)`).exec(text)?.[1];
  if (list === undefined) throw new Error(`The statement unnests nothing as ${alias}.`);
  const columns = list.split(',').map((column) => column.trim());
  const rows = (values[first] as unknown[]).length;
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(
      columns.map((column, index) => [column, (values[first + index] as unknown[])[row]]),
    ),
  );
}

/** What text the database refuses, in the simulation. */
export const unstorable = 'UNSTORABLE';

export function refuseUnstorable(texts: Iterable<unknown>): void {
  for (const text of texts) {
    if (typeof text === 'string' && text.includes(unstorable)) {
      throw new SqlError('22P05', 'untranslatable character');
    }
  }
}
