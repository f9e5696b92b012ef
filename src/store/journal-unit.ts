import type { JournalContent } from '../core/journal.ts';
import type { RunOutcome } from '../core/run.ts';

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
