import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { ModelMessage, ModelToolSpec, ModelUsage } from '../core/model.ts';

/** The text of a call, from which tokens are estimated when the provider does not count. */
export interface CallText {
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelToolSpec[];
  readonly answer: string;
}

/** The provider's counts; where it sent none they are estimated and marked `estimated`. */
export function usageFrom(usage: LanguageModelV4Usage, text: CallText): ModelUsage {
  const { inputTokens: input, outputTokens: output } = usage;
  // A server that reports zero for a prompt that is not empty has not counted.
  if (!input.total || output.total === undefined) return estimateUsage(text);
  return {
    inputTokens: input.total,
    outputTokens: output.total,
    cachedInputTokens: Math.min(input.cacheRead ?? 0, input.total),
    cacheWriteTokens: Math.min(input.cacheWrite ?? 0, input.total),
    reasoningTokens: Math.min(output.reasoning ?? 0, output.total),
  };
}

/** What the provider itself says that the call cost; null where it does not say. */
export function reportedCostUsd(provider: string, usage: LanguageModelV4Usage): number | null {
  if (provider !== 'openrouter') return null;
  const cost = usage.raw?.cost;
  return typeof cost === 'number' && cost >= 0 ? cost : null;
}

/** Four characters a token: right to a factor of two for English and for JSON. */
export function estimateUsage({ messages, tools, answer }: CallText): ModelUsage {
  let inputChars = tools.length === 0 ? 0 : JSON.stringify(tools).length;
  for (const message of messages) {
    inputChars += message.text.length;
    // About what providers count for a picture of middling size, or a page or two.
    if (message.role === 'user') inputChars += 6_000 * (message.files?.length ?? 0);
    if (message.role !== 'assistant') continue;
    for (const call of message.toolCalls)
      inputChars += call.name.length + call.argumentsText.length;
  }
  return {
    inputTokens: Math.ceil(inputChars / 4),
    outputTokens: Math.ceil(answer.length / 4),
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    estimated: true,
  };
}
