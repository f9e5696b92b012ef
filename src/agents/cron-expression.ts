import { Cron } from 'croner';

/**
 * Why an expression cannot be a cron trigger's, to be read after the field's name; null when it can.
 * Five fields, or six with seconds first.
 */
export function whyNotCron(expression: string, timeZone: string): string | null {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) {
    return `must have five fields (minute hour day month weekday), or six with seconds first, e.g. "0 9 * * MON-FRI"; it has ${fields.length}`;
  }
  try {
    // Without a function croner only computes; nothing is scheduled.
    const cron = new Cron(expression, { mode: '5-or-6-parts', timezone: timeZone, paused: true });
    return cron.nextRun() === null ? 'never fires: no date fits all its fields' : null;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : 'invalid';
    return `is no cron expression: ${reason.replace(/\.$/, '')}`;
  }
}
