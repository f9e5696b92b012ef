import { expect, test } from 'vitest';
import type { ModelUsage } from '../core/model.ts';
import { priceOf } from './prices.ts';

const usage: ModelUsage = {
  inputTokens: 1_000_000,
  outputTokens: 1_000_000,
  cachedInputTokens: 500_000,
  cacheWriteTokens: 100_000,
  reasoningTokens: 900_000,
};

test('list prices count cached reads and cache writes at their own rates, reasoning as output', () => {
  // Published for claude-sonnet-4-5 beyond 200,000 tokens of input: 6 / 0.60 / 7.50 / 22.50.
  const cost = priceOf({ provider: 'anthropic', name: 'claude-sonnet-4-5' }, usage, {});
  expect(cost).toBeCloseTo(0.4 * 6 + 0.5 * 0.6 + 0.1 * 7.5 + 22.5, 6);
});

test("the override table comes before the list, also for servers of one's own", () => {
  const prices = {
    'openai/gpt-5-mini': { input: 1, cachedInput: 0.1, cacheWrite: 2, output: 3 },
    'openai-compatible/qwen3:8b': { input: 1, output: 2 },
  };
  const own = priceOf({ provider: 'openai', name: 'gpt-5-mini' }, usage, prices);
  expect(own).toBeCloseTo(0.4 + 0.05 + 0.2 + 3, 10);
  const local = priceOf({ provider: 'openai-compatible', name: 'qwen3:8b' }, usage, prices);
  expect(local).toBeCloseTo(1 + 2, 10);
});

test('embeddings, which have no output and no price of it, cost their input', () => {
  const read = { ...usage, outputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0 };
  const id = { provider: 'openai', name: 'text-embedding-3-small' } as const;
  // Published: 0.02 USD.
  expect(priceOf(id, read, {})).toBeCloseTo(0.02, 10);
  expect(priceOf(id, usage, {})).toBe(null);
});

test('a model without a known price has none, never a price of 0', () => {
  expect(priceOf({ provider: 'openai', name: 'gpt-99-imaginary' }, usage, {})).toBe(null);
  expect(priceOf({ provider: 'openai-compatible', name: 'gpt-5-mini' }, usage, {})).toBe(null);
});

test('a known price is told from an unknown one also without any tokens', () => {
  const none = {
    ...usage,
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
  };
  expect(priceOf({ provider: 'openai', name: 'gpt-5-mini' }, none, {})).toBe(0);
});

test('counts that do not add up do not lose the answer that was paid for', () => {
  const odd = { ...usage, inputTokens: 10, cachedInputTokens: 50 };
  expect(priceOf({ provider: 'openai', name: 'gpt-5-mini' }, odd, {})).toBeGreaterThan(0);
});
