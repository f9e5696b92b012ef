import { describe, expect, test } from 'vitest';
import { proveKills } from './kill-server.ts';

// The short, seeded form of `npm run proof -- kill-server kill-postgres`.

const nothingBroken = { stuck: 0, failed: 0, forgotResults: 0, repeatedModelCalls: 0 };

describe('runs under SIGKILL', () => {
  test('all end, and no committed model call is repeated, when the server is killed', async () => {
    const figures = await proveKills({
      victim: 'server',
      seed: 11,
      runs: 24,
      kills: 3,
      modelDelayMs: 100,
    });
    expect(figures).toMatchObject({ ...nothingBroken, acknowledged: 24, completed: 24 });
    expect(Math.max(...figures.readyAfterMs)).toBeLessThan(10_000);
  }, 120_000);

  test('all end, and nothing acknowledged is lost, when Postgres is killed', async () => {
    const figures = await proveKills({
      victim: 'postgres',
      seed: 12,
      runs: 24,
      kills: 3,
      modelDelayMs: 100,
    });
    expect(figures).toMatchObject({ ...nothingBroken, acknowledged: 24, completed: 24 });
  }, 120_000);
});
