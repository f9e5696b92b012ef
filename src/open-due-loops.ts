import { testRunsWork } from './agent-tests/test-runs-work.ts';
import { alertWork } from './alerts/alert-work.ts';
import type { ApiDeps } from './api/deps.ts';
import type { Logger } from './core/logger.ts';
import { notificationWork } from './notifications/notification-work.ts';
import { workOnErasures } from './privacy/erase-contact.ts';
import type { BudgetGate } from './runs/budget-gate.ts';
import { approvalExpiry } from './runs/expire-approvals.ts';
import {
  type Database,
  type DatabaseOptions,
  openDatabase,
  writingOptions,
} from './store/connect.ts';
import type { DatabaseSettings } from './store/connect-session.ts';
import { databaseNow } from './store/cron-cursors.ts';
import { createSharedReads } from './store/shared-reads.ts';
import { budgetChecks } from './triggers/budget-checks.ts';
import { cronTicks } from './triggers/cron-ticks.ts';
import { DueLoop } from './triggers/due-loop.ts';
import { dueMessages } from './triggers/due-messages.ts';
import { dueSchedules } from './triggers/due-schedules.ts';
import { heldRuns, internalRelay } from './triggers/internal-relay.ts';
import { usageCounting } from './triggers/usage-counting.ts';

/** What fires at its time: schedules, events, waits that end, and what is counted and told of now and then. */
export function openDueLoops(
  given: {
    readonly api: ApiDeps;
    /** For what may wait as long as it has to. */
    readonly db: Database;
    readonly settings: DatabaseSettings;
    readonly logger: Logger;
    readonly publicUrl: string | null;
    readonly budgets: BudgetGate;
    readonly sandboxProblem: string | null;
    readonly nudgeNotices: () => void;
    readonly onIdleError: NonNullable<DatabaseOptions['onIdleError']>;
  },
  undo: AsyncDisposableStack,
): readonly DueLoop[] {
  const { api, db, settings, logger, publicUrl, budgets, nudgeNotices, onIdleError } = given;
  // It never waits for a connection behind those who read.
  const timing = undo.use(openDatabase(settings, { ...writingOptions, onIdleError }));
  const timely = { ...api, db: timing, reads: createSharedReads(timing) };
  const unhurried = { ...api, db };
  const now = () => databaseNow(timing);
  const sandboxProblem = () => given.sandboxProblem;
  const work = [
    cronTicks({ ...timely, now }),
    dueSchedules({ ...timely, now }),
    internalRelay(unhurried),
    heldRuns(unhurried),
    dueMessages(unhurried),
    usageCounting(db),
    budgetChecks(db, budgets),
    testRunsWork(unhurried),
    { name: 'The erasing of contacts', run: () => workOnErasures(unhurried) },
    approvalExpiry(timing),
    alertWork({ db, publicUrl, sandboxProblem }),
    notificationWork({ db, publicUrl, nudge: nudgeNotices }),
  ];
  return work.map((one) => undo.use(new DueLoop(one, logger)));
}
