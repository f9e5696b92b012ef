import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { measureLateness } from './cron-lateness.ts';

// The short forms of `npm run proof -- cron-lateness cron-year`.

test('an agent that runs every second runs in each, once, and never early', async () => {
  await using database = await createTestDatabase();
  const { db, url } = database;
  const figures = await measureLateness({ db, databaseUrl: url, seconds: 12 });
  expect(figures).toMatchObject({ missing: 0, doubles: 0, early: 0 });
  expect(figures.runsCompleted).toBe(figures.ticks);
}, 90_000);
