import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import { withinBudgets } from '../runs/budget-gate.ts';
import { commitFiring } from '../runs/commit-firing.ts';
import type { DispatchDeps } from '../runs/dispatch.ts';
import { planRun } from '../runs/plan-run.ts';
import {
  claimSchedules,
  type DueSchedule,
  nextScheduleDue,
  settleFailed,
  settleFired,
} from '../store/due-schedules.ts';
import type { SharedReads } from '../store/shared-reads.ts';
import type { DueWork } from './due-loop.ts';

// Fires scheduled runs: claim, fire under the once-only key `schedule:<id>`, settle. What a process that died
// has claimed is claimed again when its claim runs out, and a firing that was committed is found by its key.

const leaseMs = 5_000;
const batch = 200;

export interface ScheduleDeps extends DispatchDeps {
  readonly reads: Pick<SharedReads, 'agent'>;
  readonly logger: Logger;
  /** The database's clock. */
  readonly now: () => Promise<Date>;
}

/** The scheduled runs of all workspaces as work that falls due. Any number of processes may do it at once. */
export function dueSchedules(deps: ScheduleDeps): DueWork {
  return {
    name: 'Firing scheduled runs',
    async run() {
      const [dueAt, now] = [await nextScheduleDue(deps.db), await deps.now()];
      if (dueAt === null) return Number.POSITIVE_INFINITY;
      if (dueAt > now) return dueAt.getTime() - now.getTime();
      const due = await claimSchedules(deps.db, { now, leaseMs, limit: batch });
      const fired = await Promise.all(due.map((scheduled) => fireScheduled(deps, scheduled)));
      await settleFired(
        deps.db,
        due.filter((_, index) => fired[index] === true).map(({ id }) => id),
      );
      return 0;
    },
  };
}

/** Whether it has fired, now or before. False: it has failed, or is tried again. */
async function fireScheduled(deps: ScheduleDeps, scheduled: DueSchedule): Promise<boolean> {
  const { id, workspaceId, payloadJson, entityId, additionalInstructions } = scheduled;
  try {
    const agent = await deps.reads.agent([workspaceId], scheduled.agentId);
    if (agent === null) return await fail(deps, id, 'The agent was deleted.');
    if (!agent.enabled) return await fail(deps, id, 'The agent is disabled.');
    if (agent.definition.operation_mode === 'inactive') {
      return await fail(deps, id, 'The agent’s operation_mode is inactive.');
    }
    const plan = { agent, trigger: null, payloadJson, entityId, additionalInstructions };
    const event = {
      id: newId('triggerEvent'),
      workspaceId,
      source: 'schedule',
      triggerId: null,
      payloadJson,
      onceKey: `schedule:${id}`,
      occurredAt: scheduled.scheduledFor,
      entityId,
      causedByRunId: scheduled.createdByRunId,
      depth: scheduled.depth,
    };
    await withinBudgets(deps.budgets, { workspaceId, agentId: agent.id }, async () => {
      const run = planRun(deps, { ...plan, traceparent: null });
      const firing = { event, runs: [run], verdicts: [], idempotency: null };
      const { kind } = await commitFiring(deps, firing);
      return { result: kind, isCreated: kind === 'created' };
    });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.problem === 'unprocessable') {
      return await fail(deps, id, error.message);
    }
    deps.logger.warn({ err: error, scheduledRun: id }, 'A scheduled run could not be fired yet');
    return false;
  }
}

async function fail(deps: ScheduleDeps, id: string, reason: string): Promise<false> {
  await settleFailed(deps.db, { id, reason });
  return false;
}
