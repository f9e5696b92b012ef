import { describe, expect, test } from 'vitest';
import { clientFor, requestTo } from '../../test/support/provider-request.ts';
import {
  type RecordedAnswer,
  readRecordedAnswers,
  responseOf,
} from '../../test/support/recorded-answers.ts';
import type { ModelMessage } from '../core/model.ts';
import type { ModelProvider } from '../core/model-entry.ts';

// What providers have to be told, each in its own words: caches, the form of an answer, its reasoning given back.

const messages: ModelMessage[] = [
  { role: 'system', text: 'You check parcels.' },
  { role: 'user', text: 'Where is it?' },
];
const claude = 'anthropic.claude-sonnet-4-20250514-v1:0';

describe('the beginning of a prompt is cached', () => {
  const requested = async (provider: ModelProvider, name: string, given = messages) =>
    JSON.parse(await requestTo({ provider, name }, { messages: given }));

  test('at Anthropic, also behind OpenRouter, by a mark for all of it', async () => {
    const mark = { cache_control: { type: 'ephemeral' } };
    expect(await requested('anthropic', 'claude-sonnet-4-5')).toMatchObject(mark);
    expect(await requested('openrouter', 'anthropic/claude-sonnet-4.5')).toMatchObject(mark);
    expect(await requested('openrouter', 'openai/gpt-5')).not.toHaveProperty('cache_control');
  });

  test('at Bedrock by marks after the instructions and at the end, for models that have a cache', async () => {
    const body = await requested('bedrock', claude);
    expect(body.system).toContainEqual({ cachePoint: { type: 'default' } });
    expect(body.messages.at(-1).content).toContainEqual({ cachePoint: { type: 'default' } });
    expect(JSON.stringify(await requested('bedrock', 'qwen.qwen3-32b-v1:0'))).not.toContain(
      'cachePoint',
    );
  });

  test('at Mistral by a key that prompts with the same instructions share, and that does not tell them', async () => {
    const keyOf = async (given: ModelMessage[]): Promise<string> =>
      (await requested('mistral', 'mistral-large-latest', given)).prompt_cache_key;
    const longer: ModelMessage[] = [...messages, { role: 'user', text: 'And the other?' }];
    const others: ModelMessage[] = [{ role: 'system', text: 'You sell.' }, ...longer.slice(1)];
    expect(await keyOf(messages)).toMatch(/^[0-9a-f]{32}$/);
    expect(await keyOf(longer)).toBe(await keyOf(messages));
    expect(await keyOf(others)).not.toBe(await keyOf(messages));
  });
});

describe('an answer of a form', () => {
  const responseSchema = {
    type: 'object',
    properties: { violations: { type: 'array', items: { type: 'string' } } },
    required: ['violations'],
    additionalProperties: false,
  };

  test.each<[ModelProvider, string, 'responses' | 'chat' | undefined, string]>([
    ['openai', 'gpt-5', 'responses', 'text.format.schema'],
    ['openai', 'gpt-4o', 'chat', 'response_format.json_schema.schema'],
    ['azure', 'gpt-4o', undefined, 'text.format.schema'],
    ['anthropic', 'claude-sonnet-4-5', undefined, 'output_config.format.schema'],
    // By a tool that it must call: the model has no form of its own.
    ['anthropic', 'claude-3-haiku-20240307', undefined, 'tools.0.input_schema'],
    ['bedrock', 'amazon.nova-pro-v1:0', undefined, 'toolConfig.tools.0.toolSpec.inputSchema.json'],
    ['google', 'gemini-2.5-pro', undefined, 'generationConfig.responseJsonSchema'],
    ['mistral', 'mistral-large-latest', undefined, 'response_format.json_schema.schema'],
    ['groq', 'openai/gpt-oss-120b', undefined, 'response_format.json_schema.schema'],
    ['openrouter', 'openai/gpt-4o', undefined, 'response_format.json_schema.schema'],
    ['openai-compatible', 'qwen3', undefined, 'response_format.json_schema.schema'],
  ])('is asked of %s (%s, %s) in %s', async (provider, name, api, path) => {
    const body = JSON.parse(await requestTo({ provider, name, api }, { messages, responseSchema }));
    expect(body).toHaveProperty(`${path}.properties.violations`);
  });

  test('is asked for in words alone where the model takes no schema, once', async () => {
    const bodies: Record<string, unknown>[] = [];
    const refusal = { error: { message: 'This response_format type is unavailable now' } };
    const answer = {
      choices: [
        { message: { role: 'assistant', content: '{"violations":[]}' }, finish_reason: 'stop' },
      ],
      usage: { prompt_tokens: 5, completion_tokens: 3 },
    };
    const client = clientFor({ provider: 'openai-compatible', name: 'x' }, async (_url, init) => {
      bodies.push(JSON.parse(String(init?.body)));
      return 'response_format' in (bodies.at(-1) ?? {})
        ? Response.json(refusal, { status: 400 })
        : Response.json(answer);
    });
    const model = 'openai-compatible/x';
    const { text, failedAttempts } = await client.call({
      model,
      messages,
      tools: [],
      responseSchema,
    });
    expect([text, failedAttempts, bodies.length]).toEqual(['{"violations":[]}', [], 2]);
  });
});

