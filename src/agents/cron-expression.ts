import { Cron } from 'croner';
import { cronWords } from './cron-words.ts';

// When cron expressions are due. Five fields, or six with seconds first; a day of the month and a weekday
// that are both restricted are alternatives. Where clocks are set forward or back:
//   fixed times    (no `*`, `?` or step in seconds, minutes and hours) are due once on each of their days:
//                  one that the clock skips at the first moment after the gap, one that it shows twice at the first
//   all others     go by the clock: what it skips is not due, what it shows twice is due twice
// A day that a zone leaves out as a whole (Samoa, 30 December 2011) is not made up for.

export interface CronSchedule {
  /** The first tick after the moment; null when there is none. */
  next(after: Date): Date | null;
  /** The last tick before the moment; null when there is none. */
  previous(before: Date): Date | null;
}

/** The ticks of an expression that was found valid. */
export function cronSchedule(expression: string, timeZone: string): CronSchedule {
  const cron = openCron(expression, timeZone);
  return {
    next: (after) => cron.nextRun(after),
    previous: (before) => cron.previousRuns(1, before)[0] ?? null,
  };
}

/** The ticks that come next, at most `count`. */
export function nextTicks(
  schedule: CronSchedule,
  { after, count }: { readonly after: Date; readonly count: number },
): Date[] {
  const ticks: Date[] = [];
  let tick = schedule.next(after);
  while (tick !== null && ticks.length < count) {
    ticks.push(tick);
    tick = schedule.next(tick);
  }
  return ticks;
}

/** Why an expression cannot be a cron trigger's, to be read after the field's name; null when it can. */
export function whyNotCron(expression: string, timeZone: string): string | null {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) {
    return `must have five fields (minute hour day month weekday), or six with seconds first, e.g. "0 9 * * MON-FRI"; it has ${fields.length}`;
  }
  try {
    if (openCron(expression, timeZone).nextRun() !== null) return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : 'invalid';
    return `is no cron expression: ${reason.replace(/\.$/, '')}`;
  }
  const words = cronWords(expression);
  return `never fires: no date fits all its fields${words === null ? '' : ` (${words})`}`;
}

// Without a function croner only computes; nothing is scheduled.
function openCron(expression: string, timeZone: string): Cron {
  return new Cron(expression.trim(), {
    mode: '5-or-6-parts',
    timezone: timeZone,
    fixedTimeRule: 'no-wildcard',
    paused: true,
  });
}
