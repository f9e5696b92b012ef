import { afterEach, expect, test, vi } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { DatabaseClock } from './database-clock.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('the time is the database’s, whatever the clock of this machine does', async () => {
  await using database = await createTestDatabase();
  const realMs = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: realMs - 3_600_000 });
  using clock = new DatabaseClock(database.db);
  expect(Math.abs(clock.now().getTime() - realMs)).toBeGreaterThan(3_000_000);
  await clock.look();
  expect(Math.abs(clock.now().getTime() - realMs)).toBeLessThan(60_000);
  vi.setSystemTime(realMs + 3_600_000);
  expect(Math.abs(clock.now().getTime() - realMs)).toBeLessThan(60_000);
  await clock.look();
  expect(Math.abs(clock.now().getTime() - realMs)).toBeLessThan(60_000);
});
