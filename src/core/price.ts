// What a model costs: USD per million tokens.

/** Cached input and cache writes cost as input where not said otherwise; reasoning costs as output. */
export interface PriceRates {
  readonly input: number;
  readonly output: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
}

/** Tiers in any order; the highest one that the prompt passes applies to the whole call. */
export interface ModelPrice extends PriceRates {
  readonly tiers?: readonly PriceTier[];
}

export interface PriceTier extends PriceRates {
  /** Counted in all tokens of the prompt, cached ones included. */
  readonly aboveInputTokens: number;
}

/** A workspace's own price of a model: it comes before the list. */
export interface PriceEntry {
  readonly id: string;
  readonly workspaceId: string;
  /** `provider/model`. */
  readonly model: string;
  readonly price: ModelPrice;
  /** Where the price is from, in the words of whoever set it. */
  readonly source: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
