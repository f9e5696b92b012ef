import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { letterEmbedder } from '../../test/support/embedder.ts';
import { eventually } from '../../test/support/engine-process.ts';
import { createKnowledgeBench, type KnowledgeBench } from '../../test/support/knowledge.ts';
import { BudgetSpent } from '../core/knowledge.ts';
import { getNode } from '../store/kb-nodes.ts';
import { searchKnowledge } from './search.ts';
import { changeSettings } from './settings.ts';
import { VectorIndex } from './vector-index.ts';
import { packVector, unpackVector } from './vectors.ts';

let bench: KnowledgeBench;
let isSpent = false;
beforeAll(async () => {
  const embedder: typeof letterEmbedder = {
    ...letterEmbedder,
    embed: async (request) => {
      if (isSpent) throw new BudgetSpent('The budget is used up.');
      return await letterEmbedder.embed(request);
    },
  };
  bench = await createKnowledgeBench({ embedder, budgetWaitMs: 20 });
});
afterAll(() => bench[Symbol.asyncDispose]());

const ask = (query: string, vectors = bench.deps.vectors) =>
  searchKnowledge(
    { ...bench.deps, vectors },
    {
      scope: { workspaceId: bench.workspace.id, entityIds: null, withUnscoped: false },
      query,
      maxResults: 3,
      runId: null,
    },
  );
const model = (embeddingModel: string | null) =>
  changeSettings(bench.deps, bench.workspace.id, { embeddingModel });

describe('vectors', () => {
  test('are kept in a byte a dimension, and keep their direction', () => {
    const packed = packVector(Float32Array.from([3, -4, 0, 0.05]));
    expect(packed).toHaveLength(8);
    const [a = 0, b = 0, c = 0] = unpackVector(packed);
    expect([a, b, c].map((value) => Math.round(value * 100))).toEqual([60, -80, 0]);
    expect(() => packVector(Float32Array.from([Number.NaN]))).toThrow('finite');
    expect([...unpackVector(packVector(new Float32Array(3)))]).toEqual([0, 0, 0]);
  });

  test('are made for what is there when a model is chosen, and for what comes', async () => {
    const node = await bench.add({ title: 'Towels', body: 'Fresh towels every third day.' });
    await bench.settled();
    expect((await ask('toweling')).passages[0]?.similarity ?? null).toBeNull();
    await model('test/letters');
    await bench.add({ title: 'Bikes', body: 'Bicycles stand in the shed.' });
    await bench.settled();
    expect(await getNode(bench.database.db, 'all', node.id)).toMatchObject({
      indexStatus: 'ready',
    });
    const { passages } = await ask('fresh towels every third day');
    expect(passages[0]).toMatchObject({ nodeTitle: 'Towels' });
    expect(passages[0]?.similarity).toBeGreaterThan(0.5);
    expect(passages[1]).toMatchObject({ nodeTitle: 'Bikes', coverage: 0 });
  });

  test('wait while a budget is used up, and the node says why', async () => {
    isSpent = true;
    const node = await bench.add({ title: 'Ferries', body: 'Ferries leave from the jetty.' });
    const look = () => getNode(bench.database.db, 'all', node.id);
    await eventually(async () => (await look())?.indexError != null);
    expect(await look()).toMatchObject({
      indexStatus: 'embedding',
      indexError: 'Its vectors wait; its words are found. The budget is used up.',
    });
    expect((await ask('ferries leave')).passages[0]).toMatchObject({ nodeTitle: 'Ferries' });
    isSpent = false;
    await bench.settled();
    expect(await look()).toMatchObject({ indexStatus: 'ready', indexError: null });
  });

  test('that are too many for memory only rank what words found', async () => {
    const { passages } = await ask('towels', new VectorIndex(10));
    expect(passages).toHaveLength(1);
    expect(passages[0]?.similarity).toBeGreaterThan(0);
  });

  test('are read again by a process that had read them before', async () => {
    const own = new VectorIndex(1_000_000);
    await ask('sledges', own);
    await bench.add({ title: 'Sledges', body: 'Two sledges hang in the hall.' });
    await bench.settled();
    expect((await ask('sledges hang hall', own)).passages[0]).toMatchObject({
      nodeTitle: 'Sledges',
      similarity: expect.any(Number),
    });
  });

  test('that cannot be had cost search nothing else, and it says so', async () => {
    await model('test/down');
    await bench.add({ title: 'Canoes', body: 'Canoes are on the lake.' });
    const { passages, degraded } = await ask('towels');
    expect(passages[0]).toMatchObject({ nodeTitle: 'Towels', similarity: null });
    expect(degraded).toBe(
      'Only words were searched: test/down could not be asked (The provider is down).',
    );
    await expect(model('none/such')).rejects.toThrow(
      'embedding_model cannot be used: There is no none/such',
    );
    await model(null);
    await bench.settled();
    expect((await ask('canoes')).passages[0]).toMatchObject({ nodeTitle: 'Canoes' });
  });

  test('and words give an order that a model may change, unless it is away', async () => {
    const { id } = bench.workspace;
    await bench.add({ title: 'Boats', body: 'A boat.' });
    await bench.add({
      title: 'Boat hire',
      body: 'A boat, a boat, a boat: hire a boat at the boat house.',
    });
    await bench.settled();
    const titles = async () => {
      const { passages, degraded } = await ask('boat hire');
      expect(passages.map(({ score }) => score)).toEqual(
        passages.map(({ score }) => score).toSorted((a, b) => b - a),
      );
      return { titles: passages.map(({ nodeTitle }) => nodeTitle), degraded };
    };
    const before = await titles();
    expect(before.titles.slice(0, 2)).toEqual(['Boat hire', 'Boats']);
    await changeSettings(bench.deps, id, { rerankModel: 'test/shortest' });
    expect((await titles()).titles.slice(0, 2)).toEqual(['Boats', 'Boat hire']);
    await changeSettings(bench.deps, id, { rerankModel: 'test/down' });
    const away = await titles();
    expect(away.titles).toEqual(before.titles);
    expect(away.degraded).toBe(
      'The order is that of search alone: test/down could not be asked (The provider is down).',
    );
    await changeSettings(bench.deps, id, { rerankModel: null });
  });
});
