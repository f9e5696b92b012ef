import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { createApiObjects } from '../../test/support/api-objects.ts';
import { modelFetch } from '../../test/support/model-registry.ts';
import { BudgetSpent } from '../core/knowledge.ts';
import type { ModelAnswer } from '../core/model.ts';
import { createLogger } from '../logger.ts';
import { createModelClient } from '../models/client.ts';
import { createEmbedder } from '../models/embedder.ts';
import { createLocalEmbeddings } from '../models/local-embeddings.ts';
import { rerankByAsking } from '../models/rerank.ts';
import { BudgetGate } from '../runs/budget-gate.ts';
import { checkBudgets } from '../store/budget-use.ts';
import { insertModel } from '../store/models.ts';
import type { KnowledgeCall } from './count-calls.ts';
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
let add: (name: string) => Promise<unknown>;
const asked: Asked[] = [];
const measured: KnowledgeCall[] = [];
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
  const deps = {
    db,
    secretBox,
    limiter,
    client: createModelClient({ retry: { attempts: 1 } }),
    fetch: modelFetch(),
  };
  const local = createLocalEmbeddings('/nowhere');
  const budgets = new BudgetGate({ db, logger: createLogger('silent') });
  made = createKnowledgeModels({
    ...deps,
    embedder: createEmbedder({ providers: {}, local }),
    models: createWorkspaceModels(deps),
    onCall: (call) => measured.push(call),
    // Read anew each time: a server does so each second.
    whySpent: async (workspaceId) => {
      await checkBudgets(db, { limit: 50 });
      await budgets.refresh();
      return await budgets.whySpent(workspaceId);
    },
  });
  await api.request('PUT', '/v1/secrets/OWN_KEY', { body: { value: key } });
  const insert = (name: string, provider: 'openai' | 'openai-compatible' | 'anthropic', at = url) =>
    insertModel(db, {
      ...{ id: `md_${name}`, workspaceId: api.workspace.id, name, description: '', provider },
      ...{ model: `the-${name}`, baseUrl: at, secret: 'OWN_KEY', keyExpiresAt: null, settings: {} },
      limits: { requests_per_minute: null, tokens_per_minute: null, max_concurrent: null },
      ...{ fallbacks: [], fallbackOn: [], maxCount: 20 },
    });
  add = (name) => insert(name, 'openai-compatible');
  await insert('compatible', 'openai-compatible');
  await insert('openai', 'openai', `${url}/v1`);
  await insert('claude', 'anthropic');
  await insert('inside', 'openai-compatible', 'http://127.0.0.2:9');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await limiter[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const named = (model: string) => ({ workspaceId: api.workspace.id, model, runId: null });

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
    const foreign = { ...named('compatible'), workspaceId: api.otherWorkspace.id };
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

describe('what is asked for knowledge', () => {
  const usage = async (query: string) =>
    (await api.request('GET', `/v1/usage?${query}`)).json.data as {
      totals: Record<string, unknown>;
      groups: Record<string, unknown>[];
    };

  test('is counted when it is asked, to the run’s agent or to the workspace alone, at its price', async () => {
    const { agent, run } = await createApiObjects(api, api.workspace.id);
    const [{ id } = { id: '' }] = await api.deps.db.query<{ id: string }>({
      text: 'SELECT id FROM runs WHERE $1 IN (id, run_id)',
      values: [run],
    });
    const priced = await api.request('POST', '/v1/prices', {
      body: { model: 'openai-compatible/the-priced', input: 100, output: 0 },
    });
    expect(priced.status).toBe(201);
    await add('priced');
    answer = (body) => ({
      data: (body.input as string[]).map((_, index) => ({ index, embedding: [1, 0] })),
      usage: { prompt_tokens: 50, total_tokens: 50 },
    });
    const texts = ['A question of somebody'];
    await made.embedder.embed({ ...named('priced'), texts, signal });
    await made.embedder.embed({ ...named('priced'), runId: id, texts, signal });
    answer = () => ({ results: [{ index: 0, relevance_score: 0.5 }], usage: { total_tokens: 30 } });
    await made.reranker.rerank({ ...named('priced'), runId: id, query: 'Which?', texts, signal });
    const { totals, groups } = await usage('group_by=agent,model&model=priced');
    const sums = (input: number) => ({
      ...{ runs: 0, model: 'priced', token_usage: { input, output: 0 } },
      ...{ total_cost: input / 10_000, runs_of_unknown_cost: 0 },
    });
    expect(groups).toMatchObject([
      { agent_id: agent, ...sums(80) },
      { agent_id: null, ...sums(50) },
    ]);
    expect(totals).toMatchObject({ token_usage: { input: 130 }, total_cost: 0.013 });
    expect(measured.slice(-2)).toMatchObject([
      {
        operation: 'embeddings',
        model: 'priced',
        inputTokens: 50,
        costUsd: 0.005,
        isFailed: false,
      },
      { operation: 'rerank', model: 'priced', inputTokens: 30, costUsd: 0.003, isFailed: false },
    ]);
  });

  test('waits when the workspace’s budget is used up, but for runs that go on', async () => {
    const budget = await api.request('POST', '/v1/budgets', {
      body: { workspace_id: api.workspace.id, period: 'day', max_tokens: 1, stops: true },
    });
    expect(budget.status).toBe(201);
    const before = asked.length;
    const request = { ...named('priced'), texts: ['More'], signal };
    const refused = made.embedder.embed(request);
    await expect(refused).rejects.toBeInstanceOf(BudgetSpent);
    await expect(refused).rejects.toThrow(/budget of the workspace for the day is used up/);
    expect(asked.length).toBe(before);
    answer = () => ({ data: [{ index: 0, embedding: [1, 0] }] });
    expect(await made.embedder.embed({ ...request, runId: 'ar_any' })).toHaveLength(1);
  });
});
