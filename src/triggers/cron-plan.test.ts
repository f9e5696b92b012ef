import { describe, expect, test } from 'vitest';
import { cronSchedule } from '../agents/cron-expression.ts';
import { maxCatchUp, planCron } from './cron-plan.ts';

const at = (time: string) => new Date(`2026-05-01T${time}Z`);

function plan(given: {
  readonly expression: string;
  readonly after: Date;
  readonly now: Date;
  readonly catchUp?: 'skip' | 'latest' | 'all';
  readonly jitterMs?: number;
}) {
  const { expression, after, now, catchUp = 'latest', jitterMs = 0 } = given;
  const cursor = { triggerId: 'tr1', jitterMs, catchUp, afterTick: after };
  return planCron(cursor, cronSchedule(expression, 'UTC'), now);
}

describe('the plan of a cron trigger', () => {
  test('waits for the next tick, and fires it when it has come', () => {
    const waiting = { expression: '0 9 * * *', after: at('08:00:00'), now: at('08:59:59.999') };
    expect(plan(waiting)).toEqual({
      fire: [],
      afterTick: at('08:00:00'),
      dueAt: at('09:00:00'),
      isIncomplete: false,
    });
    expect(plan({ ...waiting, now: at('09:00:00') })).toEqual({
      fire: [at('09:00:00')],
      afterTick: at('09:00:00'),
      dueAt: new Date('2026-05-02T09:00:00Z'),
      isIncomplete: false,
    });
  });

  test('fires every tick that is at most 10 s late, whatever catch_up says', () => {
    const late = { expression: '*/5 * * * * *', after: at('09:00:00'), now: at('09:00:14') };
    for (const catchUp of ['skip', 'latest', 'all'] as const) {
      expect(plan({ ...late, catchUp }).fire).toEqual([at('09:00:05'), at('09:00:10')]);
    }
  });

  test('follows catch_up for ticks that were missed', () => {
    const missed = { expression: '0 * * * *', after: at('05:30:00'), now: at('09:30:00') };
    const stands = { afterTick: at('09:00:00'), dueAt: at('10:00:00') };
    expect(plan({ ...missed, catchUp: 'skip' })).toEqual({
      fire: [],
      ...stands,
      isIncomplete: true,
    });
    expect(plan({ ...missed, catchUp: 'latest' })).toEqual({
      fire: [at('09:00:00')],
      ...stands,
      isIncomplete: true,
    });
    expect(plan({ ...missed, catchUp: 'all' })).toEqual({
      fire: [at('06:00:00'), at('07:00:00'), at('08:00:00'), at('09:00:00')],
      ...stands,
      isIncomplete: false,
    });
  });

  test('catches up with nothing older when a newer tick is due on time', () => {
    const both = { expression: '0 * * * *', after: at('05:30:00'), now: at('09:00:03') };
    expect(plan({ ...both, catchUp: 'latest' }).fire).toEqual([at('09:00:00')]);
    expect(plan({ ...both, catchUp: 'skip' }).fire).toEqual([at('09:00:00')]);
  });

  test('bounds what it catches up with, by number and by work', () => {
    const year = {
      expression: '* * * * * *',
      after: new Date('2025-05-01T00:00:00Z'),
      now: at('09:00:00'),
    };
    const { fire, isIncomplete, afterTick } = plan({ ...year, catchUp: 'all' });
    expect(isIncomplete).toBe(true);
    expect(afterTick).toEqual(at('09:00:00'));
    // Those of the last 10 s are not missed, and fire beside.
    expect(fire.length).toBe(maxCatchUp + 11);
    expect(fire.at(-1)).toEqual(at('09:00:00'));
    expect(plan({ ...year, catchUp: 'latest' }).fire.length).toBe(11);
  });

  test('does not fire again when the clock goes back', () => {
    const back = { expression: '0 * * * *', after: at('09:00:00'), now: at('08:10:00') };
    expect(plan(back)).toMatchObject({
      fire: [],
      afterTick: at('09:00:00'),
      dueAt: at('10:00:00'),
    });
  });

  test('looks again within a day, though the next tick is far', () => {
    const far = { expression: '0 0 29 2 *', after: at('00:00:00'), now: at('09:00:00') };
    expect(plan(far).dueAt).toEqual(new Date('2026-05-02T09:00:00Z'));
  });

  test('spreads ticks by a jitter that stays the same and ends before the next tick', () => {
    const jittered = { expression: '* * * * *', after: at('09:00:00'), jitterMs: 3_600_000 };
    const waiting = plan({ ...jittered, now: at('09:00:30') });
    expect(waiting).toEqual(plan({ ...jittered, now: at('09:00:31') }));
    expect(waiting.dueAt.getTime()).toBeGreaterThanOrEqual(at('09:01:00').getTime());
    expect(waiting.dueAt.getTime()).toBeLessThan(at('09:02:00').getTime());
    const before = new Date(waiting.dueAt.getTime() - 1);
    expect(plan({ ...jittered, now: before }).fire).toEqual([]);
    expect(plan({ ...jittered, now: waiting.dueAt }).fire).toEqual([at('09:01:00')]);
  });
});
