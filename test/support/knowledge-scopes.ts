import fc from 'fast-check';
import { expect } from 'vitest';
import { patchNode } from '../../src/knowledge/nodes.ts';
import { changeSettings } from '../../src/knowledge/settings.ts';
import type { KnowledgeBench } from './knowledge.ts';

interface Known {
  readonly id: string;
  readonly workspaceId: string;
  readonly entityIds: readonly string[];
  readonly isHidden: boolean;
}
const entities = ['house-1', 'house-2', 'house-3'];
const words = ['pool', 'garden', 'towel', 'refund', 'parking', 'breakfast', 'sauna', 'boat'];

/** Nodes of two workspaces, of several entities or none, enabled or not, at places that are enabled or not. */
export async function addScopedNodes(bench: KnowledgeBench): Promise<readonly Known[]> {
  const nodes: Known[] = [];
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
  return nodes;
}

/** Whatever is asked in whatever scope: what is found is all that is in it, and nothing else. */
export async function assertScopesHold(
  bench: KnowledgeBench,
  nodes: readonly Known[],
  numRuns: number,
): Promise<void> {
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
    { numRuns, seed: 7 },
  );
}
