import { expect, test } from 'vitest';
import { proveOverload } from './overload.ts';

// The short form of `npm run proof -- overload`: its rates and its memory mean nothing in so short a time.
test('at twice what it can do the server refuses in plain words, and ends all that it took', async () => {
  const figures = await proveOverload({
    clients: 120,
    seconds: 2,
    searchSeconds: 0.3,
    sustainSeconds: 1,
    report: () => undefined,
  });
  expect(figures).toMatchObject({ lost: 0, otherAnswers: 0, unclear: 0 });
  expect(figures.acknowledged).toBeGreaterThan(0);
}, 180_000);
