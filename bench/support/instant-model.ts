import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelAnswer, ModelClient, ModelMessage } from '../../src/core/model.ts';
import { answer, toolCall, usage } from '../engine/work.ts';

/**
 * The model of work.ts: calls the tool, then answers. In process, and at once unless it is told to wait.
 * `onCall` is given the number of calls under way.
 */
export function instantModel(delayMs = 0, onCall?: (underWay: number) => void): ModelClient {
  let underWay = 0;
  return {
    async call({ messages, signal }) {
      onCall?.(++underWay);
      try {
        if (delayMs > 0) await sleep(delayMs, undefined, signal === undefined ? {} : { signal });
      } finally {
        underWay--;
      }
      return hasAnswered(messages) ? second : first;
    },
    cost: () => 0.001,
    whyUnusable: () => null,
    whyIncomplete: () => null,
  };
}

function hasAnswered(messages: readonly ModelMessage[]): boolean {
  return messages.some((message) => message.role === 'assistant');
}

const common = {
  reasoning: null,
  usage: { ...usage, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
  costUsd: 0.001,
  failedAttempts: [],
} as const;

const first: ModelAnswer = {
  ...common,
  text: '',
  toolCalls: [{ callId: 'call_1', ...toolCall }],
  finishReason: 'tool_calls',
};

const second: ModelAnswer = { ...common, text: answer, toolCalls: [], finishReason: 'stop' };
