import type { BudgetGate } from '../runs/budget-gate.ts';
import { checkBudgets } from '../store/budget-use.ts';
import type { Database } from '../store/connect.ts';
import type { DueWork } from './due-loop.ts';

const batch = 50;
const refreshEveryMs = 1_000;

/** Keeps the state of budgets, one process at a time each, and this process's knowledge of them; for a loop. */
export function budgetChecks(db: Database, gate: Pick<BudgetGate, 'refresh'>): DueWork {
  let refreshedAtMs = Number.NEGATIVE_INFINITY;
  return {
    name: 'The checking of budgets',
    run: async () => {
      const checked = await checkBudgets(db, { limit: batch });
      if (performance.now() - refreshedAtMs >= refreshEveryMs) {
        await gate.refresh();
        refreshedAtMs = performance.now();
      }
      return checked === batch ? 0 : refreshEveryMs;
    },
  };
}
