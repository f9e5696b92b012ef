import { assert, constantFrom, integer, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oracleTicks } from '../../test/support/cron-oracle.ts';
import { cronSchedule, nextTicks, whyNotCron } from './cron-expression.ts';
import { cronWords } from './cron-words.ts';
import { explainCron } from './explain-cron.ts';

function ticks(expression: string, timezone: string, after: string, count: number): string[] {
  const found = nextTicks(cronSchedule(expression, timezone), { after: new Date(after), count });
  return found.map((tick) => `${tick.toISOString().slice(0, 16)}Z`);
}

describe('ticks where clocks are set forward', () => {
  const evening = '2026-03-28T20:00:00Z';

  test('a fixed time that is skipped is due once, at the first moment after the gap', () => {
    expect(ticks('30 2 * * *', 'Europe/Berlin', evening, 2)).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
    ]);
    expect(ticks('10,50 2 * * *', 'Europe/Berlin', evening, 2)).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-30T00:10Z',
    ]);
    expect(ticks('0 2,3 * * *', 'Europe/Berlin', evening, 2)).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-30T00:00Z',
    ]);
    expect(ticks('0 0 * * *', 'America/Santiago', '2026-09-05T12:00:00Z', 1)).toEqual([
      '2026-09-06T04:00Z',
    ]);
  });

  test('an interval goes by the clock', () => {
    expect(ticks('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', 3)).toEqual([
      '2026-03-29T00:30Z',
      '2026-03-29T01:00Z',
      '2026-03-29T01:30Z',
    ]);
    expect(ticks('*/30 2 * * *', 'Europe/Berlin', evening, 1)).toEqual(['2026-03-30T00:00Z']);
  });
});

describe('ticks where clocks are set back', () => {
  test('a fixed time that comes twice is due once, wherever one starts to look', () => {
    expect(ticks('30 2 * * *', 'Europe/Berlin', '2026-10-24T20:00:00Z', 2)).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ]);
    expect(ticks('30 2 * * *', 'Europe/Berlin', '2026-10-25T01:10:00Z', 1)).toEqual([
      '2026-10-26T01:30Z',
    ]);
  });

  test('an interval goes on through both', () => {
    expect(ticks('*/30 2 * * *', 'Europe/Berlin', '2026-10-24T20:00:00Z', 4)).toEqual([
      '2026-10-25T00:00Z',
      '2026-10-25T00:30Z',
      '2026-10-25T01:00Z',
      '2026-10-25T01:30Z',
    ]);
  });
});

// Transitions of half an hour, of an hour at midnight, by different rules, and a zone without any.
const transitions = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['America/Santiago', '2026-09-06T04:00Z'],
  ['America/Santiago', '2026-04-05T03:00Z'],
  ['Asia/Kathmandu', '2026-07-01T00:00Z'],
] as const;

test('agrees with a walk through every minute on the wall, around all kinds of transitions', async () => {
  const field = (first: number, last: number) =>
    tuple(integer({ min: first, max: last }), integer({ min: 1, max: 7 })).chain(([value, step]) =>
      constantFrom(
        '*',
        `*/${step}`,
        `${value}`,
        `${value}`,
        `${Math.min(value, last - 1)}-${last}`,
        `${first},${value}`,
      ),
    );
  const expressions = tuple(
    constantFrom('', '0 ', '15,45 '),
    field(0, 59),
    constantFrom('*', '*/2', '0', '1', '2', '3', '1,2', '0-3', '1-2', '2,3'),
    constantFrom('*', '*', '1-7', '25,29'),
    constantFrom('*', '1-11'),
    constantFrom('*', '*', '0', '1-5'),
  ).map(([seconds, ...rest]) => seconds + rest.join(' '));
  await assert(
    property(
      expressions,
      constantFrom(...transitions),
      integer({ min: -180, max: 120 }),
      (expression, [timezone, at], minutes) => {
        const after = new Date(Date.parse(at) + minutes * 60_000 - 1);
        const until = new Date(after.getTime() + 5 * 3_600_000);
        const expected = oracleTicks({ expression, timezone, after, until });
        const found: Date[] = [];
        const { next, previous } = cronSchedule(expression, timezone);
        for (let tick = next(after); tick !== null && tick <= until; tick = next(tick)) {
          found.push(tick);
        }
        const last = previous(new Date(until.getTime() + 1));
        const back: Date[] = [];
        for (let tick = last; tick !== null && tick > after; tick = previous(tick)) {
          back.unshift(tick);
        }
        expect(back, `${expression} in ${timezone} back from ${until.toISOString()}`).toEqual(
          expected,
        );
        expect(found, `${expression} in ${timezone} from ${after.toISOString()}`).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});

describe('what is wrong with an expression', () => {
  test('is said with what would be right', () => {
    expect(whyNotCron('* * * *', 'UTC')).toMatch(/must have five fields .*"0 9 \* \* MON-FRI"/);
    expect(whyNotCron('61 * * * *', 'UTC')).toMatch(/^is no cron expression: /);
    expect(whyNotCron('0 0 30 2 *', 'UTC')).toBe(
      'never fires: no date fits all its fields (At 00:00, on day 30 of the month, only in February)',
    );
    expect(whyNotCron('0 9 * * MON-FRI', 'UTC')).toBeNull();
    expect(whyNotCron('*/5 0 9 29 2 *', 'Europe/Berlin')).toBeNull();
  });
});

describe('an expression in words', () => {
  test.each([
    ['0 9 * * MON-FRI', 'At 09:00, Monday through Friday'],
    ['*/5 * * * *', 'Every 5 minutes'],
    ['*/10 * * * * *', 'Every 10 seconds'],
    ['30 0 2 29 2 *', 'At 02:00:30, on day 29 of the month, only in February'],
    ['0 0 L * *', 'At 00:00, on the last day of the month'],
    ['0 0 * * 1#2', 'At 00:00, on the second Monday of the month'],
    ['0 0 13 * 5', 'At 00:00, on day 13 of the month, and on Friday'],
    // Steps that do not go up in an hour, a day or a month stand for the values that they mean.
    ['*/40 * * * *', 'At 0 and 40 minutes past the hour'],
    ['0 */10 * * *', 'At 00:00, 10:00 and 20:00'],
  ])('%s: %s', (expression, words) => {
    expect(cronWords(expression)).toBe(words);
  });

  test('comes with its zone and its next five ticks', () => {
    const cron = { expression: '0 9 * * *', timezone: 'Europe/Berlin' };
    const { words, nextTicks: next } = explainCron({
      ...cron,
      after: new Date('2026-10-23T12:00Z'),
    });
    expect(words).toBe('At 09:00 (Europe/Berlin)');
    expect(next.map((tick) => tick.toISOString().slice(5, 16))).toEqual([
      '10-24T07:00',
      '10-25T08:00',
      '10-26T08:00',
      '10-27T08:00',
      '10-28T08:00',
    ]);
  });
});
