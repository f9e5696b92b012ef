import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import { isObject } from '../core/is-object.ts';
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
    cacheWriteTokens: Math.min(input.cacheWrite ?? routedCacheWrite(usage), input.total),
    reasoningTokens: Math.min(output.reasoning ?? 0, output.total),
  };
}

/** OpenRouter counts what was written to the cache of the model behind it; the provider package does not read that. */
function routedCacheWrite({ raw }: LanguageModelV4Usage): number {
  const details = raw?.prompt_tokens_details;
  const written = isObject(details) ? details.cache_write_tokens : undefined;
  return typeof written === 'number' && written >= 0 ? written : 0;
}

/** What the provider itself says that the call cost; null where it does not say. */
export function reportedCostUsd(provider: string, usage: LanguageModelV4Usage): number | null {
  if (provider !== 'openrouter') return null;
  const { cost, is_byok: hasOwnKey, cost_details: details } = usage.raw ?? {};
  if (typeof cost !== 'number' || cost < 0) return null;
  if (hasOwnKey !== true) return cost;
  // With a key of one's own for the provider behind it, `cost` is the router's share alone; the provider bills the rest.
  const upstream = isObject(details) ? details.upstream_inference_cost : undefined;
  return typeof upstream === 'number' && upstream >= 0 ? cost + upstream : null;
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
