import { expect, test } from 'vitest';
import { proveWebhooks } from './webhooks.ts';

// The short, seeded form of `npm run proof -- webhooks`.

test('every webhook that was acknowledged under SIGKILL has one event and one run, and repeats add none', async () => {
  const figures = await proveWebhooks({
    seed: 21,
    webhooks: 400,
    kills: 1,
    repeats: 100,
    undisturbed: 0,
    atOnce: 20,
  });
  expect(figures).toMatchObject({
    acknowledged: 400,
    lost: 0,
    doubledEvents: 0,
    wrongRuns: 0,
    unaccounted: 0,
    runsNotCompleted: 0,
    wrongRepeats: 0,
  });
}, 120_000);
