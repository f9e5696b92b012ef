import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { proveRecords } from './records.ts';

// The short form of `npm run proof -- records`.

test('records told twice, shuffled, by several at once end right, and each change fires once', async () => {
  await using database = await createTestDatabase();
  const random = seededRandom(3);
  const figures = await proveRecords(database.db, { records: 120, batch: 20, atOnce: 3, random });
  expect(figures).toMatchObject({
    ...{ wrongRecords: 0, notFired: 0, firedTwice: 0, firedForNothing: 0 },
    ...{ wrongEvents: 0, wrongRuns: 0 },
  });
  expect(figures.late).toBeGreaterThan(0);
  expect(figures['real changes']).toBeGreaterThan(120);
  expect(figures['runs begun']).toBeGreaterThan(0);
}, 90_000);
