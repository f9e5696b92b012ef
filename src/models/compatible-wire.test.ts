import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type FakeProvider,
  fakeApiKey,
  startFakeProvider,
} from '../../test/support/fake-provider.ts';
import { createInstantClock } from '../../test/support/instant-clock.ts';
import { createModelClient } from './client.ts';

let fake: FakeProvider;

beforeEach(async () => {
  fake = await startFakeProvider();
});

afterEach(async () => {
  await fake[Symbol.asyncDispose]();
});

describe.each([{ streaming: true }, { streaming: false }])(
  'streaming: $streaming',
  ({ streaming }) => {
    const call = () =>
      createModelClient({
        streaming,
        clock: createInstantClock(),
        providers: { 'openai-compatible': { apiKey: fakeApiKey, baseUrl: `${fake.url}/v1` } },
      }).call({
        model: 'openai-compatible/small',
        messages: [{ role: 'user', text: 'Weather in Paris?' }],
        tools: [],
      });
    const toolCalls = [
      { name: 'get_weather', arguments: { city: 'Paris' } },
      { name: 'get_weather', arguments: { city: 'Rome' } },
    ];
    const written = ['{"city":"Paris"}', '{"city":"Rome"}'];

    test('arguments sent as an object are read', async () => {
      fake.answerWith([{ toolCalls, quirks: { objectArguments: true } }]);
      const answer = await call();
      expect(answer.toolCalls.map((made) => made.argumentsText)).toEqual(written);
    });

    test.each(['empty', 'none'] as const)('calls with %s ids get ids that differ', async (ids) => {
      fake.answerWith([{ toolCalls, quirks: { ids } }]);
      const answer = await call();
      expect(answer.toolCalls.map((made) => made.argumentsText)).toEqual(written);
      const made = answer.toolCalls.map((toolCall) => toolCall.callId);
      expect(new Set(made).size).toBe(2);
      for (const id of made) expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
    });

    test('calls that share one id get ids that differ', async () => {
      fake.answerWith([{ toolCalls: toolCalls.map((made) => ({ ...made, id: 'call_1' })) }]);
      const answer = await call();
      expect(new Set(answer.toolCalls.map((made) => made.callId)).size).toBe(2);
    });

    test('tokens are estimated, and said to be, where the server does not count', async () => {
      fake.answerWith([{ text: 'It is sunny.', usage: null }]);
      const { usage } = await call();
      expect(usage).toMatchObject({ estimated: true, outputTokens: 3 });
      expect(usage.inputTokens).toBe(Math.ceil('Weather in Paris?'.length / 4));
    });

    test('a finish reason of "stop" beside tool calls means tool calls', async () => {
      fake.answerWith([{ toolCalls, finishReason: 'stop' }]);
      expect((await call()).finishReason).toBe('tool_calls');
    });

    test('an answer beyond the limit is given up', async () => {
      fake.answerWith(() => ({ text: 'x'.repeat(20_000) }));
      const client = createModelClient({
        streaming,
        limits: { maxAnswerBytes: 10_000 },
        providers: { 'openai-compatible': { apiKey: fakeApiKey, baseUrl: fake.url } },
      });
      const failure = await client
        .call({ model: 'openai-compatible/x', messages: [{ role: 'user', text: 'x' }], tools: [] })
        .catch((error) => error);
      expect(failure).toMatchObject({ kind: 'invalid_answer' });
      expect(failure.message).toContain('larger than 10000 bytes');
      expect(fake.requests).toHaveLength(1);
    });
  },
);

test('a server that is not there is a failed connection, tried again', async () => {
  const { url } = fake;
  await fake[Symbol.asyncDispose]();
  const clock = createInstantClock();
  const client = createModelClient({
    clock,
    retry: { attempts: 3 },
    providers: { 'openai-compatible': { baseUrl: url } },
  });
  const failure = await client
    .call({ model: 'openai-compatible/x', messages: [{ role: 'user', text: 'x' }], tools: [] })
    .catch((error) => error);
  expect(failure).toMatchObject({ kind: 'connection' });
  expect(failure.failedAttempts).toHaveLength(3);
  expect(failure.message).toMatch(/ECONNREFUSED.*base URL/);
});
