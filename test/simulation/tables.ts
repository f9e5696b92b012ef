import type { RunRow } from '../../src/store/runs.ts';

// The rows of the simulated database. Rows are never changed in place, so a snapshot is a copy of the maps.

export interface SimRun extends RunRow {
  readonly lost_attempts: number;
  readonly strikes: number;
  readonly priority: number;
  readonly concurrency_key: string | null;
  readonly lane: string;
}

export interface SimEntry {
  readonly run_id: string;
  readonly seq: number;
  readonly unit_id: string;
  readonly step: number;
  readonly type: string;
  readonly state: string;
  readonly data: string;
  readonly created_at: Date;
  /** Under which epoch it was written: what the tables do not hold, and the judge wants to know. */
  readonly epoch: number;
}

export interface SimProcessRow {
  readonly id: string;
  readonly name: string;
  readonly beat: number;
}

export interface SimAgent {
  readonly id: string;
  readonly workspaceId: string;
  readonly definition: string;
  readonly concurrency: number | null;
  readonly paused_at: Date | null;
}

export interface SimWorkspace {
  readonly id: string;
  readonly max_running: number | null;
}

export interface SimSpill {
  readonly run_id: string;
  readonly id: string;
}

export interface Tables {
  readonly runs: Map<string, SimRun>;
  readonly journal: Map<string, readonly SimEntry[]>;
  readonly processes: Map<string, SimProcessRow>;
  readonly workspaces: Map<string, SimWorkspace>;
  readonly agents: Map<string, SimAgent>;
  readonly spills: Set<string>;
}

/** By what a spill is found. */
export const spillKey = ({ run_id, id }: SimSpill): string => `${run_id} ${id}`;

export function emptyTables(): Tables {
  return {
    runs: new Map(),
    journal: new Map(),
    processes: new Map(),
    workspaces: new Map(),
    agents: new Map(),
    spills: new Set(),
  };
}

export function snapshotOf(tables: Tables): Tables {
  return {
    runs: new Map(tables.runs),
    journal: new Map(tables.journal),
    processes: new Map(tables.processes),
    workspaces: tables.workspaces,
    agents: new Map(tables.agents),
    spills: new Set(tables.spills),
  };
}

/** What a statement writes; it is seen by others when its transaction commits. */
export interface Writes {
  readonly runs: SimRun[];
  readonly entries: SimEntry[];
  readonly processes: SimProcessRow[];
  readonly goneProcesses: string[];
  readonly spills: SimSpill[];
  readonly agents: SimAgent[];
}

export const noWrites = (): Writes => ({
  runs: [],
  entries: [],
  processes: [],
  goneProcesses: [],
  spills: [],
  agents: [],
});

/** Whether nothing of a run or of an agent is written. */
export function isEmpty(writes: Writes): boolean {
  const { runs, entries, spills, agents } = writes;
  return runs.length + entries.length + spills.length + agents.length === 0;
}

export function merged(a: Writes, b: Writes): Writes {
  return {
    runs: [...a.runs, ...b.runs],
    entries: [...a.entries, ...b.entries],
    processes: [...a.processes, ...b.processes],
    goneProcesses: [...a.goneProcesses, ...b.goneProcesses],
    spills: [...a.spills, ...b.spills],
    agents: [...a.agents, ...b.agents],
  };
}

/** Throws what Postgres would: a second entry under the same number. */
export function applyWrites(tables: Tables, writes: Writes): void {
  for (const entry of writes.entries) {
    const before = tables.journal.get(entry.run_id) ?? [];
    if (before.some((one) => one.seq === entry.seq)) throw new SqlError('23505', 'duplicate key');
    tables.journal.set(entry.run_id, [...before, entry]);
  }
  for (const spill of writes.spills) tables.spills.add(spillKey(spill));
  for (const agent of writes.agents) tables.agents.set(agent.id, agent);
  for (const run of writes.runs) tables.runs.set(run.id, run);
  for (const row of writes.processes) tables.processes.set(row.id, row);
  for (const id of writes.goneProcesses) tables.processes.delete(id);
}

/** An error of the database, with its SQLSTATE or the code of a socket. */
export class SqlError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export const isEnded = (run: { readonly status: string }): boolean =>
  ['completed', 'failed', 'cancelled'].includes(run.status);
