import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { createTestDatabase } from '../../../test/support/database.ts';
import type { DatabaseHealth } from '../../core/database-health.ts';
import { judgeHealth } from '../../retention/judge-health.ts';
import { openDatabase } from '../../store/connect.ts';
import { SlowStatements } from '../../store/slow-statements.ts';

let api: TestApi;
const slowStatements = new SlowStatements();
beforeAll(async () => {
  api = await createTestApi({ slowStatements });
});
afterAll(() => api[Symbol.asyncDispose]());

test('the admin sees what takes the room, how upkeep goes, and which statements were slow', async () => {
  slowStatements.note({ name: 'runs-claim', text: 'SELECT 1' }, 300);
  slowStatements.note({ name: 'runs-claim', text: 'SELECT 1' }, 6_000.4);
  const { status, json } = await api.request('GET', '/v1/system/database', {
    token: api.tokens.admin,
  });
  expect(status).toBe(200);
  const { data } = json;
  expect(data.size_bytes).toBeGreaterThan(1_000_000);
  expect(data.by_what.map(({ what }: { what: string }) => what)).toEqual(
    expect.arrayContaining(['runs and their steps', 'trigger events', 'knowledge', 'audit log']),
  );
  expect(data.tables.find(({ name }: { name: string }) => name === 'runs')).toMatchObject({
    what: 'runs and their steps',
    index_bytes: expect.any(Number),
    dead_rows: expect.any(Number),
  });
  expect(data.indexes.every(({ valid }: { valid: boolean }) => valid)).toBe(true);
  expect(data.slow_statements).toEqual([
    expect.objectContaining({ statement: 'runs-claim', times: 2, longest_ms: 6_000 }),
  ]);
  const slow = data.checks.find(({ name }: { name: string }) => name === 'slow statements');
  expect(slow).toEqual({
    name: 'slow statements',
    ok: false,
    message: 'runs-claim: up to 6000 ms',
  });
  for (const token of [api.tokens.write, api.tokens.read]) {
    expect((await api.request('GET', '/v1/system/database', { token })).status).toBe(403);
  }
});

test('a slow statement is noted by its text, without values, in and out of transactions', async () => {
  await using database = await createTestDatabase();
  const seen = new SlowStatements();
  await using db = openDatabase(database.settings, { onSlow: seen.note.bind(seen) });
  const slowly = { text: 'SELECT pg_sleep(0.3),\n  $1::text', values: ['a secret'] };
  await db.query(slowly);
  await db.transaction(async (tx) => void (await tx.query(slowly)));
  await db.query('SELECT 1');
  expect(seen.list()).toEqual([
    expect.objectContaining({ statement: 'SELECT pg_sleep(0.3), $1::text', times: 2 }),
  ]);
});

const now = new Date('2026-06-01T00:00:00Z');
const table = {
  ...{ name: 'runs', sizeBytes: 900_000_000, indexBytes: 1, rows: 100_000, deadRows: 10 },
  ...{ lastVacuumAt: now, lastAnalyzeAt: now },
};
const index = {
  ...{ name: 'runs_due', table: 'runs', sizeBytes: 90_000_000, scans: 5 },
  ...{ isValid: true, isUnique: false },
};
const well: DatabaseHealth = {
  ...{ version: '18', sizeBytes: 1, wraparound: 0.1, connections: { open: 5, most: 100 } },
  ...{ going: [], countedSince: new Date('2026-01-01T00:00:00Z') },
  tables: [table],
  indexes: [index],
};

test.each<[Partial<DatabaseHealth>, string | null, RegExp]>([
  [{}, null, /./],
  [{ tables: [{ ...table, deadRows: 90_000 }] }, 'vacuum', /runs has 90000 dead rows.*VACUUM/],
  [{ tables: [{ ...table, lastAnalyzeAt: null }] }, 'statistics', /runs was never analyzed/],
  [{ indexes: [{ ...index, isValid: false }] }, 'indexes', /runs_due.*REINDEX/],
  [{ wraparound: 0.6 }, 'transaction numbers', /60 %.*FREEZE/],
  [{ connections: { open: 95, most: 100 } }, 'connections', /95 of 100.*max_connections/],
  [
    { going: [{ statement: 'SELECT 1', seconds: 100, waitsFor: null }] },
    'long transactions',
    /for 100 s: SELECT 1/,
  ],
])('%j is told of as %s', (change, name, message) => {
  const faults = judgeHealth({ ...well, ...change }, [], now).filter(({ ok }) => !ok);
  expect(faults).toEqual(
    name === null ? [] : [{ name, ok: false, message: expect.stringMatching(message) }],
  );
});

test('an index that nobody has used for long is named, and is no fault', () => {
  const checks = judgeHealth({ ...well, indexes: [{ ...index, scans: 0 }] }, [], now);
  expect(checks.find(({ name }) => name === 'indexes')).toEqual({
    ...{ name: 'indexes', ok: true },
    message: 'valid; never used since 2026-01-01: runs_due',
  });
});
