import { expect, test } from 'vitest';
import { clientFor } from '../../test/support/provider-request.ts';
import {
  halfOf,
  type RecordedAnswer,
  readRecordedAnswers,
  responseOf,
} from '../../test/support/recorded-answers.ts';
import { ModelError } from '../core/model.ts';
import { modelProviders } from '../core/model-entry.ts';

// More than a thousand answers that providers really gave. What each costs was worked out by another program from
// rates kept by hand (test/fixtures/recorded-answers); what it adds up to is written down here.

/** USD by provider and kind; an answer counts under each of its kinds. */
const sums: Readonly<Record<string, string>> = {
  'anthropic cached': '0.033579',
  'anthropic reasoning': '0.015800',
  'anthropic streamed': '0.007152',
  'anthropic tools': '0.299554',
  'anthropic whole': '0.420025',
  'azure reasoning': '0.000570',
  'azure whole': '0.000245',
  'bedrock cached': '0.056994',
  'bedrock reasoning': '0.003477',
  'bedrock streamed': '0.005326',
  'bedrock tools': '0.145960',
  'bedrock whole': '0.168453',
  'google cached': '0.004193',
  'google reasoning': '0.088648',
  'google streamed': '0.004099',
  'google tools': '0.049904',
  'google whole': '0.003257',
  'groq cached': '0.000089',
  'groq reasoning': '0.000840',
  'groq streamed': '0.000075',
  'groq tools': '0.005850',
  'groq whole': '0.003862',
  'mistral cached': '0.018986',
  'mistral reasoning': '0.000013',
  'mistral tools': '0.008010',
  'mistral whole': '0.015517',
  'openai cached': '0.003737',
  'openai reasoning': '0.048496',
  'openai streamed': '0.019999',
  'openai tools': '0.040280',
  'openai whole': '0.060799',
  'openai-compatible cached': '0.000177',
  'openai-compatible reasoning': '0.000813',
  'openai-compatible streamed': '0.000013',
  'openai-compatible tools': '0.000809',
  'openai-compatible whole': '0.000491',
  'openrouter cached': '0.033132',
  'openrouter reasoning': '0.005430',
  'openrouter streamed': '0.001506',
  'openrouter tools': '0.011180',
  'openrouter whole': '0.019146',
};

/** The same of answers given up in the middle. */
const abortedSums: Readonly<Record<string, string>> = {
  anthropic: '0.004047',
  google: '0.003375',
  groq: '0.000010',
  openai: '0.001444',
  'openai-compatible': '0.000002',
};

const messages = [{ role: 'user' as const, text: 'How much is it?' }];
const recorded = readRecordedAnswers();
const patienceMs = 120_000;

function call(answer: RecordedAnswer, response: () => Response, signal?: AbortSignal) {
  const model = `${answer.provider}/${answer.model}`;
  const prices = { [model]: { input: 0.1, cachedInput: 0.01, output: 0.3 } };
  const asked = { ...answer, name: answer.model };
  const client = clientFor(asked, async () => response(), {
    streaming: answer.kinds.includes('streamed'),
    ...(answer.provider === 'openai-compatible' ? { prices } : {}),
  });
  return client.call({ model, messages, tools: [], ...(signal === undefined ? {} : { signal }) });
}

function inUsd(nanoUsd: ReadonlyMap<string, number>): Record<string, string> {
  return Object.fromEntries([...nanoUsd].map(([key, sum]) => [key, (sum / 1e9).toFixed(6)]));
}

test('there are a thousand of them, of every provider', () => {
  expect(recorded.length).toBeGreaterThan(1_000);
  const providers = new Set(recorded.map(({ provider }) => provider));
  expect([...providers].sort()).toEqual([...modelProviders].sort());
});

test(
  'each costs what it was worked out to cost, and all what the table says',
  async () => {
    const added = new Map<string, number>();
    for (const answer of recorded) {
      const { costUsd, usage } = await call(answer, () => responseOf(answer));
      const nanoUsd = (costUsd ?? Number.NaN) * 1e9;
      expect(nanoUsd, `${answer.from}: ${JSON.stringify(usage)}`).toBeCloseTo(answer.nanoUsd, 0);
      for (const kind of answer.kinds) {
        const key = `${answer.provider} ${kind}`;
        added.set(key, (added.get(key) ?? 0) + nanoUsd);
      }
    }
    expect(inUsd(added)).toEqual(sums);
  },
  patienceMs,
);

test(
  'one that its caller gives up in the middle costs what had come by then',
  async () => {
    const added = new Map<string, number>();
    for (const answer of recorded) {
      if (answer.abortedNanoUsd === undefined) continue;
      const stop = new AbortController();
      const given = call(answer, () => halfOf(answer, () => stop.abort()), stop.signal);
      const error = await given.catch((thrown: unknown) => thrown);
      if (!(error instanceof ModelError)) throw new Error(`${answer.from} was not given up.`);
      const nanoUsd = (error.failedAttempts[0]?.costUsd ?? Number.NaN) * 1e9;
      expect(nanoUsd, answer.from).toBeCloseTo(answer.abortedNanoUsd, 0);
      added.set(answer.provider, (added.get(answer.provider) ?? 0) + nanoUsd);
    }
    expect(inUsd(added)).toEqual(abortedSums);
  },
  patienceMs,
);
