import { describe, expect, test } from 'vitest';
import { judgeBudget, periodEnd, whyOverBudget } from './budget.ts';

const limits = { maxRuns: 10, maxTokens: null, maxCostUsd: 2, warnAt: 0.8 };

describe('a budget', () => {
  test.each([
    [{ runs: 0, tokens: 1e9, costUsd: 0 }, 'ok', []],
    [{ runs: 7, tokens: 0, costUsd: 1.59 }, 'ok', []],
    [{ runs: 8, tokens: 0, costUsd: 0 }, 'warning', []],
    [{ runs: 0, tokens: 0, costUsd: 1.6 }, 'warning', []],
    [{ runs: 10, tokens: 0, costUsd: 0 }, 'exceeded', ['runs']],
    [{ runs: 11, tokens: 0, costUsd: 2.5 }, 'exceeded', ['runs', 'cost']],
  ])('with %o used is %s', (used, state, reached) => {
    expect(judgeBudget(limits, used)).toEqual({ state, reached });
  });

  test('of nothing is used up from the start', () => {
    const used = { runs: 0, tokens: 0, costUsd: 0 };
    expect(judgeBudget({ ...limits, maxRuns: 0 }, used).state).toBe('exceeded');
  });

  test('ends with its day or its month', () => {
    const end = (period: 'day' | 'month', periodStart: string) =>
      periodEnd({ period, periodStart }).toISOString();
    expect(end('day', '2026-02-28')).toBe('2026-03-01T00:00:00.000Z');
    expect(end('month', '2026-12-01')).toBe('2027-01-01T00:00:00.000Z');
  });

  test('says whose it is, what is used up and until when', () => {
    const budget = { ...limits, agentId: null, isQuota: true, period: 'day' } as const;
    const used = { runs: 3, tokens: 5, costUsd: 2.123456 };
    expect(whyOverBudget({ ...budget, periodStart: '2026-04-03', used }, 'cost')).toBe(
      'The quota of the workspace for the day is used up: 2.1235 USD of 2 USD. It starts anew at 2026-04-04T00:00:00.000Z; raise it to run before that.',
    );
  });
});
