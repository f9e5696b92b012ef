import { type CronSchedule, cronSchedule } from '../agents/cron-expression.ts';
import type { Agent } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import {
  advanceCronCursors,
  type CronCursor,
  type CursorAdvance,
  claimCronCursors,
  nextCronDue,
} from '../store/cron-cursors.ts';
import type { SharedReads } from '../store/shared-reads.ts';
import { planCron } from './cron-plan.ts';
import type { DueWork } from './due-loop.ts';
import { type FireDeps, fire } from './fire.ts';

// Fires cron ticks: claim cursors that are due, fire their ticks, advance them. A tick's event has the once-only
// key `cron:<trigger>:<tick>`, and a cursor advances only past ticks that fired or that the policy passes over.
// So a process that dies anywhere in between leaves neither a gap nor a double: whoever claims the cursor
// next fires what is left, and finds done what was done. There is one reading of the clock a turn, the
// database's.

/**
 * How long a claimed cursor is nobody else's: a tick of a process that died is late by so much. Two more may die
 * with it before it counts as missed.
 */
const leaseMs = 3_000;
const batch = 200;
const afterFailureMs = 1_000;

export interface CronDeps extends FireDeps {
  readonly reads: Pick<SharedReads, 'agent'>;
  readonly logger: Logger;
  /** The database's clock. */
  readonly now: () => Promise<Date>;
}

/** The cron ticks of all workspaces as work that falls due. Any number of processes may do it at once. */
export function cronTicks(deps: CronDeps): DueWork {
  const schedules = new Map<string, CronSchedule>();
  return {
    name: 'Firing cron triggers',
    async run() {
      const [dueAt, now] = [await nextCronDue(deps.db), await deps.now()];
      if (dueAt === null) return Number.POSITIVE_INFINITY;
      if (dueAt > now) return dueAt.getTime() - now.getTime();
      const claimedAt = performance.now();
      const cursors = await claimCronCursors(deps.db, { now, leaseMs, limit: batch });
      // Frozen for longer than the lease: somebody else has them.
      const isMine = () => performance.now() - claimedAt < leaseMs - 500;
      const turns = cursors.map((cursor) => turnOf(deps, { cursor, schedules, now, isMine }));
      await advanceCronCursors(deps.db, await Promise.all(turns));
      return 0;
    },
  };
}

async function turnOf(
  deps: CronDeps,
  given: {
    readonly cursor: CronCursor;
    readonly schedules: Map<string, CronSchedule>;
    readonly now: Date;
    readonly isMine: () => boolean;
  },
): Promise<CursorAdvance> {
  const { cursor, now } = given;
  const { triggerId, revision } = cursor;
  const plan = planCron(cursor, scheduleOf(given.schedules, cursor), now);
  if (plan.isIncomplete) {
    deps.logger.info({ triggerId, catchUp: cursor.catchUp }, 'Missed cron ticks were passed over');
  }
  let afterTick = cursor.afterTick;
  try {
    if (plan.fire.length > 0) {
      const agent = await deps.reads.agent([cursor.workspaceId], cursor.agentId);
      for (const tick of plan.fire) {
        if (!given.isMine()) break;
        await fireTick(deps, { cursor, agent, tick });
        afterTick = tick;
      }
    }
  } catch (error) {
    deps.logger.warn({ err: error, triggerId }, 'A cron tick could not be fired yet');
    const dueAt = new Date(now.getTime() + afterFailureMs);
    return { triggerId, revision, afterTick, dueAt };
  }
  const { dueAt } = plan;
  if (afterTick < (plan.fire.at(-1) ?? afterTick))
    return { triggerId, revision, afterTick, dueAt: now };
  return { triggerId, revision, afterTick: plan.afterTick, dueAt };
}

async function fireTick(
  deps: CronDeps,
  given: { readonly cursor: CronCursor; readonly agent: Agent | null; readonly tick: Date },
): Promise<void> {
  const { cursor, agent, tick } = given;
  const trigger = agent?.triggers.find(({ id }) => id === cursor.triggerId);
  // Deleted a moment ago; its cursor goes with it.
  if (agent === null || trigger === undefined) return;
  try {
    await fire(deps, {
      workspaceId: cursor.workspaceId,
      source: 'cron',
      eventType: null,
      triggerId: trigger.id,
      payloadJson: '{}',
      onceKey: `cron:${trigger.id}:${tick.toISOString()}`,
      occurredAt: tick,
      causedByRunId: null,
      depth: 0,
      candidates: [{ agent, trigger, comparisons: [], matched: true, entityId: null }],
    });
  } catch (error) {
    // Whatever cannot be stored today cannot be tomorrow; the ticks to come are not held up by it.
    if (!(error instanceof ApiError) || error.problem !== 'unprocessable') throw error;
    deps.logger.error({ err: error, triggerId: trigger.id, tick }, 'A cron tick was lost');
  }
}

/** Schedules are kept: parsing an expression costs more than the next tick of it. */
function scheduleOf(kept: Map<string, CronSchedule>, cursor: CronCursor): CronSchedule {
  const key = `${cursor.timezone} ${cursor.expression}`;
  const schedule = kept.get(key) ?? cronSchedule(cursor.expression, cursor.timezone);
  kept.delete(key);
  kept.set(key, schedule);
  const oldest = kept.size > 2_000 ? kept.keys().next() : null;
  if (oldest !== null && !oldest.done) kept.delete(oldest.value);
  return schedule;
}
