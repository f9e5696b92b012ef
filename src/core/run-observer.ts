import type { AgentDefinition } from './agent.ts';
import type { JournalEntry } from './journal.ts';
import type { Run } from './run.ts';

/** Is told of what runs did, once it is committed. Must not throw, and must not take time. */
export interface RunObserver {
  /** `entries` is the run's whole journal; those from `from` on are new. */
  committed(seen: {
    readonly run: Run;
    readonly definition: AgentDefinition;
    readonly entries: readonly JournalEntry[];
    readonly from: number;
  }): void;
  /** A run was ended from outside, by a cancel. */
  cancelled(run: Run): void;
}
