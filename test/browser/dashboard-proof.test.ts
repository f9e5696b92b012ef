import { describe, expect, test } from 'vitest';
import { requires } from '../support/requires.ts';
import { proveDashboard } from './dashboard-proof.ts';
import { chromiumProgram } from './open-browser.ts';

// The short form of `npm run proof -- dashboard`. How long things take is only for the full form to judge.

describe('the dashboard over much', requires(chromiumProgram !== null, 'no Chromium'), () => {
  test('shows all steps of a run that goes on while the server is started anew', async () => {
    const figures = await proveDashboard({
      storedRuns: 2_000,
      turns: 6,
      callsPerTurn: 2,
      turnMs: 300,
      largeBytes: 200_000,
      scrollMs: 300,
    });
    expect(figures).toMatchObject({ missedSteps: 0, memoryGrew: 0, complaints: 0 });
    expect(figures['live run: steps']).toBe(19);
    expect(figures['table: rows scrolled past']).toBeGreaterThan(20);
  }, 120_000);
});
