import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgent } from '../../test/support/engine.ts';
import {
  createLedger,
  eventually,
  queueRuns,
  startEngineProcess,
} from '../../test/support/engine-process.ts';
import { artifactMaxima } from '../core/artifact.ts';
import type { JournalEntry } from '../core/journal.ts';
import { listArtifacts } from '../store/artifacts.ts';
import { getRun } from '../store/runs.ts';
import { sweepSpills } from '../store/spills.ts';
import { readArtifact } from './artifacts.ts';
import { keepFiles } from './keep-files.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

test('of a process that is killed between a call’s end and its commit no file is left double, and none is lost', async () => {
  const { db, url } = database;
  await createLedger(db);
  const agent = await insertAgent(db);
  const [id = ''] = await queueRuns(db, { agent, n: 1, model: 'scripted/save' });
  const files = () => db.query<{ id: string }>('SELECT id FROM spills WHERE is_file ORDER BY id');

  await using one = await startEngineProcess({ url, name: 'one', how: 'die:after:spill-write' });
  await one.exited;
  expect(await files()).toHaveLength(1);
  expect(await listArtifacts(db, id)).toEqual([]);

  await using two = await startEngineProcess({ url, name: 'two' });
  await eventually(async () => (await getRun(db, 'all', id))?.status === 'completed', 40_000);
  const [artifact, ...others] = await listArtifacts(db, id);
  expect(others).toEqual([]);
  expect(artifact).toMatchObject({ name: 'made.txt', tool: 'save', isKept: true });
  const { bytes } = await readArtifact({ db }, { run: { id }, id: artifact?.id ?? '' });
  expect(bytes.toString()).toBe(`made by ${two.pid}`);

  await db.execute(`UPDATE spills SET created_at = created_at - interval '2 hours'`);
  expect(await sweepSpills(db)).toBe(1);
  expect(await files()).toEqual([{ id: artifact?.id }]);
}, 90_000);

test('what is too much for a run is not kept, and the model is told so', async () => {
  const kept: string[] = [];
  const spills = {
    keepFile: async ({ id }: { readonly id: string }) => void kept.push(id),
    write: () => Promise.reject(new Error('Nothing else is written.')),
    read: () => Promise.resolve(null),
  };
  const before = {
    type: 'tool',
    state: 'done',
    data: { artifacts: [{ sizeBytes: artifactMaxima.bytes - 10 }] },
  } as unknown as JournalEntry;
  const files = ['first', 'second'].map((name) => ({
    ...{ name, mediaType: 'text/plain', bytes: Buffer.alloc(8) },
  }));
  const given = { step: 3, files, signal: AbortSignal.timeout(20_000) };
  const result = await keepFiles({ entries: [before], spills }, given);
  expect(result?.artifacts.map(({ id, name }) => ({ id, name }))).toEqual([
    { id: kept[0], name: 'first' },
  ]);
  expect(result?.note).toMatch(
    /kept with this run: first \(8 bytes\)\]\n\[Not kept, .*: second\]$/,
  );
});
