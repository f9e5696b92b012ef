import { expect, test } from 'vitest';
import { mustBeZero } from './judge.ts';
import { runChaos } from './run-chaos.ts';

// The short, seeded form of `npm run chaos`, with a tenth of the product's times.

test('every acknowledged run ends well through kills, freezes, cuts and restarts', async () => {
  const figures = await runChaos({
    seed: 5,
    runs: 60,
    faultyMs: 11_000,
    scale: 0.1,
    postgresEveryMs: [2_500, 5_000],
    patienceMs: 90_000,
  });
  const nothing = Object.fromEntries(mustBeZero.map((name) => [name, 0]));
  expect(figures).toMatchObject({ ...nothing, details: [], acknowledged: 60 + figures.forks });
  expect(figures.completed + figures.cancelled).toBeGreaterThanOrEqual(60 + figures.children);
  expect(Math.min(figures.children, figures.spills)).toBeGreaterThan(0);
  expect(Math.min(figures.kills, figures.freezes, figures.postgresKills)).toBeGreaterThan(0);
}, 180_000);
