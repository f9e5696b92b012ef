import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKnowledgeBench, type KnowledgeBench } from '../../test/support/knowledge.ts';
import { getNode } from '../store/kb-nodes.ts';
import { patchNode, removeNode } from './nodes.ts';

let bench: KnowledgeBench;
beforeAll(async () => {
  bench = await createKnowledgeBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const chunksOf = (nodeId: string) =>
  bench.database.db.query<{ no: number; position: number; text: string }>({
    text: 'SELECT no, position, text FROM kb_chunks WHERE node_id = $1 ORDER BY position',
    values: [nodeId],
  });
const counted = async () => {
  const [row] = await bench.database.db.query<Record<string, number>>(
    `SELECT (SELECT count(*) FROM kb_chunks) AS chunks, (SELECT sum(chunk_count) FROM kb_spaces)::bigint AS counted,
      (SELECT coalesce(sum(length), 0) FROM kb_chunks)::bigint AS tokens, (SELECT sum(token_count) FROM kb_spaces)::bigint AS said,
      (SELECT count(*) FROM kb_postings p WHERE NOT EXISTS (SELECT 1 FROM kb_chunks c WHERE c.no = p.chunk_no)) AS orphans`,
  );
  expect(row).toMatchObject({ counted: row?.chunks, said: row?.tokens, orphans: 0 });
};
const section = (n: number, text: string) => `## Part ${n}\n\n${text}\n\n`;
const scopeAll = 'all' as const;

describe('a node', () => {
  test('is found once it is indexed, by its words in any form', async () => {
    const node = await bench.add({
      title: 'Cancellations',
      body: '# Refunds\n\nGuests who cancelled early are refunded in full.\n\n# Pets\n\nDogs are welcome.',
    });
    expect(node).toMatchObject({ indexStatus: 'pending', version: 1, indexedVersion: null });
    await bench.settled();
    const [best, ...rest] = await bench.search('Do I get a refund for cancelling?');
    expect(best).toMatchObject({
      nodeId: node.id,
      nodeTitle: 'Cancellations',
      context: 'Cancellations › Refunds',
      text: 'Guests who cancelled early are refunded in full.',
      position: 0,
    });
    expect(rest.every(({ score }) => score <= (best?.score ?? 0))).toBe(true);
    expect(await getNode(bench.database.db, scopeAll, node.id)).toMatchObject({
      indexStatus: 'ready',
      indexedVersion: 1,
      chunkCount: 2,
    });
  });

  test('that is misspelled is found all the same', async () => {
    await bench.add({ title: 'Parking', body: 'The underground garage has a height limit.' });
    await bench.settled();
    const [best] = await bench.search('undergruond garaje');
    expect(best?.nodeTitle).toBe('Parking');
  });

  test('keeps the chunks that did not change when it does', async () => {
    const body = [1, 2, 3].map((n) => section(n, `Text number ${n} of the handbook.`)).join('');
    const node = await bench.add({ title: 'Handbook', body });
    await bench.settled();
    const before = await chunksOf(node.id);
    const key = { scope: 'all', id: node.id } as const;
    const changed = `${section(0, 'A new beginning.')}${body.replace('number 2', 'number two')}`;
    await patchNode(bench.deps, key, { body: changed });
    await bench.settled();
    const after = await chunksOf(node.id);
    expect(after.map(({ position }) => position)).toEqual([0, 1, 2, 3]);
    const kept = after.filter(({ no }) => before.some((chunk) => chunk.no === no));
    expect(kept.map(({ text }) => text)).toEqual([
      'Text number 1 of the handbook.',
      'Text number 3 of the handbook.',
    ]);
    await counted();
  });

  test('is found as it was until its new version is whole', async () => {
    const node = await bench.add({ title: 'Wifi', body: 'The password is walrus.' });
    await bench.settled();
    await patchNode(bench.deps, { scope: 'all', id: node.id }, { body: 'The password is otter.' });
    const [before] = await bench.search('wifi password');
    expect(before?.text).toMatch(/walrus|otter/);
    await bench.settled();
    const found = await bench.search('wifi password');
    expect(found.map(({ text }) => text)).toEqual(['The password is otter.']);
    expect(found[0]?.nodeVersion).toBe(2);
  });

  test('is gone at once when it is deleted, its chunks soon after', async () => {
    const directory = await bench.add({
      title: 'Old',
      isDirectory: true,
      body: null,
      sourceType: 'directory',
    });
    const node = await bench.add({
      title: 'Sauna',
      body: 'Heated at noon.',
      parentId: directory.id,
    });
    await bench.settled();
    expect(await bench.search('sauna')).toHaveLength(1);
    await removeNode(bench.deps, 'all', directory.id);
    expect(await bench.search('sauna')).toEqual([]);
    await bench.settled();
    expect(await chunksOf(node.id)).toEqual([]);
    const rows = await bench.database.db.query({
      text: 'SELECT id FROM kb_nodes WHERE id = ANY ($1)',
      values: [[node.id, directory.id]],
    });
    expect(rows).toEqual([]);
    await counted();
  });

  test('below a disabled directory is not found until that is enabled', async () => {
    const directory = await bench.add({
      title: 'Draft',
      isDirectory: true,
      body: null,
      sourceType: 'directory',
    });
    await bench.add({ title: 'Kayaks', body: 'Two kayaks are for rent.', parentId: directory.id });
    await bench.settled();
    expect(await bench.search('kayaks')).toHaveLength(1);
    const key = { scope: 'all', id: directory.id } as const;
    await patchNode(bench.deps, key, { enabled: false });
    expect(await bench.search('kayaks')).toEqual([]);
    await patchNode(bench.deps, key, { enabled: true });
    expect(await bench.search('kayaks')).toHaveLength(1);
  });

  test('in one language is not outweighed by small words of it in a text of another', async () => {
    const spanish =
      'La piscina de la casa abre a las ocho de la mañana y se cierra a las diez de la noche. Los niños van con sus padres, y las toallas están en el armario de la entrada, donde también se encuentran las sillas y los juegos para los más pequeños.';
    const english =
      'The names of the cabins are La Casa de las Flores, El Sol, A la Una and En la Playa. Guests choose one of them when they arrive, and the desk writes it into the book of the house.';
    await bench.add({ title: 'Piscina', body: spanish });
    await bench.add({ title: 'Cabins', body: english });
    for (let n = 0; n < 12; n++) {
      await bench.add({
        title: `Norma ${n}`,
        body: spanish.replace('La piscina', `El salón ${n}`),
      });
    }
    await bench.settled();
    const found = await bench.search('¿A qué hora de la mañana se abre la piscina?');
    expect(found[0]?.nodeTitle).toBe('Piscina');
    expect(found.map(({ nodeTitle }) => nodeTitle).indexOf('Cabins')).not.toBe(1);
    const languages = await bench.deps.db.query<{ language: string }>(
      'SELECT language FROM kb_languages ORDER BY language',
    );
    expect(languages.map(({ language }) => language)).toEqual(
      expect.arrayContaining(['english', 'spanish']),
    );
  });

  test('in a language without spaces or with endings of its own is found', async () => {
    await bench.add({
      title: '駐車場',
      body: '地下駐車場は24時間利用できます。料金は一泊千円です。',
    });
    await bench.add({
      title: 'Haustiere',
      body: 'Hunde und Katzen sind in allen unseren Ferienwohnungen willkommen, sofern sie vorher angemeldet wurden. Bitte bringen Sie eine Decke mit und lassen Sie Ihre Tiere niemals allein in der Wohnung zurück, denn die Nachbarn hören jedes Bellen.',
    });
    await bench.settled();
    expect((await bench.search('駐車場の料金'))[0]?.nodeTitle).toBe('駐車場');
    expect((await bench.search('Darf mein Hund in die Ferienwohnung?'))[0]?.nodeTitle).toBe(
      'Haustiere',
    );
  });

  test('that was taken for another language has no more of a common word than the others', async () => {
    const common = (n: number) => `Der Leuchtturm Nummer ${n} steht am Wasser.`;
    for (let n = 0; n < 6; n++) {
      await bench.add({ title: `Turm ${n}`, body: common(n), language: 'german' });
    }
    const asked = `${common(7)} Seine Wendeltreppen sind steil.`;
    await bench.add({ title: 'Treppe', body: asked, language: 'german' });
    // Here alone the word stands as it is written: read as German it loses its ending.
    const plain = { title: 'Fremd', body: 'Leuchttürme, Leuchttürme.', language: 'simple' };
    await bench.add(plain);
    await bench.settled();
    const found = await bench.search('Leuchttürme mit Wendeltreppe');
    expect(found[0]?.nodeTitle).toBe('Treppe');
  });

  test('in Turkish or Arabic is found by its words, not by those of every question', async () => {
    const turkish = { language: 'turkish' };
    await bench.add({ ...turkish, title: 'Depo', body: 'İnşaat malzemesi depoda durur.' });
    await bench.add({ ...turkish, title: 'Sınır', body: 'Irmağın öte yanı sınırdır.' });
    await bench.add({ ...turkish, title: 'Soru', body: 'Hangi soru, hangi yanıt?' });
    await bench.add({ language: 'arabic', title: 'المسبح', body: 'يفتح المسبح في الصباح.' });
    await bench.add({ language: 'arabic', title: 'سؤال', body: 'ما هي الأشياء التي هي ما هي؟' });
    await bench.settled();
    const first = async (query: string) => (await bench.search(query))[0]?.nodeTitle;
    expect(await first('İnşaat hangi yerde durur?')).toBe('Depo');
    expect(await first('ırmak hangi taraf')).toBe('Sınır');
    expect(await first('ما هي الساعة التي يفتح فيها المسبح؟')).toBe('المسبح');
  });

  test('is found by its words on a server without trigrams, and by nothing alike', async () => {
    await bench.add({ title: 'Compass', body: 'The compass points north.' });
    await bench.settled();
    await bench.deps.db.execute('DROP EXTENSION pg_trgm CASCADE');
    const titles = async (query: string) =>
      (await bench.search(query)).map(({ nodeTitle }) => nodeTitle);
    expect(await titles('compass, quuxotically')).toEqual(['Compass']);
    expect(await titles('compasz')).toEqual([]);
  });
});
