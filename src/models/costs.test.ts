import { describe, expect, test } from 'vitest';
import type { FakeAnswer } from '../../test/support/fake-wire.ts';
import { createInstantClock } from '../../test/support/instant-clock.ts';
import {
  bedrock,
  chat,
  google,
  groq,
  messages,
  mistral,
  responses,
  type WireAnswer,
} from '../../test/support/provider-answers.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { ModelError, type ModelToolSpec } from '../core/model.ts';
import type { ModelProvider } from '../core/model-entry.ts';
import { createModelClient } from './client.ts';
import type { ProviderSettings } from './provider-model.ts';

// A thousand answers, of every provider in its own wire format: whole and streamed, cached, with reasoning, with
// tools, broken off. What each costs is worked out here by hand-kept rates in integers, without the table of prices that the
// product uses, and the sums are written down below.

/** Published rates in nano-USD a token (USD per million tokens × 1,000): input, cached, cache write, output. */
interface Rates {
  readonly input: number;
  readonly cached: number;
  readonly write: number;
  readonly output: number;
  /** Above so many tokens of prompt, the whole call. */
  readonly above?: Rates & { readonly tokens: number };
}

interface Priced {
  readonly provider: ModelProvider;
  readonly name: string;
  readonly wire: WireAnswer;
  readonly settings?: ProviderSettings;
  readonly rates: Rates;
  /** What the provider counts beside input and output. */
  readonly counts: readonly ('cached' | 'write' | 'reasoning')[];
  /** Where an answer that broke off had its counts: else they are estimated. */
  readonly countsEarly?: 'prompt' | 'all';
}

const models: readonly Priced[] = [
  {
    provider: 'openai',
    name: 'gpt-5',
    wire: responses,
    rates: { input: 1_250, cached: 125, write: 1_250, output: 10_000 },
    counts: ['cached', 'reasoning'],
  },
  {
    provider: 'openai',
    name: 'gpt-4o-mini',
    wire: chat,
    settings: { api: 'chat' },
    rates: { input: 150, cached: 75, write: 150, output: 600 },
    counts: ['cached', 'reasoning'],
  },
  {
    provider: 'anthropic',
    name: 'claude-sonnet-4-5',
    wire: messages,
    rates: {
      ...{ input: 3_000, cached: 300, write: 3_750, output: 15_000 },
      above: { tokens: 200_000, input: 6_000, cached: 600, write: 7_500, output: 22_500 },
    },
    counts: ['cached', 'write'],
    countsEarly: 'prompt',
  },
  {
    provider: 'google',
    name: 'gemini-2.5-pro',
    wire: google,
    rates: {
      ...{ input: 1_250, cached: 125, write: 1_250, output: 10_000 },
      above: { tokens: 200_000, input: 2_500, cached: 250, write: 2_500, output: 15_000 },
    },
    counts: ['cached', 'reasoning'],
    countsEarly: 'all',
  },
  {
    provider: 'azure',
    name: 'gpt-4o',
    wire: responses,
    settings: { resource_name: 'resource' },
    rates: { input: 2_500, cached: 1_250, write: 2_500, output: 10_000 },
    counts: ['cached', 'reasoning'],
  },
  {
    provider: 'bedrock',
    name: 'anthropic.claude-sonnet-4-20250514-v1:0',
    wire: bedrock,
    settings: { region: 'us-east-1' },
    rates: { input: 3_000, cached: 300, write: 3_750, output: 15_000 },
    counts: ['cached', 'write'],
  },
  {
    provider: 'mistral',
    name: 'mistral-large-latest',
    wire: mistral,
    rates: { input: 2_000, cached: 2_000, write: 2_000, output: 6_000 },
    counts: [],
  },
  {
    provider: 'groq',
    name: 'llama-3.3-70b-versatile',
    wire: groq,
    rates: { input: 590, cached: 590, write: 590, output: 790 },
    counts: [],
  },
  {
    provider: 'openrouter',
    name: 'openai/gpt-4o',
    wire: chat,
    rates: { input: 2_500, cached: 2_500, write: 2_500, output: 10_000 },
    counts: [],
  },
  {
    provider: 'openai-compatible',
    name: 'qwen3:8b',
    wire: chat,
    settings: { baseUrl: 'http://127.0.0.1:1/v1' },
    rates: { input: 100, cached: 10, write: 100, output: 300 },
    counts: ['cached', 'reasoning'],
  },
];

