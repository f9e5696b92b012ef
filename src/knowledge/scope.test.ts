import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKnowledgeBench, type KnowledgeBench } from '../../test/support/knowledge.ts';
import { patchNode } from './nodes.ts';
import { changeSettings } from './settings.ts';

let bench: KnowledgeBench;
interface Known {
  readonly id: string;
  readonly workspaceId: string;
  readonly entityIds: readonly string[];
  readonly isHidden: boolean;
}
const nodes: Known[] = [];
const entities = ['house-1', 'house-2', 'house-3'];
const words = ['pool', 'garden', 'towel', 'refund', 'parking', 'breakfast', 'sauna', 'boat'];

beforeAll(async () => {
  bench = await createKnowledgeBench();
  const spaces = [bench.workspace.id, bench.otherWorkspace.id];
  const embeddingModel = 'test/letters';
  for (const id of spaces) await changeSettings(bench.deps, id, { embeddingModel });
  const parents = new Map<string, { readonly open: string; readonly closed: string }>();
  for (const workspaceId of spaces) {
    const directory = {
      isDirectory: true,
      body: null,
      sourceType: 'directory',
      workspaceId,
    } as const;
    const open = await bench.add({ ...directory, title: 'Open' });
    const closed = await bench.add({ ...directory, title: 'Closed' });
    await patchNode(bench.deps, { scope: 'all', id: closed.id }, { enabled: false });
    parents.set(workspaceId, { open: open.id, closed: closed.id });
  }
  const made = fc.record({
    workspaceId: fc.constantFrom(...spaces),
    entityIds: fc.subarray(entities, { maxLength: 2 }),
    enabled: fc.boolean(),
    place: fc.constantFrom('root', 'open', 'closed'),
    said: fc.subarray(words, { minLength: 2 }),
  });
  for (const { place, said, ...given } of fc.sample(made, { numRuns: 60, seed: 11 })) {
    const at = parents.get(given.workspaceId);
    const parentId = place === 'root' ? null : (at?.[place as 'open' | 'closed'] ?? null);
    const node = await bench.add({
      ...given,
      parentId,
      title: said.join(' '),
      body: said.join(', '),
    });
    nodes.push({ ...node, isHidden: !given.enabled || place === 'closed' });
  }
  await bench.settled();
}, 60_000);
afterAll(() => bench[Symbol.asyncDispose]());

describe('search', () => {
  test('never finds what is out of its scope, and finds all that is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          workspaceId: fc.constantFrom(bench.workspace.id, bench.otherWorkspace.id),
          entityIds: fc.option(fc.subarray([...entities, 'nobody'], { minLength: 1 })),
          withUnscoped: fc.boolean(),
        }),
        fc.subarray([...words, 'towle', 'unheard'], { minLength: 1 }),
        async (scope, asked) => {
          const found = await bench.search(asked.join(' '), { scope, maxResults: 50 });
          const allowed = nodes.filter(
            (node) =>
              node.workspaceId === scope.workspaceId &&
              !node.isHidden &&
              (scope.entityIds === null ||
                (scope.withUnscoped && node.entityIds.length === 0) ||
                node.entityIds.some((id) => scope.entityIds?.includes(id))),
          );
          const ids = found.map(({ nodeId }) => nodeId);
          // By vectors everything in scope is near the question, so all of it is found, and nothing else.
          expect(new Set(ids)).toEqual(new Set(allowed.map(({ id }) => id)));
        },
      ),
      { numRuns: 120, seed: 7 },
    );
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
