import { calcPrice } from '@pydantic/genai-prices';
import type { ModelUsage } from '../core/model.ts';
import type { ModelPrice, PriceRates } from '../core/price.ts';
import { type ModelId, parseModelId } from './model-id.ts';

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
  if (id.provider === 'openai-compatible' || id.provider === 'scripted') return null;
  return listPrice(listNames[id.provider] ?? id.provider, id.name, usage);
}

/** The same for `provider/model`. Throws `ModelError` when it has another form. */
export function costOfUsage(model: string, usage: ModelUsage, prices: PriceTable): number | null {
  return priceOf(parseModelId(model), usage, prices);
}

const listNames: Readonly<Record<string, string>> = { bedrock: 'aws' };

/** What the list says of a model: USD per million tokens by kind, tiers included. */
export interface ListedPrice {
  readonly rates: Readonly<Record<string, unknown>>;
  readonly source: string;
  /** Of the list. */
  readonly date: string;
}

/** The list is the package's snapshot: its version, and the day it was published. A test holds both together. */
export const priceList = { source: '@pydantic/genai-prices 0.1.8', date: '2026-09-23' } as const;

/** Null when the list does not have the model. */
export function listedPrice(id: ModelId): ListedPrice | null {
  if (id.provider === 'openai-compatible' || id.provider === 'scripted') return null;
  const found = calculated(listNames[id.provider] ?? id.provider, id.name, noTokens);
  if (found === null) return null;
  const cached = unlistedCacheRate(id.provider, found.model_price);
  const rates = {
    ...found.model_price,
    ...(cached === undefined ? {} : { cache_read_mtok: cached }),
  };
  return { rates, ...priceList };
}

const noTokens = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
};

export function applyPrice(price: ModelPrice, usage: ModelUsage): number {
  const rates = ratesAt(price, usage.inputTokens);
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const written = Math.min(usage.cacheWriteTokens, usage.inputTokens - cached);
  const total =
    (usage.inputTokens - cached - written) * rates.input +
    cached * (rates.cachedInput ?? rates.input) +
    written * (rates.cacheWrite ?? rates.input) +
    usage.outputTokens * rates.output;
  return total / 1_000_000;
}

/** A call whose prompt passes a tier's threshold is billed at that tier's rates as a whole. */
function ratesAt(price: ModelPrice, inputTokens: number): PriceRates {
  return (price.tiers ?? [])
    .filter((tier) => inputTokens > tier.aboveInputTokens)
    .reduce<ModelPrice | (PriceRates & { aboveInputTokens: number })>(
      (highest, tier) =>
        'aboveInputTokens' in highest && highest.aboveInputTokens > tier.aboveInputTokens
          ? highest
          : tier,
      price,
    );
}

function listPrice(providerId: string, name: string, usage: ModelUsage): number | null {
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const counts = {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: cached,
    cache_write_tokens: Math.min(usage.cacheWriteTokens, usage.inputTokens - cached),
  };
  const found = calculated(providerId, name, counts);
  if (found === null) return null;
  const rate = unlistedCacheRate(providerId, found.model_price);
  // The list's own sum has them at the full price, which is ten times this.
  return found.total_price - (rate === undefined ? 0 : (9 * rate * cached) / 1_000_000);
}

/**
 * What the provider bills for tokens read from its cache where the list says nothing of them. Mistral: a tenth of the
 * prompt's price, for all models (https://docs.mistral.ai/studio-api/conversations/advanced/prompt-caching).
 */
function unlistedCacheRate(providerId: string, listed: Calculated['model_price']) {
  const { input_mtok: input, cache_read_mtok: cached } = listed;
  const isMissing = providerId === 'mistral' && cached === undefined && typeof input === 'number';
  return isMissing ? input / 10 : undefined;
}

type Calculated = NonNullable<ReturnType<typeof calcPrice>>;

function calculated(providerId: string, name: string, counts: typeof noTokens): Calculated | null {
  let result: ReturnType<typeof calcPrice>;
  try {
    result = calcPrice(counts, name, { providerId });
  } catch {
    // It throws on counts that an entry has no price for. The answer is paid for and must not be lost.
    return null;
  }
  // An entry without one of the two prices would count those tokens as free. Embeddings have no output.
  if (result?.model_price.input_mtok === undefined) return null;
  const hasNoOutput = counts.input_tokens > 0 && counts.output_tokens === 0;
  if (result.model_price.output_mtok === undefined && !hasNoOutput) return null;
  return result;
}
