import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import type { ModelAnswer } from '../core/model.ts';
import { createModelClient } from '../models/client.ts';
import { createEmbedder } from '../models/embedder.ts';
import { createLocalEmbeddings } from '../models/local-embeddings.ts';
import { rerankByAsking } from '../models/rerank.ts';
import { addressesIn, isPublicAddress } from '../sandbox/egress/address.ts';
import { createGuard } from '../sandbox/egress/guard.ts';
import { insertModel } from '../store/models.ts';
import { createModelFetch } from './guarded-fetch.ts';
import { createKnowledgeModels } from './knowledge-models.ts';
import { ModelLimiter } from './model-limiter.ts';
import { createWorkspaceModels } from './workspace-models.ts';

// A provider's server that tells what it was asked, behind names of a workspace.

interface Asked {
  readonly path: string;
  readonly key: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

let api: TestApi;
let server: Server;
let limiter: ModelLimiter;
let made: ReturnType<typeof createKnowledgeModels>;
const asked: Asked[] = [];
let answer: (body: Asked['body']) => unknown;
const signal = AbortSignal.timeout(60_000);
const key = 'a key of the workspace';

beforeAll(async () => {
  api = await createTestApi();
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => {
      text += part.toString();
    });
    request.on('end', () => {
      const body = JSON.parse(text);
      asked.push({ path: request.url ?? '', key: request.headers.authorization, body });
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer(body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { db, secretBox } = api.deps;
  limiter = new ModelLimiter({ db, patienceMs: 100 });
  const allowed = addressesIn(['127.0.0.1']);
  const deps = {
    db,
    secretBox,
    limiter,
    client: createModelClient({ retry: { attempts: 1 } }),
    fetch: createModelFetch({
      guard: createGuard({ isAllowedAddress: (at) => isPublicAddress(at) || allowed(at) }),
      plainGuard: createGuard({ isAllowedAddress: allowed }),
      authorities: [],
    }),
  };
  const local = createLocalEmbeddings('/nowhere');
  made = createKnowledgeModels({
    ...deps,
    embedder: createEmbedder({ providers: {}, local }),
    models: createWorkspaceModels(deps),
  });
  await api.request('PUT', '/v1/secrets/OWN_KEY', { body: { value: key } });
  const add = (name: string, provider: 'openai' | 'openai-compatible' | 'anthropic', at = url) =>
    insertModel(db, {
      ...{ id: `md_${name}`, workspaceId: api.workspace.id, name, description: '', provider },
      ...{ model: `the-${name}`, baseUrl: at, secret: 'OWN_KEY', keyExpiresAt: null, settings: {} },
      limits: { requests_per_minute: null, tokens_per_minute: null, max_concurrent: null },
      ...{ fallbacks: [], fallbackOn: [], maxCount: 20 },
    });
  await add('compatible', 'openai-compatible');
  await add('openai', 'openai', `${url}/v1`);
  await add('claude', 'anthropic');
  await add('inside', 'openai-compatible', 'http://127.0.0.2:9');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await limiter[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const named = (model: string) => ({ workspaceId: api.workspace.id, model });

describe('embeddings of a workspace’s own model', () => {
  const vectors = (body: Asked['body']) => ({
    data: (body.input as string[]).map((text, index) => ({ index, embedding: [text.length, 1] })),
  });

  test.each(['compatible', 'openai'])('come with its key: %s', async (model) => {
    answer = vectors;
    expect(await made.embedder.whyUnusable(named(model))).toBeNull();
    const texts = Array.from({ length: 70 }, (_, at) => 'x'.repeat(at));
    const found = await made.embedder.embed({ ...named(model), texts, signal });
    expect(found.map(([first]) => first)).toEqual(texts.map(({ length }) => length));
    expect(asked.at(-1)).toMatchObject({
      path: '/v1/embeddings',
      key: `Bearer ${key}`,
      body: { model: `the-${model}` },
    });
  });

  test('are refused where there can be none, and say why', async () => {
    const why = (model: string) => made.embedder.whyUnusable(named(model));
    expect(await why('claude')).toMatch(/^anthropic makes no embeddings here; openai, /);
    expect(await why('nobody')).toMatch(/^The workspace has no model "nobody"/);
    expect(await why('local/none')).toMatch(/^There is no .*model\.safetensors/);
    expect(await why('scripted/one')).toBe('Scripts make no embeddings.');
    const foreign = { workspaceId: api.otherWorkspace.id, model: 'compatible' };
    expect(await made.embedder.whyUnusable(foreign)).toMatch(/has no model/);
    await expect(made.embedder.embed({ ...foreign, texts: ['x'], signal })).rejects.toThrow(
      'has no model',
    );
    await expect(
      made.embedder.embed({ ...named('inside'), texts: ['x'], signal }),
    ).rejects.toThrow();
    answer = () => ({ data: [] });
    await expect(
      made.embedder.embed({ ...named('compatible'), texts: ['x'], signal }),
    ).rejects.toThrow('gave 0 vectors for 1 texts');
  });
});

describe('an order anew', () => {
  const request = { query: 'Which?', texts: ['a', 'b', 'c'], signal };

  test('comes from a model that is made for it, as probabilities or not', async () => {
    const scores = (values: readonly number[]) => () => ({
      results: values.map((relevance_score, index) => ({ index, relevance_score })).toReversed(),
    });
    answer = scores([0.2, 0.9, 0.1]);
    const order = () => made.reranker.rerank({ ...named('compatible'), ...request });
    expect(await order()).toEqual([0.2, 0.9, 0.1]);
    expect(asked.at(-1)).toMatchObject({
      path: '/v1/rerank',
      key: `Bearer ${key}`,
      body: { model: 'the-compatible', query: 'Which?', documents: ['a', 'b', 'c'] },
    });
    answer = scores([-3, 4, 0]);
    const [a = 0, b = 0, c = 0] = await order();
    expect([a < c, c < b, a >= 0, b <= 1]).toEqual([true, true, true, true]);
    answer = scores([0.5, 0.7]);
    expect((await order())[2]).toBe(0);
    answer = () => ({ results: 'none' });
    await expect(order()).rejects.toThrow('Its answer is no ranking.');
    await expect(made.reranker.rerank({ ...named('inside'), ...request })).rejects.toThrow();
  });

  test('comes from any other model, which is asked for it', async () => {
    const ask = (text: string) => rerankByAsking(async () => ({ text }) as ModelAnswer, request);
    expect(await ask('The order is [3, 1, 3, 9].')).toEqual([1 - 1 / 3, 0, 1]);
    expect(await ask('[]')).toEqual([0, 0, 0]);
    await expect(ask('None of them.')).rejects.toThrow('no order');
    expect(await made.reranker.whyUnusable(named('claude'))).toBeNull();
    expect(await made.reranker.whyUnusable(named('nobody'))).toMatch(/has no model/);
    expect(await made.reranker.whyUnusable(named('openai/gpt-5'))).toMatch(/needs a key/);
  });
});
