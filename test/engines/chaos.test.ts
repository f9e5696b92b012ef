import { describe, expect, test } from 'vitest';
import { mustBeZero } from '../chaos/judge.ts';
import { whyNoNetwork } from '../chaos/network.ts';
import { runClusterChaos } from '../chaos/run-cluster-chaos.ts';
import { requires } from '../support/requires.ts';
import { needsTemporal } from '../support/temporal-server.ts';

// The short, seeded form of `npm run proof -- temporal-chaos`, with a tenth of the product's times.

const why = whyNoNetwork();

describe('an API and two workers on addresses of their own', needsTemporal, () => {
  test('end every acknowledged run well, through kills, cut cables and restarts of what they need', {
    ...requires(why === null, why ?? ''),
    timeout: 180_000,
  }, async () => {
    const figures = await runClusterChaos({
      ...{ seed: 3, runs: 40, faultyMs: 9_000, scale: 0.1 },
      ...{ everyMs: [500, 1_200], awayMs: [500, 3_000], patienceMs: 120_000 },
    });
    const nothing = Object.fromEntries(mustBeZero.map((name) => [name, 0]));
    expect(figures).toMatchObject({ ...nothing, details: [], acknowledged: 40 + figures.forks });
    const { kills, cuts, temporalRestarts, postgresKills } = figures;
    expect(Math.min(kills, cuts, temporalRestarts, postgresKills)).toBeGreaterThan(0);
  });
});
