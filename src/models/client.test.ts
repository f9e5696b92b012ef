import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../../test/support/fake-provider.ts';
import { clientOf } from '../../test/support/fake-provider-client.ts';
import type { FakeAnswer } from '../../test/support/fake-wire.ts';
import { createInstantClock } from '../../test/support/instant-clock.ts';
import type { ModelAnswer, ModelMessage, ModelRequest, ModelToolSpec } from '../core/model.ts';
import type { ModelClientSettings } from './client.ts';

let fake: FakeProvider;

beforeEach(async () => {
  fake = await startFakeProvider();
});

afterEach(async () => {
  await fake[Symbol.asyncDispose]();
});

const tools: ModelToolSpec[] = [
  {
    name: 'get-weather',
    description: 'Weather of a city',
    inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
  { name: 'get_time', description: 'Time', inputSchema: { type: 'object', properties: {} } },
];
const beginning: ModelMessage[] = [
  { role: 'system', text: 'You help.' },
  { role: 'user', text: 'Weather and time in Paris?' },
];

/** The conversation after the answer, as the loop continues it: ids of its own, a result a call. */
function continued(answer: ModelAnswer): ModelMessage[] {
  const toolCalls = answer.toolCalls.map((call, at) => ({ ...call, callId: `ours_${at}` }));
  const { text, providerData } = answer;
  // The journal is JSON.
  const stored: unknown = providerData && JSON.parse(JSON.stringify(providerData));
  return [
    ...beginning,
    {
      role: 'assistant',
      text,
      toolCalls,
      ...(stored === undefined ? {} : { providerData: stored }),
    },
    ...toolCalls.map(({ callId, name }, at): ModelMessage => {
      return { role: 'tool', callId, name, text: `result ${at}`, isError: at === 1 };
    }),
  ];
}

const parallel: FakeAnswer = {
  text: 'Let me look that up.',
  toolCalls: [
    { id: 'call_a', name: 'get-weather', arguments: { city: 'Paris' } },
    { id: 'call_b', name: 'get_time', arguments: '{}' },
  ],
  usage: { input: 50, output: 25, cached: 30 },
};

describe.each([
  { name: 'OpenAI responses', model: 'openai/gpt-5-mini', api: 'responses' as const },
  { name: 'OpenAI chat', model: 'openai/gpt-5-mini', api: 'chat' as const },
  { name: 'Anthropic', model: 'anthropic/claude-sonnet-4-5', api: 'chat' as const },
  { name: 'OpenAI-compatible', model: 'openai-compatible/qwen3:8b', api: 'chat' as const },
])('$name', ({ model, api }) => {
  describe.each([{ streaming: true }, { streaming: false }])(
    'streaming: $streaming',
    ({ streaming }) => {
      const call = (request: Partial<ModelRequest> = {}, settings: ModelClientSettings = {}) =>
        clientOf(fake, { api, streaming, ...settings }).call({
          model,
          messages: beginning,
          tools,
          ...request,
        });

      test('gives the text as it arrives, and whole', async () => {
        fake.answerWith([{ text: 'It is sunny in Paris today.' }]);
        const seen: [string, number][] = [];
        const answer = await call({ onText: (delta, attempt) => seen.push([delta, attempt]) });
        expect(answer).toMatchObject({
          text: 'It is sunny in Paris today.',
          toolCalls: [],
          finishReason: 'stop',
          failedAttempts: [],
        });
        expect(seen.map(([delta]) => delta).join('')).toBe(answer.text);
        expect(seen.length > 1).toBe(streaming);
        expect(seen.every(([, attempt]) => attempt === 1)).toBe(true);
        expect(fake.requests[0]?.streamed).toBe(streaming);
      });

      test('reads parallel tool calls and usage, and takes the results back', async () => {
        fake.answerWith([parallel, { text: 'Sunny, noon.' }]);
        const answer = await call();
        expect(answer.toolCalls).toEqual([
          { callId: 'call_a', name: 'get-weather', argumentsText: '{"city":"Paris"}' },
          { callId: 'call_b', name: 'get_time', argumentsText: '{}' },
        ]);
        expect(answer).toMatchObject({ text: parallel.text, finishReason: 'tool_calls' });
        expect(answer.usage).toEqual({
          inputTokens: 50,
          outputTokens: 25,
          cachedInputTokens: 30,
          cacheWriteTokens: 0,
          reasoningTokens: 0,
        });
        // The fake refuses results that do not belong to calls.
        const last = await call({ messages: continued(answer) });
        expect(last.text).toBe('Sunny, noon.');
        expect(fake.requests[1]).toMatchObject({ toolResults: 2, turn: 1 });
        expect(JSON.stringify(fake.requests[1]?.body)).toContain('ours_1');
      });

      test('gives reasoning back as the provider wants it', async () => {
        fake.answerWith([
          { ...parallel, reasoning: 'They want two things.' },
          { text: 'Sunny, noon.' },
        ]);
        const answer = await call();
        // Chat completions of OpenAI itself show no reasoning.
        const isShown = !(model.startsWith('openai/') && api === 'chat');
        expect(answer.reasoning).toBe(isShown ? 'They want two things.' : null);
        await call({ messages: continued(answer) });
        const sent = JSON.stringify(fake.requests[1]?.body);
        expect(sent.includes('They want two things.')).toBe(isShown);
        if (model.startsWith('anthropic/')) expect(sent).toContain('signed-thinking');
        if (api === 'responses') expect(sent).toContain('encrypted-reasoning');
      });

      test('a conversation begun by another model is continued without what only that one understands', async () => {
        fake.answerWith([{ ...parallel, reasoning: 'secret' }, { text: 'Done.' }]);
        const answer = await call();
        const other =
          model === 'openai/gpt-5-mini' ? 'anthropic/claude-sonnet-4-5' : 'openai/gpt-5-mini';
        expect((await call({ model: other, messages: continued(answer) })).text).toBe('Done.');
        expect(JSON.stringify(fake.requests[1]?.body)).not.toContain('secret');
      });

      test('tells why an answer ended early', async () => {
        fake.answerWith([
          { text: 'Cut', finishReason: 'length' },
          { text: 'No', finishReason: 'content_filter' },
        ]);
        expect((await call()).finishReason).toBe('length');
        expect((await call()).finishReason).toBe('content_filter');
      });

      test('tries again after 429, 500 and 529, and lists what failed', async () => {
        fake.answerWith([
          { status: 429, message: 'slow down', headers: { 'retry-after': '3' } },
          { status: 500, message: 'oops' },
          { status: 529, message: 'Overloaded', errorType: 'overloaded_error' },
          { text: 'Here.' },
        ]);
        const clock = createInstantClock();
        const answer = await call({}, { clock });
        expect(answer.text).toBe('Here.');
        expect(answer.failedAttempts.map(({ status, error }) => [status, error])).toEqual([
          [429, 'HTTP 429: slow down'],
          [500, 'HTTP 500: oops'],
          [529, 'HTTP 529: Overloaded'],
        ]);
        expect(clock.slept).toEqual([3000, 500, 1000]);
        expect(fake.requests).toHaveLength(4);
      });

      test('tries again after a connection that was cut in the middle, with a new attempt number', async () => {
        fake.answerWith([
          { text: 'A text that is long enough to be cut', cutAfter: 6 },
          { text: 'Whole.' },
        ]);
        const attempts = new Set<number>();
        const answer = await call({ onText: (_, attempt) => attempts.add(attempt) });
        expect(answer.text).toBe('Whole.');
        expect(answer.failedAttempts).toHaveLength(1);
        expect([...attempts]).toEqual(streaming ? [1, 2] : [2]);
      });

      test('gives up what stays silent, and tries again', async () => {
        fake.answerWith([
          { hang: 'before' },
          { text: 'A long text', hang: 'during' },
          { text: 'Whole.' },
        ]);
        const limits = streaming ? { idleTimeoutMs: 400 } : { attemptTimeoutMs: 400 };
        const answer = await call({}, { limits });
        expect(answer.text).toBe('Whole.');
        expect(answer.failedAttempts.map(({ error }) => error)).toEqual(
          streaming
            ? ['nothing arrived for 400 ms', 'nothing arrived for 400 ms']
            : ['no complete answer within 400 ms', 'no complete answer within 400 ms'],
        );
        await expect
          .poll(() => fake.requests.slice(0, 2).every(({ aborted }) => aborted))
          .toBe(true);
      });

      test.each([
        { at: 'before the answer', answer: { hang: 'before' } as const },
        { at: 'within the answer', answer: { text: 'A long text', hang: 'during' } as const },
      ])('an abort $at ends the call at once and the connection with it', async ({ answer }) => {
        const stop = new AbortController();
        const arrived = Promise.withResolvers<void>();
        fake.answerWith(() => {
          arrived.resolve();
          return answer;
        });
        const calling = call({ signal: stop.signal });
        await arrived.promise;
        stop.abort();
        await expect(calling).rejects.toMatchObject({ kind: 'aborted' });
        await expect.poll(() => fake.requests[0]?.aborted).toBe(true);
        expect(fake.requests).toHaveLength(1);
      });

      test('is kept back when the process may not go on by the time at which it would leave', async () => {
        fake.answerWith([{ text: 'Never asked.' }]);
        const stop = new AbortController();
        let asked = 0;
        const mayStart = () => {
          // First when the attempt begins, then when all is ready to be sent.
          asked += 1;
          if (asked > 1) stop.abort(new Error('No beat was acknowledged.'));
          return asked === 1;
        };
        const calling = call({ mayStart, signal: stop.signal });
        await expect(calling).rejects.toMatchObject({ kind: 'aborted' });
        expect(asked).toBe(2);
        expect(fake.requests).toEqual([]);
      });

      // Anthropic sends arguments as an object when it does not stream: they cannot be malformed.
      if (streaming || !model.startsWith('anthropic/'))
        test('malformed arguments come as the model wrote them, and can be sent back', async () => {
          const malformed = '{"city": "Paris",';
          fake.answerWith([
            { toolCalls: [{ name: 'get-weather', arguments: malformed }] },
            { text: 'Sorry.' },
          ]);
          const answer = await call();
          expect(answer.toolCalls[0]?.argumentsText).toBe(malformed);
          expect((await call({ messages: continued(answer) })).text).toBe('Sorry.');
        });
    },
  );

  test.each([
    {
      status: 400,
      message: 'tools.0: bad schema',
      kind: 'bad_request',
      says: /schemas of its tools/,
    },
    { status: 401, message: 'bad key', kind: 'unauthorized', says: /API key/ },
    { status: 403, message: 'not yours', kind: 'unauthorized', says: /API key/ },
    { status: 404, message: 'no such model', kind: 'unknown_model', says: /name of the model/ },
    {
      status: 400,
      message: "This model's maximum context length is 8192 tokens",
      kind: 'context_too_long',
      says: /shorten it/,
    },
  ])(
    '$status ($kind) is not tried again and says what to do',
    async ({ kind, says, ...answer }) => {
      fake.answerWith(() => answer);
      const failure = await clientOf(fake, { api })
        .call({ model, messages: beginning, tools })
        .catch((error) => error);
      expect(failure).toMatchObject({ name: 'ModelError', kind });
      expect(failure.message).toContain(answer.message);
      expect(failure.message).toMatch(says);
      expect(failure.failedAttempts).toHaveLength(1);
      expect(fake.requests).toHaveLength(1);
    },
  );

  test('an overload within a stream that began well is tried again', async () => {
    const streamError = { after: 5, type: 'overloaded_error', message: 'Overloaded' };
    fake.answerWith([
      { text: 'A text long enough to break in it', streamError },
      { text: 'Whole.' },
    ]);
    const answer = await clientOf(fake, { api }).call({ model, messages: beginning, tools });
    expect(answer.text).toBe('Whole.');
    expect(answer.failedAttempts[0]?.error).toContain('Overloaded');
  });

  test('a server that answers a stream request in one piece is understood', async () => {
    fake.answerWith([{ ...parallel, quirks: { neverStreams: true } }]);
    const answer = await clientOf(fake, { api }).call({ model, messages: beginning, tools });
    expect(answer).toMatchObject({ text: parallel.text, finishReason: 'tool_calls' });
    expect(fake.requests).toHaveLength(1);
  });

  test('an answer that is not of this API fails by name and is not paid for again', async () => {
    fake.answerWith(() => ({ quirks: { rawBody: '{"hello": "world"}' } }));
    const failure = await clientOf(fake, { api, streaming: false })
      .call({ model, messages: beginning, tools })
      .catch((error) => error);
    expect(failure).toMatchObject({ kind: 'invalid_answer' });
    expect(fake.requests).toHaveLength(1);
  });

  test('a key that the provider repeats in its error is not shown', async () => {
    const wrong = 'sk-wrong-0123456789abcdef';
    const client = clientOf(fake, {
      api,
      providers: {
        openai: { apiKey: wrong, baseUrl: `${fake.url}/v1`, api },
        anthropic: { apiKey: wrong, baseUrl: fake.url },
        'openai-compatible': { apiKey: wrong, baseUrl: fake.url },
      },
    });
    const failure = await client
      .call({ model, messages: beginning, tools })
      .catch((error) => error);
    expect(failure.kind).toBe('unauthorized');
    expect(failure.message).toContain('Incorrect API key');
    expect(failure.message).not.toContain(wrong);
  });
});
