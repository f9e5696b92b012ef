import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { happenings, playConversation } from './conversations.ts';

// The short form of `npm run proof -- conversations`.

test('whatever happens in whatever order, no message has two replies, none has none, each arrives once', async () => {
  await using database = await createTestDatabase({ max: 20 });
  const plays = fc.asyncProperty(
    // Half of what happens is what a run needs to be in the middle of something when the rest does.
    fc.array(fc.oneof(fc.constantFrom(...happenings), fc.constantFrom('fire', 'write', 'think')), {
      minLength: 8,
      maxLength: 16,
    }),
    fc.constantFrom(0, 0, 120),
    async (given, delayMs) => {
      const { db } = database;
      expect(await playConversation(db, { happenings: given, delayMs })).toMatchObject({
        ...{ doubles: 0, lost: 0, stale: 0, wrongDeliveries: 0 },
      });
    },
  );
  await fc.assert(plays, { seed: 20, numRuns: 20, endOnFailure: true });
}, 240_000);
