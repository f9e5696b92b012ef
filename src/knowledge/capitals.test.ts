import { expect, test } from 'vitest';
import { createPlainLocaleDatabase } from '../../test/support/database.ts';
import { createKnowledgeBench, type KnowledgeBench } from '../../test/support/knowledge.ts';
import type { Queryable } from '../store/connect.ts';
import { readMigrations } from '../store/migrate.ts';

// A server whose locale knows no capitals beyond A to Z, with knowledge that the release before 0310 has read.

const upgrade = async (db: Queryable) => {
  const migration = (await readMigrations()).find(({ version }) => version === 310);
  await db.execute(migration?.sql ?? '');
};

/** Puts terms as they were kept then: of the texts as they are written. */
async function asBefore(db: Queryable) {
  await db.execute(`UPDATE kb_chunks SET
    lexemes = setweight(to_tsvector('german', context), 'A') || to_tsvector('german', text)`);
  await db.execute('DELETE FROM kb_postings');
  await db.execute(`INSERT INTO kb_postings (space_no, term, chunk_no, tf, length)
    SELECT s.no, t.lexeme, c.no, cardinality(t.positions), c.length
    FROM kb_chunks c JOIN kb_spaces s USING (workspace_id), unnest(c.lexemes) t`);
}

const titlesOf = async (bench: KnowledgeBench, query: string) =>
  (await bench.search(query, { by: 'text' })).map(({ nodeTitle }) => nodeTitle);
const states = (db: Queryable) =>
  db.query<{ title: string; index_status: string; is_later: boolean | null }>(
    `SELECT title, index_status, due_at > clock_timestamp() + interval '5 minutes' AS is_later
     FROM kb_nodes ORDER BY title`,
  );

test('what it had read is read anew, and found meanwhile as it was', {
  timeout: 60_000,
}, async () => {
  const database = await createPlainLocaleDatabase();
  await using bench = await createKnowledgeBench({}, { database });
  const { db } = database;
  const folder = await bench.add({ title: 'Ordner', isDirectory: true, body: null });
  await bench.add({
    ...{ title: 'Öffnung', body: 'ÄRZTE sind ÖSTLICH der Brücke.' },
    ...{ language: 'german', parentId: folder.id },
  });
  await bench.add({ title: 'Uhr', body: 'Die Kirche schlägt neun.', language: 'german' });
  await bench.settled();
  await asBefore(db);
  expect(await titlesOf(bench, 'östlich')).toEqual([]);
  expect(await titlesOf(bench, 'Kirche')).toEqual(['Uhr']);

  await upgrade(db);
  expect(await states(db)).toEqual([
    { title: 'Ordner', index_status: 'none', is_later: null },
    { title: 'Uhr', index_status: 'pending', is_later: true },
    { title: 'Öffnung', index_status: 'pending', is_later: true },
  ]);
  expect(await titlesOf(bench, 'Kirche')).toEqual(['Uhr']);

  await db.execute('UPDATE kb_nodes SET due_at = clock_timestamp() WHERE due_at IS NOT NULL');
  bench.indexer.nudge();
  await bench.settled();
  for (const query of ['östlich', 'Östlich', 'ärzte', 'ÖFFNUNG']) {
    expect([query, await titlesOf(bench, query)]).toEqual([query, ['Öffnung']]);
  }
  expect(await titlesOf(bench, 'Kirche')).toEqual(['Uhr']);
  const [left] = await db.query<{ chunks: number; capitals: number; counted: number }>(
    `SELECT (SELECT count(*) FROM kb_chunks) AS chunks,
      (SELECT count(*) FROM kb_postings WHERE term ~ '[ÄÖÜ]') AS capitals,
      (SELECT sum(chunk_count) FROM kb_spaces)::bigint AS counted`,
  );
  expect(left).toEqual({ chunks: 2, capitals: 0, counted: 2 });
});

test('a server that knows them reads nothing anew', { timeout: 60_000 }, async () => {
  await using bench = await createKnowledgeBench();
  await bench.add({ title: 'Öffnung', body: 'Östlich.', language: 'german' });
  await bench.settled();
  await upgrade(bench.database.db);
  expect(await states(bench.database.db)).toEqual([
    { title: 'Öffnung', index_status: 'ready', is_later: null },
  ]);
});
