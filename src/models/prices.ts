import { calcPrice } from '@pydantic/genai-prices';
import type { ModelUsage } from '../core/model.ts';
import type { ModelId } from './model-id.ts';

/** USD per million tokens. Cached input and cache writes cost as input where not said otherwise. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
}

/** By `provider/model`. */
export type PriceTable = Readonly<Record<string, ModelPrice>>;

/**
 * USD for the usage: by the override table, else by the snapshot of list prices that the package
 * carries (never fetched). Null when neither knows the model.
 */
export function priceOf(id: ModelId, usage: ModelUsage, overrides: PriceTable): number | null {
  const override = overrides[`${id.provider}/${id.name}`];
  if (override !== undefined) return applyPrice(override, usage);
  // What an OpenAI-compatible server charges is its own affair, whatever its models are called.
  if (id.provider !== 'openai' && id.provider !== 'anthropic') return null;
  return listPrice(id.provider, id.name, usage);
}

export function applyPrice(price: ModelPrice, usage: ModelUsage): number {
  const plain = usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens;
  const total =
    Math.max(0, plain) * price.input +
    usage.cachedInputTokens * (price.cachedInput ?? price.input) +
    usage.cacheWriteTokens * (price.cacheWrite ?? price.input) +
    usage.outputTokens * price.output;
  return total / 1_000_000;
}

function listPrice(providerId: string, name: string, usage: ModelUsage): number | null {
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const counts = {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: cached,
    cache_write_tokens: Math.min(usage.cacheWriteTokens, usage.inputTokens - cached),
  };
  let result: ReturnType<typeof calcPrice>;
  try {
    result = calcPrice(counts, name, { providerId });
  } catch {
    // It throws on counts that an entry has no price for. The answer is paid for and must not be lost.
    return null;
  }
  // An entry without one of the two prices would count those tokens as free.
  if (result?.model_price.input_mtok === undefined) return null;
  if (result.model_price.output_mtok === undefined) return null;
  return result.total_price;
}
