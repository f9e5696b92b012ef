import { expect, test } from 'vitest';
import { proveRetention } from './retention.ts';

// The short form of `npm run proof -- retention`.

test('what is too much goes while runs come in, the server is killed over it, and nothing else goes', async () => {
  const figures = await proveRetention({
    ...{ stored: 6_000, keep: 1_000, rate: 20, quietSeconds: 1, levelSeconds: 1, kill: true },
  });
  expect(figures).toMatchObject({
    ...{ kills: 1, notCompleted: 0, tooFew: 0, tooOld: 0, orphanSteps: 0, miscounted: 0 },
  });
}, 180_000);
