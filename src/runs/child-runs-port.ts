import type { Run, RunTotals } from '../core/run.ts';
import {
  createChildRuns,
  type HeldRun,
  type NewChildRun,
  parkRun,
  readChildRuns,
} from '../store/child-runs.ts';
import type { Database } from '../store/connect.ts';
import { cancelBelow } from './cancel.ts';

/** What a driven run does with the runs that it asked for; bound to the database. */
export interface ChildRuns {
  create(parent: HeldRun, children: readonly NewChildRun[]): Promise<boolean>;
  read(
    parentId: string,
    ids: readonly string[],
  ): Promise<{ readonly children: readonly (Run | null)[]; readonly used: RunTotals }>;
  /** Ends those that have not ended. */
  cancel(parentId: string): Promise<void>;
  park(run: HeldRun, forMs: number): Promise<boolean>;
}

export function childRunsIn(db: Database): ChildRuns {
  return {
    create: (parent, children) => createChildRuns(db, parent, children),
    read: (parentId, ids) => readChildRuns(db, parentId, ids),
    cancel: async (parentId) => void (await cancelBelow(db, [parentId])),
    park: (run, forMs) => parkRun(db, run, forMs),
  };
}
