import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../../test/support/fake-provider.ts';
import { clientOf } from '../../test/support/fake-provider-client.ts';
import type { ModelMessage, ModelToolSpec } from '../core/model.ts';
import { createModelClient } from './client.ts';

// What is known of a model by its name: whether it can be called, and what it costs.

let fake: FakeProvider;
beforeEach(async () => {
  fake = await startFakeProvider();
});
afterEach(() => fake[Symbol.asyncDispose]());

const tools: ModelToolSpec[] = [
  { name: 'get_time', description: 'Time', inputSchema: { type: 'object', properties: {} } },
];
const beginning: ModelMessage[] = [{ role: 'user', text: 'What time is it in Paris?' }];

test('what cannot be used is told with the variable to set', () => {
  const client = createModelClient();
  expect(client.whyUnusable('openai/gpt-5')).toContain('OPENAI_API_KEY');
  expect(client.whyUnusable('anthropic/claude')).toContain('ANTHROPIC_API_KEY');
  expect(client.whyUnusable('openai-compatible/x')).toContain('OPENAI_COMPATIBLE_BASE_URL');
  const odd = createModelClient({ providers: { openai: { apiKey: 'k', baseUrl: 'proxy' } } });
  expect(odd.whyUnusable('openai/gpt-5')).toBe('OPENAI_BASE_URL is not a URL: proxy');
  expect(client.whyUnusable('gpt-5')).toContain('provider/model');
  expect(client.whyUnusable('acme/gpt-5')).toContain('unknown provider "acme"');
  expect(clientOf(fake).whyUnusable('openai/gpt-5')).toBe(null);
});

test('a call of what cannot be used fails without any request', async () => {
  const call = createModelClient().call({ model: 'openai/gpt-5', messages: beginning, tools });
  await expect(call).rejects.toMatchObject({ kind: 'unauthorized' });
});

test('the cost of an answer follows the list price with cached tokens, and is null if unknown', async () => {
  const usage = { input: 1_000_000, output: 100_000, cached: 400_000 };
  fake.answerWith(() => ({ text: 'x', usage }));
  const client = clientOf(fake);
  const call = (model: string) => client.call({ model, messages: beginning, tools: [] });
  // 0.25 USD a million, 0.025 cached, 2 for output: the published price of gpt-5-mini.
  expect((await call('openai/gpt-5-mini')).costUsd).toBeCloseTo(0.15 + 0.01 + 0.2, 10);
  expect((await call('openai/not-a-model-of-any-list')).costUsd).toBe(null);
  expect((await call('openai-compatible/gpt-5-mini')).costUsd).toBe(null);
});

test('a model that cannot be called has no price', async () => {
  const usage = await clientOf(fake)
    .call({ model: 'openai/gpt-5-mini', messages: beginning, tools: [] })
    .then((answer) => answer.usage);
  expect(clientOf(fake).cost('acme/gpt-5', usage)).toBe(null);
  expect(clientOf(fake).cost('scripted/none', usage)).toBe(null);
  expect(clientOf(fake).cost('openai/gpt-5-mini', usage)).toBeGreaterThan(0);
});
