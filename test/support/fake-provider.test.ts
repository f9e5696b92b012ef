import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeProvider, fakeApiKey, startFakeProvider } from './fake-provider.ts';
import type { FakeAnswer } from './fake-wire.ts';

// The official clients are the judges of the fake: what they understand, and how they fail, is how
// the real providers answer.

let fake: FakeProvider;
let openai: OpenAI;
let anthropic: Anthropic;

beforeEach(async () => {
  fake = await startFakeProvider();
  openai = new OpenAI({ baseURL: `${fake.url}/v1`, apiKey: fakeApiKey, maxRetries: 0 });
  anthropic = new Anthropic({
    baseURL: fake.url,
    apiKey: fakeApiKey,
    // Or it would prefer a token from the environment.
    authToken: null,
    maxRetries: 0,
  });
});

afterEach(async () => {
  await fake[Symbol.asyncDispose]();
});

const parallel: FakeAnswer = {
  text: 'Let me look that up for you.',
  toolCalls: [
    { id: 'call_a', name: 'get_weather', arguments: { city: 'Paris', days: 3 } },
    { id: 'call_b', name: 'get_time', arguments: { zone: 'Europe/Paris' } },
  ],
  usage: { input: 50, output: 25, cached: 30, reasoning: 5 },
};
const schema = { type: 'object', properties: { city: { type: 'string' } } } as const;
const question = [{ role: 'user' as const, content: 'Weather in Paris?' }];
const expectedCalls = [
  ['call_a', 'get_weather', { city: 'Paris', days: 3 }],
  ['call_b', 'get_time', { zone: 'Europe/Paris' }],
];

