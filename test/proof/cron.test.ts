import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { measureLateness } from './cron-lateness.ts';
import { simulateCron } from './cron-year.ts';

// The short forms of `npm run proof -- cron-lateness cron-year`.

test('an agent that runs every second runs in each, once, and never early', async () => {
  await using database = await createTestDatabase();
  const { db, url } = database;
  const figures = await measureLateness({ db, databaseUrl: url, seconds: 12 });
  expect(figures).toMatchObject({ missing: 0, doubles: 0, early: 0 });
  expect(figures.runsCompleted).toBe(figures.ticks);
}, 90_000);

test('two days with a change of clocks, kills and outages, are as the policy says', async () => {
  await using database = await createTestDatabase();
  const figures = await simulateCron(database.db, {
    from: new Date('2026-10-24T12:00:00Z'),
    until: new Date('2026-10-26T18:00:00Z'),
    random: seededRandom(5),
  });
  expect(figures).toMatchObject({ missing: 0, unexpected: 0, doubles: 0, early: 0, late: 0 });
  expect(figures.kills).toBeGreaterThan(0);
  expect(figures.outages).toBeGreaterThan(0);
  expect(figures.fired).toBeGreaterThan(100);
}, 120_000);
