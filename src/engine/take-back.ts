import type { Logger } from '../core/logger.ts';
import type { Run } from '../core/run.ts';
import type { Database } from '../store/connect.ts';
import { databaseFault } from '../store/database-fault.ts';
import { adoptRuns } from '../store/ownership.ts';
import { forgetProcesses } from '../store/processes.ts';

interface TakeBackDeps {
  readonly db: Database;
  readonly logger: Logger;
}

/** At most so many times, each of which waits 5 s for locks. */
const maxTries = 5;

/** Adopts all runs of incarnations that are known to be dead, in portions, and forgets these. */
export async function takeBack(
  deps: TakeBackDeps,
  change: { readonly from: readonly string[]; readonly owner: string },
  drive: (run: Run) => void,
): Promise<void> {
  if (change.from.length === 0) return;
  for (;;) {
    const runs = await adopt(deps, change);
    for (const run of runs) drive(run);
    if (runs.length === 0) break;
    deps.logger.info({ runs: runs.length }, 'Took back the runs of an earlier start');
  }
  await forgetProcesses(deps.db, change.from);
}

/** What a dead process left under way can still hold the rows, or lock them in a circle with this. */
async function adopt(
  { db, logger }: TakeBackDeps,
  change: { readonly from: readonly string[]; readonly owner: string },
): Promise<readonly Run[]> {
  for (let tries = 1; ; tries++) {
    try {
      const request = { ...change, limit: 1_000 };
      return await db.transaction((tx) => adoptRuns(tx, request), { lockTimeoutMs: 5_000 });
    } catch (error) {
      if (tries === maxTries || databaseFault(error) !== 'transient') throw error;
      logger.warn({ err: error }, 'The runs of an earlier start are held; trying again');
    }
  }
}
