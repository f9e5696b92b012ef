import type { ApprovalAnswer } from '../core/approval.ts';
import { insertApprovals, parkUntilWoken, readAnswers } from '../store/approvals.ts';
import type { HeldRun } from '../store/child-runs.ts';
import type { Database } from '../store/connect.ts';

/** What a driven run does with the approvals that it asked for; bound to the database. */
export interface Approvals {
  ask(run: HeldRun, asked: Parameters<typeof insertApprovals>[2]): Promise<boolean>;
  answers(runId: string, ids: readonly string[]): Promise<ReadonlyMap<string, ApprovalAnswer>>;
  park(run: HeldRun): Promise<boolean>;
}

export function approvalsIn(db: Database): Approvals {
  return {
    ask: (run, asked) => insertApprovals(db, run, asked),
    answers: (runId, ids) => readAnswers(db, runId, ids),
    park: (run) => parkUntilWoken(db, run),
  };
}
