import { z } from '@hono/zod-openapi';
import type { ModelPrice, PriceEntry, PriceRates } from '../../core/price.ts';
import {
  priceFields,
  priceInForce,
  removePrice,
  requirePrice,
  setPrice,
} from '../../model-registry/prices.ts';
import { listPrices } from '../../store/model-prices.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, listQuery, ofObject, workspaceIdField } from './fields.ts';
import { iso } from './times.ts';

const tag = 'models';
const resource = 'price';
const params = z.object({ id: idParam('Price', 'mp77c0dy0mgdpzmqz6tesry8w184002s') });

const usdPerMillion = z.number();
const ratesShape = {
  input: usdPerMillion,
  output: usdPerMillion,
  cached_input: usdPerMillion.optional(),
  cache_write: usdPerMillion.optional(),
};

const priceShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  model: z.string(),
  ...ratesShape,
  tiers: z.array(z.object({ above_input_tokens: z.number().int(), ...ratesShape })),
  source: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

const inForceShape = z.object({
  model: z.string(),
  known: z.boolean().openapi({ description: 'False: runs of this model have no cost.' }),
  from: z.enum(['workspace', 'list']).nullable(),
  source: z.string().nullable(),
  date: z.string().nullable().openapi({ description: 'When it was set, or of the list.' }),
  usd_per_million_tokens: z.record(z.string(), z.unknown()).nullable(),
});

function showRates(rates: PriceRates) {
  return {
    input: rates.input,
    output: rates.output,
    ...(rates.cachedInput === undefined ? {} : { cached_input: rates.cachedInput }),
    ...(rates.cacheWrite === undefined ? {} : { cache_write: rates.cacheWrite }),
  };
}

function showTiers({ tiers = [] }: ModelPrice) {
  return tiers.map((tier) => ({
    above_input_tokens: tier.aboveInputTokens,
    ...showRates(tier),
  }));
}

function showPrice(entry: PriceEntry) {
  return {
    id: entry.id,
    workspace_id: entry.workspaceId,
    model: entry.model,
    ...showRates(entry.price),
    tiers: showTiers(entry.price),
    source: entry.source,
    created_at: iso(entry.createdAt),
    updated_at: iso(entry.updatedAt),
  };
}

interface GivenRates {
  readonly input: number;
  readonly output: number;
  readonly cached_input?: number | undefined;
  readonly cache_write?: number | undefined;
}

function ratesOf({ input, output, cached_input, cache_write }: GivenRates): PriceRates {
  return {
    input,
    output,
    ...(cached_input === undefined ? {} : { cachedInput: cached_input }),
    ...(cache_write === undefined ? {} : { cacheWrite: cache_write }),
  };
}

export const priceRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/prices',
      operationId: 'listPrices',
      tag,
      summary: 'List prices',
      description: 'Those that the workspace set itself, which come before the list of the server.',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object(listQuery),
      responses: { 200: { description: 'Prices', data: priceShape, kind: 'page' } },
    },
    async ({ query, workspaceId }, deps) => {
      const paging = pagingOf(deps, { name: 'prices', filters: { workspaceId }, ...query });
      return listed(await listPrices(deps.db, workspaceId, paging.request), paging, showPrice);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/prices/in-force',
      operationId: 'getPriceInForce',
      tag,
      summary: 'What a model costs now',
      description: 'The workspace’s own price, else that of the list, with its source and date.',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        model: z.string().openapi({ description: '`provider/model`.', example: 'openai/gpt-5' }),
      }),
      queryExample: { model: 'openai/gpt-5' },
      responses: { 200: { description: 'Price', data: inForceShape } },
    },
    async ({ query: { model }, workspaceId }, deps) => {
      const found = await priceInForce(deps.db, workspaceId, model);
      if (found === null) {
        const unknown = { from: null, source: null, date: null, usd_per_million_tokens: null };
        return ok({ model, known: false, ...unknown });
      }
      if ('listed' in found) {
        const { rates, source, date } = found.listed;
        return ok({
          model,
          known: true,
          from: 'list',
          source,
          date,
          usd_per_million_tokens: rates,
        });
      }
      const { price, source, updatedAt } = found.own;
      return ok({
        model,
        known: true,
        from: 'workspace',
        source,
        date: iso(updatedAt),
        usd_per_million_tokens: { ...showRates(price), tiers: showTiers(price) },
      });
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/prices',
      operationId: 'setPrice',
      tag,
      summary: 'Set price',
      description:
        'USD per million tokens, for calls from now on, in place of a price that the workspace set before. A call whose prompt passes a tier is billed at the tier’s rates as a whole.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      idempotent: 'create',
      body: z.object({
        workspace_id: workspaceIdField.optional(),
        model: priceFields.model.openapi({ example: 'openai-compatible/qwen3:8b' }),
        input: priceFields.input,
        output: priceFields.output,
        cached_input: priceFields.cached_input.openapi({ description: 'Default: as input.' }),
        cache_write: priceFields.cache_write.openapi({ description: 'Default: as input.' }),
        tiers: priceFields.tiers.optional(),
        source: priceFields.source.optional().openapi({
          description: 'Where the price is from: a contract, a page.',
        }),
      }),
      bodyRequired: true,
      bodyExample: { model: 'openai-compatible/qwen3:8b', input: 0.1, output: 0.3 },
      errors: { 409: 'The workspace has too many prices' },
      responses: { 201: { description: 'Price set', data: priceShape } },
    },
    async ({ body, workspaceId, idempotency }, deps) => {
      const { model, tiers = [], source = '', ...rates } = body;
      const price: ModelPrice = {
        ...ratesOf(rates),
        ...(tiers.length === 0
          ? {}
          : {
              tiers: tiers.map((tier) => ({
                ...ratesOf(tier),
                aboveInputTokens: tier.above_input_tokens,
              })),
            }),
      };
      const answerOf = (entry: PriceEntry) => created(showPrice(entry));
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await setPrice(deps, { workspaceId, model, price, source }, keep));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/prices/{id}',
      operationId: 'getPrice',
      tag,
      summary: 'Get price',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Price', data: priceShape } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(showPrice(await requirePrice(deps.db, { scope, id }))),
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/prices/{id}',
      operationId: 'deletePrice',
      tag,
      summary: 'Delete price',
      description: 'The list’s price is in force again from the next call on.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Price deleted', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      await removePrice(deps.db, { scope, id });
      return deleted(id);
    },
  ),
];