const kinds = ['whole', 'streamed', 'cached', 'reasoning', 'tools', 'broken'] as const;
type Kind = (typeof kinds)[number];
/** Answers of each model and kind: 10 × 6 × 17. */
const eachKind = 17;

const tools: ModelToolSpec[] = [
  { name: 'look_up', description: 'Looks up', inputSchema: { type: 'object', properties: {} } },
];
const question = 'How much is it?';

/** Sums in cents, rounded, of what the corpus costs by provider and kind. Worked out apart, and kept. */
const sumsInCents: Readonly<Record<string, number>> = {
  'anthropic/claude-sonnet-4-5 broken': 1202,
  'anthropic/claude-sonnet-4-5 cached': 510,
  'anthropic/claude-sonnet-4-5 reasoning': 940,
  'anthropic/claude-sonnet-4-5 streamed': 925,
  'anthropic/claude-sonnet-4-5 tools': 1258,
  'anthropic/claude-sonnet-4-5 whole': 1053,
  'azure/gpt-4o broken': 0,
  'azure/gpt-4o cached': 533,
  'azure/gpt-4o reasoning': 560,
  'azure/gpt-4o streamed': 557,
  'azure/gpt-4o tools': 631,
  'azure/gpt-4o whole': 613,
  'bedrock/anthropic.claude-sonnet-4-20250514-v1:0 broken': 0,
  'bedrock/anthropic.claude-sonnet-4-20250514-v1:0 cached': 434,
  'bedrock/anthropic.claude-sonnet-4-20250514-v1:0 reasoning': 709,
  'bedrock/anthropic.claude-sonnet-4-20250514-v1:0 streamed': 692,
  'bedrock/anthropic.claude-sonnet-4-20250514-v1:0 tools': 777,
  'bedrock/anthropic.claude-sonnet-4-20250514-v1:0 whole': 758,
  'google/gemini-2.5-pro broken': 569,
  'google/gemini-2.5-pro cached': 371,
  'google/gemini-2.5-pro reasoning': 416,
  'google/gemini-2.5-pro streamed': 416,
  'google/gemini-2.5-pro tools': 554,
  'google/gemini-2.5-pro whole': 469,
  'groq/llama-3.3-70b-versatile broken': 0,
  'groq/llama-3.3-70b-versatile cached': 89,
  'groq/llama-3.3-70b-versatile reasoning': 108,
  'groq/llama-3.3-70b-versatile streamed': 120,
  'groq/llama-3.3-70b-versatile tools': 104,
  'groq/llama-3.3-70b-versatile whole': 133,
  'mistral/mistral-large-latest broken': 0,
  'mistral/mistral-large-latest cached': 328,
  'mistral/mistral-large-latest reasoning': 387,
  'mistral/mistral-large-latest streamed': 431,
  'mistral/mistral-large-latest tools': 378,
  'mistral/mistral-large-latest whole': 476,
  'openai-compatible/qwen3:8b broken': 0,
  'openai-compatible/qwen3:8b cached': 16,
  'openai-compatible/qwen3:8b reasoning': 22,
  'openai-compatible/qwen3:8b streamed': 22,
  'openai-compatible/qwen3:8b tools': 25,
  'openai-compatible/qwen3:8b whole': 24,
  'openai/gpt-4o-mini broken': 0,
  'openai/gpt-4o-mini cached': 32,
  'openai/gpt-4o-mini reasoning': 34,
  'openai/gpt-4o-mini streamed': 33,
  'openai/gpt-4o-mini tools': 38,
  'openai/gpt-4o-mini whole': 37,
  'openai/gpt-5 broken': 0,
  'openai/gpt-5 cached': 250,
  'openai/gpt-5 reasoning': 316,
  'openai/gpt-5 streamed': 317,
  'openai/gpt-5 tools': 348,
  'openai/gpt-5 whole': 344,
  'openrouter/openai/gpt-4o broken': 0,
  'openrouter/openai/gpt-4o cached': 430,
  'openrouter/openai/gpt-4o reasoning': 499,
  'openrouter/openai/gpt-4o streamed': 557,
  'openrouter/openai/gpt-4o tools': 491,
  'openrouter/openai/gpt-4o whole': 613,
};

interface Made {
  readonly answer: FakeAnswer;
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly write: number;
}

