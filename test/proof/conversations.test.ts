import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { happenings, playConversation } from './conversations.ts';

// The short form of `npm run proof -- conversations`.

test('whatever happens in whatever order, no message has two replies, none has none, each arrives once', async () => {
  await using database = await createTestDatabase({ max: 20 });
  const plays = fc.asyncProperty(
    fc.array(fc.constantFrom(...happenings), { minLength: 6, maxLength: 14 }),
    fc.constantFrom(0, 0, 120),
    async (given, delayMs) => {
      const { db } = database;
      expect(await playConversation(db, { happenings: given, delayMs })).toMatchObject({
        ...{ doubles: 0, lost: 0, wrongDeliveries: 0 },
      });
    },
  );
  await fc.assert(plays, { seed: 20, numRuns: 8, endOnFailure: true });
}, 240_000);
