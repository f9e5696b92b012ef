import { type Budget, periodEnd, whyOverBudget } from '../core/budget.ts';
import { ApiError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { letRunIn, letRunOut, listStoppingBudgets } from '../store/budget-use.ts';
import type { Database } from '../store/connect.ts';

// Whether a run may start under the budgets of its workspace and agent. A run that has started goes on to its
// end, with all that it asks other agents for: what a budget stops is the next one. Limits on runs are exact over
// all processes. Tokens and money are known by what was read last, `BudgetGate.staleMs` ago at most in a process
// that keeps up, so they are exceeded by what is in flight and by what starts in that time.

export interface Starting {
  readonly workspaceId: string;
  readonly agentId: string;
}

/** Budgets that counted a run which is to be created, or why it may not be. */
export type Admission =
  | { readonly refused: null; readonly counted: readonly string[] }
  | { readonly refused: string };

export interface Budgets {
  admit(run: Starting): Promise<Admission>;
  /** The admitted run was not created. */
  giveBack(counted: readonly string[]): void;
}

const free: Admission = { refused: null, counted: [] };

export class BudgetGate implements Budgets {
  /** Age of what is known of tokens and money, at most, while the database answers: a check and a reading. */
  static readonly staleMs = 2_500;
  readonly #db: Database;
  readonly #logger: Logger;
  #byWorkspace: ReadonlyMap<string, readonly Budget[]> | null = null;
  #reading: Promise<void> | null = null;

  constructor(deps: { readonly db: Database; readonly logger: Logger }) {
    this.#db = deps.db;
    this.#logger = deps.logger;
  }

  /** Reads what stands now. What was read before stays where that fails. */
  async refresh(): Promise<void> {
    const byWorkspace = new Map<string, Budget[]>();
    for (const budget of await listStoppingBudgets(this.#db)) {
      const known = byWorkspace.get(budget.workspaceId);
      if (known === undefined) byWorkspace.set(budget.workspaceId, [budget]);
      else known.push(budget);
    }
    this.#byWorkspace = byWorkspace;
  }

  async admit(run: Starting): Promise<Admission> {
    const known = this.#byWorkspace ?? (await this.#first());
    const budgets = known
      .get(run.workspaceId)
      ?.filter(({ agentId }) => agentId === null || agentId === run.agentId);
    if (budgets === undefined || budgets.length === 0) return free;
    const spent = whySpent(budgets);
    if (spent !== null) return { refused: spent };
    const counted = budgets.filter(({ maxRuns }) => maxRuns !== null).map(({ id }) => id);
    if (counted.length === 0) return free;
    const full = await letRunIn(this.#db, counted);
    return full === null ? { refused: null, counted } : { refused: whyOverBudget(full, 'runs') };
  }

  /** Why nothing but runs that go on may use models in the workspace now, or null. */
  async whySpent(workspaceId: string): Promise<string | null> {
    const known = this.#byWorkspace ?? (await this.#first());
    const whole = known.get(workspaceId)?.filter(({ agentId }) => agentId === null) ?? [];
    return whySpent(whole);
  }

  giveBack(counted: readonly string[]): void {
    if (counted.length === 0) return;
    // Lost at worst: then the period has room for one run less.
    letRunOut(this.#db, counted).catch((err: unknown) =>
      this.#logger.warn({ err }, 'A budget did not get a run back that was not created'),
    );
  }

  async #first(): Promise<ReadonlyMap<string, readonly Budget[]>> {
    this.#reading ??= this.refresh().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
    return this.#byWorkspace ?? new Map();
  }
}

/** Of what tokens or money are used up, in a period that is not over. */
function whySpent(budgets: readonly Budget[]): string | null {
  const now = Date.now();
  for (const budget of budgets) {
    const spent = budget.reached.find((measure) => measure !== 'runs');
    if (spent !== undefined && periodEnd(budget).getTime() > now)
      return whyOverBudget(budget, spent);
  }
  return null;
}

/** Runs `create` if the budgets admit the run. Throws `unprocessable` with the reason if they do not. */
export async function withinBudgets<T>(
  budgets: Budgets | undefined,
  run: Starting,
  create: () => Promise<{ readonly result: T; readonly isCreated: boolean }>,
): Promise<T> {
  if (budgets === undefined) return (await create()).result;
  const admission = await budgets.admit(run);
  if (admission.refused !== null) throw new ApiError('unprocessable', admission.refused);
  let isCreated = false;
  try {
    const made = await create();
    isCreated = made.isCreated;
    return made.result;
  } finally {
    if (!isCreated) budgets.giveBack(admission.counted);
  }
}
