import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDatabase } from '../../test/support/database.ts';
import { createKnowledgeBench, type KnowledgeBench } from '../../test/support/knowledge.ts';
import { addScopedNodes, assertScopesHold } from '../../test/support/knowledge-scopes.ts';
import { requires } from '../../test/support/requires.ts';
import { openDatabase } from '../store/connect.ts';
import { setUpPgvector } from '../store/kb-pgvector.ts';
import { migrate } from '../store/migrate.ts';
import { patchNode, removeNode } from './nodes.ts';
import { searchKnowledge } from './search.ts';
import { changeSettings } from './settings.ts';

// Against a server that has pgvector: SIGNALBOX_TEST_PGVECTOR_URL, as `sh test/support/serve-pgvector.sh DIR` prints it.
const server = process.env.SIGNALBOX_TEST_PGVECTOR_URL ?? '';

async function newDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const url = server.replace(/[^/]*$/, name);
  const onServer = async (sql: string) => {
    await using db = openDatabase({ kind: 'url', url: server }, { max: 1 });
    await db.execute(sql);
  };
  await onServer(`CREATE DATABASE ${name} TEMPLATE template0`);
  const db = openDatabase({ kind: 'url', url });
  await migrate(db);
  return {
    ...{ db, url, settings: { kind: 'url', url } },
    // Only the tests' own server is reached by a socket.
    connection: null as unknown as TestDatabase['connection'],
    [Symbol.asyncDispose]: async () => {
      await db[Symbol.asyncDispose]();
      await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

describe('pgvector', requires(server !== '', 'SIGNALBOX_TEST_PGVECTOR_URL is not set'), () => {
  let bench: KnowledgeBench;
  const words = ['pool', 'garden', 'towel', 'refund', 'parking', 'breakfast', 'sauna', 'boat'];
  beforeAll(async () => {
    bench = await createKnowledgeBench({}, { database: await newDatabase(), hasPgvector: true });
    await changeSettings(bench.deps, bench.workspace.id, { embeddingModel: 'test/letters' });
    for (const [at, word] of words.entries()) {
      const entityIds = at % 3 === 0 ? [] : [`house-${at % 3}`];
      await bench.add({ title: word, body: `About the ${word}, ${at} times.`, entityIds });
    }
    await bench.settled();
    // What was there before is copied; a second start finds it all.
    expect(await setUpPgvector(bench.deps.db)).toBe(true);
    expect(await setUpPgvector(bench.deps.db)).toBe(true);
  }, 120_000);
  afterAll(() => bench[Symbol.asyncDispose]());

  const both = async (query: string, entityIds: readonly string[] | null) => {
    const scope = { workspaceId: bench.workspace.id, entityIds, withUnscoped: false };
    const ask = async (hasPgvector: boolean) => {
      const deps = { ...bench.deps, hasPgvector };
      const asked = { scope, query, maxResults: 50, runId: null, by: 'vectors' as const };
      const { passages } = await searchKnowledge(deps, asked);
      return new Map(passages.map(({ nodeTitle, similarity }) => [nodeTitle, similarity ?? 0]));
    };
    return { theirs: await ask(true), ours: await ask(false) };
  };

  test('finds what the index in memory finds, in every scope, and nothing else', async () => {
    for (const scope of [null, ['house-1'], ['house-1', 'house-2'], ['nobody']]) {
      for (const word of words) {
        const { theirs, ours } = await both(`the ${word}`, scope);
        const count = { null: 8, 'house-1': 3, 'house-1,house-2': 5, nobody: 0 }[String(scope)];
        expect([theirs.size, ours.size]).toEqual([count, count]);
        // Both round, each in its way.
        for (const [title, similarity] of ours) {
          expect(Math.abs((theirs.get(title) ?? -1) - similarity)).toBeLessThan(0.01);
        }
      }
    }
  });

  test('has what is changed, added and deleted since', async () => {
    const node = await bench.add({ title: 'ferry', body: 'The ferry sails at noon.' });
    await bench.settled();
    const titles = async () => [...(await both('ferry at noon', null)).theirs.keys()];
    expect((await titles())[0]).toBe('ferry');
    const key = { scope: 'all' as const, id: node.id };
    await patchNode(bench.deps, key, { enabled: false });
    expect(await titles()).not.toContain('ferry');
    await patchNode(bench.deps, key, { enabled: true, body: 'Zzzz qqqq xxxx.', title: 'zzz' });
    await bench.settled();
    const [first, ...others] = await titles();
    expect([first === 'zzz', others.includes('zzz')]).toEqual([false, true]);
    await removeNode(bench.deps, 'all', node.id);
    await bench.settled();
    expect(await titles()).not.toContain('zzz');
    const [left] = await bench.deps.db.query<{ n: number }>(
      'SELECT count(*) AS n FROM kb_pgvector.vectors',
    );
    expect(left?.n).toBe(words.length);
  });

  test('is found by capitals that the locale of the server does not know', async () => {
    await bench.add({ title: 'Öffnung', body: 'ÖSTLICH der Brücke.', language: 'german' });
    await bench.settled();
    const scope = { workspaceId: bench.workspace.id, entityIds: null, withUnscoped: false };
    for (const query of ['öffnung', 'östlich', 'Östlich']) {
      const { passages } = await searchKnowledge(bench.deps, {
        ...{ scope, query, maxResults: 1, runId: null, by: 'text' },
      });
      expect(passages.map(({ nodeTitle }) => nodeTitle)).toEqual(['Öffnung']);
    }
  });

  test('never finds what is out of scope, and finds all that is in it', async () => {
    const database = await newDatabase();
    await using scoped = await createKnowledgeBench({}, { database, hasPgvector: true });
    expect(await setUpPgvector(scoped.deps.db)).toBe(true);
    await assertScopesHold(scoped, await addScopedNodes(scoped), 120);
  }, 120_000);
});