describe('reasoning goes back to its provider, from the journal, with what proves it', () => {
  const recorded = readRecordedAnswers();
  const find = (
    provider: ModelProvider,
    isIt: (body: string, answer: RecordedAnswer) => boolean,
  ): RecordedAnswer => {
    const found = recorded.find(
      (answer) =>
        answer.provider === provider &&
        typeof answer.body === 'string' &&
        isIt(answer.body, answer),
    );
    if (found === undefined) throw new Error(`No such answer of ${provider} is recorded.`);
    return found;
  };
  /** What the recorded answer has, found by its name. */
  const valuesOf = ({ body }: RecordedAnswer, name: string): string[] =>
    [...String(body).matchAll(new RegExp(`"${name}": ?"((?:[^"\\\\]|\\\\.)+)"`, 'g'))].map(
      ([, value]) => JSON.parse(`"${value}"`),
    );

  /** The body of the next request, after the answer and a result for each of its calls. */
  async function nextRequest(answer: RecordedAnswer): Promise<string> {
    const { provider, model: name, api, kinds } = answer;
    const model = `${provider}/${name}`;
    const client = clientFor({ provider, name, api }, async () => responseOf(answer), {
      streaming: kinds.includes('streamed'),
    });
    const { text, toolCalls, providerData, reasoning } = await client.call({
      model,
      messages,
      tools: [],
    });
    expect(reasoning ?? providerData).toBeTruthy();
    const results = toolCalls.map(
      ({ callId, name: tool }): ModelMessage => ({
        ...{ role: 'tool', callId, name: tool, text: 'Here.', isError: false },
      }),
    );
    const stored = providerData && JSON.parse(JSON.stringify(providerData));
    return await requestTo(
      { provider, name, api },
      {
        messages: [
          ...messages,
          { role: 'assistant', text, toolCalls, providerData: stored },
          ...(results.length > 0 ? results : [{ role: 'user' as const, text: 'And now?' }]),
        ],
      },
    );
  }

  test.each<[string, ModelProvider, string, (body: string, answer: RecordedAnswer) => boolean]>([
    ['Anthropic', 'anthropic', 'signature', (body) => body.includes('"type":"thinking"')],
    ['OpenAI', 'openai', 'encrypted_content', (body) => body.includes('"encrypted_content":"')],
    ['Google', 'google', 'thoughtSignature', (body) => body.includes('functionCall')],
    ['Bedrock', 'bedrock', 'signature', (body) => body.includes('"signature":"')],
    [
      'OpenRouter, whole',
      'openrouter',
      'data',
      (body, { kinds }) => body.includes('"reasoning.encrypted"') && !kinds.includes('streamed'),
    ],
    [
      'OpenRouter, streamed',
      'openrouter',
      'signature',
      (body, { kinds }) => body.includes('"signature":"') && kinds.includes('streamed'),
    ],
  ])('%s', async (_name, provider, field, isIt) => {
    const answer = find(
      provider,
      (body, one) => isIt(body, one) && valuesOf(one, field).length > 0,
    );
    const sent = JSON.parse(await nextRequest(answer));
    const text = JSON.stringify(sent);
    for (const value of valuesOf(answer, field))
      expect(text).toContain(JSON.stringify(value).slice(1, -1));
  });

  test('Mistral gets its thoughts, and those of a server of one’s own come as they were', async () => {
    const thought = find('mistral', (body) => body.includes('"thinking"'));
    expect(await nextRequest(thought)).toContain('"type":"thinking"');
    const own = find('openai-compatible', (body) => body.includes('"reasoning_content":"'));
    expect(await nextRequest(own)).toContain('"reasoning_content":"');
  });
});