function make(model: Priced, kind: Kind, random: () => number): Made {
  const upTo = (most: number) => Math.floor(random() * most);
  // One in five passes the tiers of those that have some.
  const input = random() < 0.2 ? 200_001 + upTo(100_000) : 1 + upTo(150_000);
  const output = 60 + upTo(8_000);
  const can = (what: Priced['counts'][number]) => model.counts.includes(what);
  const cached = kind === 'cached' && can('cached') ? upTo(input) : 0;
  const write = kind === 'cached' && can('write') ? upTo(input - cached) : 0;
  const reasoning = kind === 'reasoning' && can('reasoning') ? upTo(output - 20) : 0;
  const usage = { input, output, cached, cacheWrite: write, reasoning };
  const isTool = kind === 'tools';
  return {
    answer: {
      usage,
      ...(isTool
        ? { toolCalls: [{ name: 'look_up', arguments: { order: upTo(1_000) } }] }
        : { text: 'It is forty-two, all in all.' }),
      ...(reasoning > 0 && model.wire !== responses ? { reasoning: 'Let me think.' } : {}),
    },
    input,
    output,
    cached,
    write,
  };
}

/** In nano-USD. */
function worth(rates: Rates, made: Pick<Made, 'input' | 'output' | 'cached' | 'write'>): number {
  const { above } = rates;
  const at = above !== undefined && made.input > above.tokens ? above : rates;
  const plain = made.input - made.cached - made.write;
  return (
    plain * at.input + made.cached * at.cached + made.write * at.write + made.output * at.output
  );
}

const estimate = (chars: number) => Math.ceil(chars / 4);

async function costOf(model: Priced, kind: Kind, made: Made): Promise<number | null> {
  const { provider, name, wire, settings } = model;
  const streaming = kind !== 'whole';
  const client = createModelClient({
    clock: createInstantClock(),
    streaming,
    retry: { attempts: 1 },
    prices: { 'openai-compatible/qwen3:8b': { input: 0.1, cachedInput: 0.01, output: 0.3 } },
    providers: { [provider]: { apiKey: 'key', ...settings } },
    fetch: async () =>
      streaming
        ? wire.stream(made.answer, name, kind === 'broken' ? 4 : undefined)
        : wire.whole(made.answer, name),
  });
  try {
    const answer = await client.call({
      model: `${provider}/${name}`,
      messages: [{ role: 'user', text: question }],
      tools: kind === 'tools' ? tools : [],
    });
    return answer.costUsd;
  } catch (error) {
    if (!(error instanceof ModelError) || kind !== 'broken') throw error;
    return error.failedAttempts[0]?.costUsd ?? null;
  }
}

/** What an answer that broke off after four events is counted as. */
function brokenOff(model: Priced, made: Made, seen: number): Made {
  const none = { cached: 0, write: 0 };
  const estimated = { ...made, ...none, input: estimate(question.length), output: estimate(seen) };
  if (model.countsEarly === 'all') return made;
  return model.countsEarly === 'prompt'
    ? { ...made, output: Math.max(1, estimated.output) }
    : estimated;
}

describe('what answers cost', () => {
  const sums: Record<string, number> = {};

  test.each(models)('$provider, $name', async (model) => {
    const random = seededRandom(20_261);
    for (const kind of kinds) {
      let sum = 0;
      for (let n = 0; n < eachKind; n++) {
        const made = make(model, kind, random);
        const cost = await costOf(model, kind, made);
        if (kind === 'broken') {
          // Pieces of eight characters; how many of the four events were text differs by wire.
          const possible = [0, 8, 16, 24, 32].map((seen) =>
            worth(model.rates, brokenOff(model, made, seen)),
          );
          expect(possible.map((nano) => nano / 1e9)).toContainEqual(
            expect.closeTo(cost ?? Number.NaN, 9),
          );
          sum += Math.round((cost ?? Number.NaN) * 1e9);
          continue;
        }
        const nano = worth(model.rates, made);
        expect(cost, `${kind} ${JSON.stringify(made)}`).toBeCloseTo(nano / 1e9, 9);
        sum += nano;
      }
      sums[`${model.provider}/${model.name} ${kind}`] = Math.round(sum / 1e7);
    }
  });

  test('adds up to the table', () => {
    expect(Object.keys(sums)).toHaveLength(models.length * kinds.length);
    expect(sums).toEqual(sumsInCents);
  });
});
