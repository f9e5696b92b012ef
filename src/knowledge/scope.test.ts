import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKnowledgeBench, type KnowledgeBench } from '../../test/support/knowledge.ts';
import { addScopedNodes, assertScopesHold } from '../../test/support/knowledge-scopes.ts';

let bench: KnowledgeBench;
let nodes: Awaited<ReturnType<typeof addScopedNodes>>;
beforeAll(async () => {
  bench = await createKnowledgeBench();
  nodes = await addScopedNodes(bench);
}, 60_000);
afterAll(() => bench[Symbol.asyncDispose]());

describe('search', () => {
  test('never finds what is out of its scope, and finds all that is in it', async () => {
    await assertScopesHold(bench, nodes, 120);
  }, 60_000);

  test('gives scores that nothing out of scope has a part in', async () => {
    const scope = { workspaceId: bench.workspace.id, entityIds: ['house-9'], withUnscoped: false };
    await bench.add({ title: 'Pool', body: 'The pool opens at noon.', entityIds: ['house-9'] });
    await bench.settled();
    const ask = () => bench.search('pool noon', { scope, by: 'text' });
    const before = await ask();
    for (let n = 0; n < 5; n++) {
      await bench.add({ title: 'Noon', body: 'Pool pool noon.', entityIds: ['house-8'] });
    }
    await bench.settled();
    expect(await ask()).toEqual(before);
    expect(before).toHaveLength(1);
  });
});
