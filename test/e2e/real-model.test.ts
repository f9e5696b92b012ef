import { describe, expect, test } from 'vitest';
import type { ModelMessage, ModelToolSpec } from '../../src/core/model.ts';
import { createModelClient } from '../../src/models/client.ts';
import { repairArguments } from '../../src/models/repair-arguments.ts';
import { requires } from '../support/requires.ts';

// A real model behind a server that is not ours: `test/e2e/serve-small-model.sh` starts one.
const baseUrl = process.env.SIGNALBOX_E2E_MODEL_URL ?? '';
const model = `openai-compatible/${process.env.SIGNALBOX_E2E_MODEL ?? 'small'}`;

const tools: ModelToolSpec[] = [
  {
    name: 'get_weather',
    description: 'Weather of a city',
    inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
];
const question: ModelMessage[] = [
  { role: 'system', text: 'You answer by calling tools.' },
  { role: 'user', text: 'What is the weather in Paris?' },
];

describe('a real model', requires(baseUrl !== '', 'SIGNALBOX_E2E_MODEL_URL is not set'), () => {
  test.each([{ streaming: true }, { streaming: false }])(
    'calls a tool and answers from its result (streaming: $streaming)',
    { timeout: 300_000 },
    async ({ streaming }) => {
      const client = createModelClient({
        streaming,
        providers: { 'openai-compatible': { baseUrl } },
      });
      const asked = await client.call({ model, messages: question, tools, maxOutputTokens: 100 });
      expect(asked).toMatchObject({
        finishReason: 'tool_calls',
        failedAttempts: [],
        costUsd: null,
      });
      const [call, ...others] = asked.toolCalls;
      expect(call?.name).toBe('get_weather');
      expect(others).toEqual([]);
      expect(repairArguments(call?.argumentsText ?? '')).toEqual({
        ok: true,
        repaired: false,
        value: { city: 'Paris' },
      });
      expect(asked.usage.inputTokens).toBeGreaterThan(50);
      expect(asked.usage.estimated).toBe(undefined);

      const seen: string[] = [];
      const { text, toolCalls, providerData } = asked;
      const answered = await client.call({
        model,
        tools,
        maxOutputTokens: 100,
        onText: (delta) => seen.push(delta),
        messages: [
          ...question,
          { role: 'assistant', text, toolCalls, providerData },
          {
            role: 'tool',
            callId: call?.callId ?? '',
            name: 'get_weather',
            text: '{"sky":"sunny","celsius":22}',
            isError: false,
          },
        ],
      });
      expect(answered.text).toMatch(/22|sunny/);
      expect(answered.finishReason).toBe('stop');
      expect(seen.join('')).toBe(answered.text);
    },
  );
});