describe('the official OpenAI client, chat completions', () => {
  const tools = [
    { type: 'function' as const, function: { name: 'get_weather', parameters: schema } },
  ];
  const request = { model: 'gpt-fake', messages: question, tools };

  test('reads parallel tool calls and usage from one body', async () => {
    fake.answerWith([parallel]);
    const answer = await openai.chat.completions.create(request);
    const message = answer.choices[0]?.message;
    expect(message?.content).toBe(parallel.text);
    expect(message?.tool_calls?.map(readCall)).toEqual(expectedCalls);
    expect(answer.choices[0]?.finish_reason).toBe('tool_calls');
    expect(answer.usage).toMatchObject({ prompt_tokens: 50, completion_tokens: 25 });
    expect(fake.requests[0]).toMatchObject({ wire: 'chat', streamed: false, toolResults: 0 });
  });

  test('reads the same from a stream', async () => {
    fake.answerWith([parallel]);
    const stream = openai.chat.completions.stream({
      ...request,
      stream_options: { include_usage: true },
    });
    const answer = await stream.finalChatCompletion();
    expect(answer.choices[0]?.message.content).toBe(parallel.text);
    expect(answer.choices[0]?.message.tool_calls?.map(readCall)).toEqual(expectedCalls);
    expect(answer.usage?.prompt_tokens_details?.cached_tokens).toBe(30);
  });

  test('sends results back, and a result without its call is refused', async () => {
    fake.answerWith([{ text: 'Sunny.' }]);
    const call = {
      id: 'call_a',
      type: 'function' as const,
      function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
    };
    const result = { role: 'tool' as const, tool_call_id: 'call_a', content: '22 C' };
    const asked = { role: 'assistant' as const, tool_calls: [call] };
    await openai.chat.completions.create({ ...request, messages: [...question, asked, result] });
    expect(fake.requests[0]).toMatchObject({ toolResults: 1, turn: 1 });
    const withoutCall = openai.chat.completions.create({
      ...request,
      messages: [...question, result],
    });
    await expect(withoutCall).rejects.toThrow(/no tool call with id call_a/);
  });

  test('meets 429, 500, a wrong key and a cut connection as errors of its own', async () => {
    fake.answerWith([
      { status: 429, headers: { 'retry-after': '7' }, message: 'slow down' },
      { status: 500 },
      { text: 'a long enough text to be cut', cutAfter: 2 },
    ]);
    const limited = await openai.chat.completions.create(request).catch((error) => error);
    expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
    expect(limited.headers.get('retry-after')).toBe('7');
    const broken = openai.chat.completions.create(request);
    await expect(broken).rejects.toBeInstanceOf(OpenAI.InternalServerError);
    const cut = openai.chat.completions.stream(request).finalChatCompletion();
    await expect(cut).rejects.toThrow();
    const stranger = new OpenAI({ baseURL: `${fake.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
    await expect(stranger.chat.completions.create(request)).rejects.toBeInstanceOf(
      OpenAI.AuthenticationError,
    );
  });
});

describe('the official OpenAI client, responses', () => {
  const request = { model: 'gpt-fake', input: 'Weather in Paris?', store: false };

  test('reads reasoning, text and parallel tool calls from one body', async () => {
    fake.answerWith([{ ...parallel, reasoning: 'They want the weather.' }]);
    const answer = await openai.responses.create(request);
    expect(answer.output_text).toBe(parallel.text);
    expect(answer.output.map((item) => item.type)).toEqual([
      'reasoning',
      'message',
      'function_call',
      'function_call',
    ]);
    expect(answer.usage).toMatchObject({ input_tokens: 50, output_tokens: 25 });
  });

  test('reads the same from a stream', async () => {
    fake.answerWith([{ ...parallel, reasoning: 'They want the weather.' }]);
    const answer = await openai.responses.stream(request).finalResponse();
    expect(answer.output_text).toBe(parallel.text);
    const calls = answer.output.filter((item) => item.type === 'function_call');
    expect(calls.map((call) => [call.call_id, call.name, JSON.parse(call.arguments)])).toEqual(
      expectedCalls,
    );
    expect(fake.requests[0]).toMatchObject({ wire: 'responses', streamed: true });
  });

  test('a result without its call is refused', async () => {
    const input = [{ type: 'function_call_output' as const, call_id: 'x', output: '1' }];
    await expect(openai.responses.create({ ...request, input })).rejects.toThrow(
      /No tool call found/,
    );
  });
});

describe('the official Anthropic client', () => {
  const request = {
    model: 'claude-fake',
    max_tokens: 100,
    messages: question,
    tools: [{ name: 'get_weather', input_schema: schema }],
  };

  test('reads thinking, text and parallel tool calls from one body', async () => {
    fake.answerWith([{ ...parallel, reasoning: 'They want the weather.' }]);
    const answer = await anthropic.messages.create(request);
    expect(answer.content.map((block) => block.type)).toEqual([
      'thinking',
      'text',
      'tool_use',
      'tool_use',
    ]);
    expect(answer.content.filter((block) => block.type === 'tool_use').map(readUse)).toEqual(
      expectedCalls,
    );
    expect(answer.stop_reason).toBe('tool_use');
    expect(answer.usage).toMatchObject({ input_tokens: 20, cache_read_input_tokens: 30 });
  });

  test('reads the same from a stream', async () => {
    fake.answerWith([{ ...parallel, reasoning: 'They want the weather.' }]);
    const answer = await anthropic.messages.stream(request).finalMessage();
    expect(answer.content[0]).toMatchObject({ type: 'thinking', signature: 'signed-thinking' });
    expect(answer.content.filter((block) => block.type === 'tool_use').map(readUse)).toEqual(
      expectedCalls,
    );
    expect(answer.usage.output_tokens).toBe(25);
  });

  test('a call without its result is refused', async () => {
    const use = { type: 'tool_use' as const, id: 'call_a', name: 'get_weather', input: {} };
    const messages = [...question, { role: 'assistant' as const, content: [use] }, ...question];
    await expect(anthropic.messages.create({ ...request, messages })).rejects.toThrow(
      /without `tool_result` blocks/,
    );
  });

  test('meets 429, 529, an overload within the stream and a cut connection as errors', async () => {
    fake.answerWith([
      { status: 429, errorType: 'rate_limit_error' },
      { status: 529, errorType: 'overloaded_error', message: 'Overloaded' },
      { text: 'never', streamError: { after: 1, type: 'overloaded_error', message: 'Overloaded' } },
      { text: 'a long enough text to be cut', cutAfter: 4 },
    ]);
    await expect(anthropic.messages.create(request)).rejects.toBeInstanceOf(
      Anthropic.RateLimitError,
    );
    await expect(anthropic.messages.create(request)).rejects.toMatchObject({ status: 529 });
    await expect(anthropic.messages.stream(request).finalMessage()).rejects.toThrow(/Overloaded/);
    await expect(anthropic.messages.stream(request).finalMessage()).rejects.toThrow();
  });
});

test('what the client closed before the end is remembered as aborted', async () => {
  const arrived = Promise.withResolvers<void>();
  await using slow = await startFakeProvider({
    answers: [{ hang: 'before' }],
    onRequest: () => arrived.resolve(),
  });
  const client = new OpenAI({ baseURL: `${slow.url}/v1`, apiKey: fakeApiKey, maxRetries: 0 });
  const stop = new AbortController();
  const call = client.chat.completions.create(
    { model: 'gpt-fake', messages: question },
    { signal: stop.signal },
  );
  await arrived.promise;
  stop.abort();
  await expect(call).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
  await expect.poll(() => slow.requests[0]?.aborted).toBe(true);
});

function readCall(call: OpenAI.Chat.ChatCompletionMessageToolCall): unknown[] {
  if (call.type !== 'function') throw new Error(`Not a function call: ${call.type}`);
  return [call.id, call.function.name, JSON.parse(call.function.arguments)];
}

function readUse(use: Anthropic.ToolUseBlock): unknown[] {
  return [use.id, use.name, use.input];
}
