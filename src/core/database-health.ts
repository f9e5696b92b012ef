// How the database is: what takes its room, what its upkeep has not come to, and which statements were slow.

export interface TableHealth {
  readonly name: string;
  /** With indexes and what is kept beside the rows. */
  readonly sizeBytes: number;
  readonly indexBytes: number;
  /** As the last analysis and what has been counted since say. */
  readonly rows: number;
  /** Rows that are gone and whose room no vacuum has made free yet. */
  readonly deadRows: number;
  readonly lastVacuumAt: Date | null;
  readonly lastAnalyzeAt: Date | null;
}

export interface IndexHealth {
  readonly name: string;
  readonly table: string;
  readonly sizeBytes: number;
  readonly scans: number;
  /** False: its building broke off, and it is used by nobody. */
  readonly isValid: boolean;
  /** It keeps keys apart, used or not. */
  readonly isUnique: boolean;
}

export interface SlowStatement {
  /** Its name here, or the beginning of its text without values. */
  readonly statement: string;
  readonly times: number;
  readonly totalMs: number;
  readonly longestMs: number;
  readonly lastAt: Date;
}

export interface GoingStatement {
  readonly statement: string;
  readonly seconds: number;
  readonly waitsFor: string | null;
}

export interface DatabaseHealth {
  readonly version: string;
  readonly sizeBytes: number;
  /** The largest first. */
  readonly tables: readonly TableHealth[];
  readonly indexes: readonly IndexHealth[];
  /** Statements and transactions of more than five seconds that go on now, the longest first. */
  readonly going: readonly GoingStatement[];
  /** Of the transaction numbers that Postgres may be behind before it stops to protect itself, the share that is used. */
  readonly wraparound: number;
  readonly connections: { readonly open: number; readonly most: number };
  /** Since when its figures are counted. */
  readonly countedSince: Date | null;
}

/** What a table is about, for people. */
const whatTablesHold: readonly (readonly [what: string, tables: RegExp])[] = [
  [
    'runs and their steps',
    /^(runs|journal|run_chunks|run_slots|entity_runs|approvals|escalations|run_feedback)$/,
  ],
  ['large outputs', /^(spills|stored_objects)$/],
  ['trigger events', /^(trigger_\w+|internal_events|cron_cursors|scheduled_runs)$/],
  [
    'conversations',
    /^(conversation\w*|messages?\w*|contact\w*|attachments|tagged_\w+|channels?\w*)$/,
  ],
  ['knowledge', /^kb_/],
  ['webhooks out', /^webhook/],
  ['tools', /^(custom_tool\w*|tool_\w+|mcp_\w+)$/],
  ['tests of agents', /^test_/],
  ['audit log', /^audit_/],
  ['usage and limits', /^(usage_\w+|budgets|rate_counts|model_calls)$/],
];

export interface RoomTaken {
  readonly what: string;
  readonly sizeBytes: number;
}

/** What takes the room, the largest first. */
export function roomTaken(tables: readonly TableHealth[]): readonly RoomTaken[] {
  const byWhat = Map.groupBy(tables, ({ name }) => whatTableHolds(name));
  return [...byWhat]
    .map(([what, of]) => ({
      what,
      sizeBytes: of.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    }))
    .toSorted((a, b) => b.sizeBytes - a.sizeBytes);
}

export function whatTableHolds(table: string): string {
  return whatTablesHold.find(([, tables]) => tables.test(table))?.[0] ?? 'everything else';
}
