import { createHash } from 'node:crypto';
import type { CronSchedule } from '../agents/cron-expression.ts';
import type { CronCursor } from '../store/cron-cursors.ts';

// Which ticks of a cron trigger fire at a moment, and when to look again. All times are the database's.
//
// A tick is due at its time, plus a jitter that depends on trigger and tick only and ends before the next
// tick. One that is due fires, unless it is missed: nobody was there to fire it within `missedAfterMs`. Of the
// missed ones, `catch_up` fires none (`skip`), the newest unless a newer tick is due by now (`latest`), or all
// up to `maxCatchUp` (`all`; of more, the newest).

/** A tick that could not be fired so long after it was due is missed. */
export const missedAfterMs = 10_000;
/** Missed ticks that `all` fires at most. */
export const maxCatchUp = 100;
/** A cursor is looked at so often even when nothing is due: zones change their rules. */
const longestWaitMs = 24 * 3_600_000;

export interface CronPlan {
  /** Ticks to fire now, in their order. */
  readonly fire: readonly Date[];
  /** Where the cursor then stands. */
  readonly afterTick: Date;
  readonly dueAt: Date;
  /** Ticks were missed that do not fire. */
  readonly isIncomplete: boolean;
}

/** The plan for a cursor at a moment. */
export function planCron(
  cursor: Pick<CronCursor, 'triggerId' | 'jitterMs' | 'catchUp' | 'afterTick'>,
  schedule: CronSchedule,
  now: Date,
): CronPlan {
  const dueAtOf = (tick: Date) => dueAt(cursor, schedule, tick);
  const newest = newestTicks(schedule, {
    after: cursor.afterTick,
    until: now,
    count: maxCatchUp + missedAfterMs / 1_000 + 2,
  });
  const due = newest.ticks.filter((tick) => dueAtOf(tick) <= now.getTime());
  const missedBefore = now.getTime() - missedAfterMs;
  const onTime = due.filter((tick) => dueAtOf(tick) >= missedBefore);
  const missed = due.slice(0, due.length - onTime.length);
  const caughtUp = catchUp(cursor.catchUp, missed, onTime.length > 0);
  const afterTick = due.at(-1) ?? cursor.afterTick;
  const next = schedule.next(afterTick);
  const latest = now.getTime() + longestWaitMs;
  return {
    fire: [...caughtUp, ...onTime],
    afterTick,
    dueAt: new Date(next === null ? latest : Math.min(dueAtOf(next), latest)),
    isIncomplete: !newest.isWhole || caughtUp.length < missed.length,
  };
}

function catchUp(
  policy: CronCursor['catchUp'],
  missed: readonly Date[],
  hasNewer: boolean,
): readonly Date[] {
  switch (policy) {
    case 'skip':
      return [];
    case 'latest':
      return hasNewer ? [] : missed.slice(-1);
    case 'all':
      return missed.slice(-maxCatchUp);
  }
}

/** When a tick is due, ms: the same in every process, and before the next tick. */
function dueAt(
  cursor: Pick<CronCursor, 'triggerId' | 'jitterMs'>,
  schedule: CronSchedule,
  tick: Date,
): number {
  if (cursor.jitterMs === 0) return tick.getTime();
  const next = schedule.next(tick);
  const room = next === null ? cursor.jitterMs : next.getTime() - tick.getTime();
  const digest = createHash('sha256').update(`${cursor.triggerId} ${tick.getTime()}`).digest();
  const share = digest.readUInt32BE() / 2 ** 32;
  return tick.getTime() + Math.floor(share * Math.min(cursor.jitterMs, room));
}

/** The newest ticks in (after, until], at most `count`, in their order; whether there were no more. */
function newestTicks(
  schedule: CronSchedule,
  span: { readonly after: Date; readonly until: Date; readonly count: number },
): { readonly ticks: readonly Date[]; readonly isWhole: boolean } {
  const ticks: Date[] = [];
  // From the end: of a month without anybody there, the first days need not be walked through.
  let tick = schedule.previous(new Date(span.until.getTime() + 1));
  while (tick !== null && tick > span.after) {
    if (ticks.length === span.count) return { ticks: ticks.reverse(), isWhole: false };
    ticks.push(tick);
    tick = schedule.previous(tick);
  }
  return { ticks: ticks.reverse(), isWhole: true };
}
