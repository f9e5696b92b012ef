import { cronSchedule, nextTicks } from './cron-expression.ts';
import { cronWords } from './cron-words.ts';

export interface CronExplanation {
  /** The expression in English, with its time zone. */
  readonly words: string;
  readonly nextTicks: readonly Date[];
}

/** A valid expression in words, and its next five ticks after the moment (without jitter). */
export function explainCron(cron: {
  readonly expression: string;
  readonly timezone: string;
  readonly after: Date;
}): CronExplanation {
  const { expression, timezone, after } = cron;
  const words = cronWords(expression) ?? `By the expression ${expression}`;
  const schedule = cronSchedule(expression, timezone);
  return { words: `${words} (${timezone})`, nextTicks: nextTicks(schedule, { after, count: 5 }) };
}
