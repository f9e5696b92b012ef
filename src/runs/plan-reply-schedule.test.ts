import { describe, expect, test } from 'vitest';
import type { ScheduleWindow } from '../core/agent.ts';
import { isWithin } from './plan-reply.ts';

const at = (timezone: string, ...windows: ScheduleWindow[]) => ({ timezone, windows });
const within = (schedule: ReturnType<typeof at>, time: string) =>
  isWithin(schedule, new Date(time));

describe('a schedule of autopilot', () => {
  test('goes by the wall clock of its own time zone, through the change of clocks too', () => {
    const berlin = at('Europe/Berlin', { days: ['mon'], from: '09:00', to: '17:00' });
    // Winter: UTC+1; summer: UTC+2.
    expect(within(berlin, '2026-01-05T07:59:59Z')).toBe(false);
    expect(within(berlin, '2026-01-05T08:00:00Z')).toBe(true);
    expect(within(berlin, '2026-01-05T15:59:59Z')).toBe(true);
    expect(within(berlin, '2026-01-05T16:00:00Z')).toBe(false);
    expect(within(berlin, '2026-07-06T07:00:00Z')).toBe(true);
    expect(within(berlin, '2026-07-06T15:00:00Z')).toBe(false);
    expect(within(berlin, '2026-01-06T10:00:00Z')).toBe(false);
    // It is Monday there while it is Sunday in Greenwich.
    const kiritimati = at('Pacific/Kiritimati', { days: ['mon'], from: '00:00', to: '24:00' });
    expect(within(kiritimati, '2026-01-04T10:00:00Z')).toBe(true);
    expect(within(kiritimati, '2026-01-05T10:00:00Z')).toBe(false);
  });

  test('passes midnight when a window ends before it begins', () => {
    const night = at('UTC', { days: ['fri'], from: '22:00', to: '06:00' });
    expect(within(night, '2026-01-02T21:59:00Z')).toBe(false);
    expect(within(night, '2026-01-02T22:00:00Z')).toBe(true);
    expect(within(night, '2026-01-03T05:59:00Z')).toBe(true);
    expect(within(night, '2026-01-03T06:00:00Z')).toBe(false);
    expect(within(night, '2026-01-02T05:00:00Z')).toBe(false);
    const sunday = at('UTC', { days: ['sun'], from: '23:00', to: '01:00' });
    expect(within(sunday, '2026-01-05T00:30:00Z')).toBe(true);
  });
});
