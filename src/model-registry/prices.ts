import { z } from 'zod';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { PriceEntry } from '../core/price.ts';
import { refusal } from '../core/validate.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import { parseModelId } from '../models/model-id.ts';
import { type ListedPrice, listedPrice } from '../models/prices.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { deletePrice, getPrice, getPricesOf, putPrice } from '../store/model-prices.ts';
import { type InTransaction, requireWorkspace } from '../store/workspaces.ts';

// A workspace's own prices. A call is priced when it is made: a change holds from the next call on.

const maxPrices = 1_000;
const usd = z.number().min(0).max(1_000_000);

const rates = {
  input: usd,
  output: usd,
  cached_input: usd.optional(),
  cache_write: usd.optional(),
} as const;

export const priceFields = {
  model: z
    .string()
    .max(220)
    .regex(/^[a-z][a-z-]*\/\S+$/, 'must look like provider/model, e.g. openai/gpt-5'),
  ...rates,
  tiers: z
    .array(z.object({ above_input_tokens: z.number().int().min(1).max(100_000_000), ...rates }))
    .max(10),
  source: z.string().max(500),
} as const;

/** Sets the price of a model, in place of the one it had. Throws `validation_error`, `conflict`. */
export async function setPrice(
  deps: { readonly db: Database },
  price: Pick<PriceEntry, 'workspaceId' | 'model' | 'price' | 'source'>,
  inTransaction?: InTransaction<PriceEntry>,
): Promise<PriceEntry> {
  requirePriced(price.model);
  return await deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, 'all', price.workspaceId);
    const id = newId('modelPrice');
    const put = await putPrice(tx, { ...price, id, maxCount: maxPrices });
    if (put === null) {
      throw new ApiError('conflict', `The workspace has ${maxPrices} prices already. Delete some.`);
    }
    await inTransaction?.(tx, put);
    return put;
  });
}

/** Throws `not_found`. */
export async function requirePrice(db: Queryable, { scope, id }: ScopedKey): Promise<PriceEntry> {
  const price = await getPrice(db, scope, id);
  if (price === null) throw new ApiError('not_found', `There is no price ${id.slice(0, 64)}.`);
  return price;
}

/** The list's price is in force again from the next call on. Throws `not_found`. */
export async function removePrice(db: Queryable, { scope, id }: ScopedKey): Promise<void> {
  if (await deletePrice(db, scope, id)) return;
  throw new ApiError('not_found', `There is no price ${id.slice(0, 64)}.`);
}

/** What a call of the model costs now: the workspace's price, else the list's; null when neither knows it. */
export async function priceInForce(
  db: Queryable,
  workspaceId: string,
  model: string,
): Promise<{ readonly own: PriceEntry } | { readonly listed: ListedPrice } | null> {
  requirePriced(model);
  const [own] = await getPricesOf(db, workspaceId, [model]);
  if (own !== undefined) return { own };
  const listed = listedPrice(parseModelId(model));
  return listed === null ? null : { listed };
}

function requirePriced(model: string): void {
  try {
    if (parseModelId(model).provider !== 'scripted') return;
  } catch {
    // Said below.
  }
  throw refusal(new Map([['model', 'must be provider/model of a provider that there is']]));
}
