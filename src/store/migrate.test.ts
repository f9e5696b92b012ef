import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEmptyDatabase, type TestDatabase } from '../../test/support/database.ts';
import { openDatabase } from './connect.ts';
import { migrate } from './migrate.ts';

let directory: string;
let database: TestDatabase;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'signalbox-migrations-'));
  database = await createEmptyDatabase();
  put('0001-first.sql', 'CREATE TABLE first (id integer); CREATE INDEX ON first (id);');
});

afterEach(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

const put = (name: string, sql: string) => writeFileSync(join(directory, name), sql);
const tables = async () => {
  const rows = await database.db.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};

test('applies what is new, in order, once', async () => {
  expect(await migrate(database.db, { directory })).toEqual(['0001-first']);
  put('0002-second.sql', 'CREATE TABLE second AS SELECT id FROM first;');
  expect(await migrate(database.db, { directory })).toEqual(['0002-second']);
  expect(await migrate(database.db, { directory })).toEqual([]);
  expect(await tables()).toEqual(['first', 'schema_migrations', 'second']);
});

test('applies each migration once, however many processes start at the same time', async () => {
  const pools = Array.from({ length: 4 }, () => openDatabase(database.settings, { max: 1 }));
  const applied = await Promise.all(pools.map((pool) => migrate(pool, { directory })));
  expect(applied.flat()).toEqual(['0001-first']);
  await Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]()));
});

test('leaves nothing of a migration that fails, and names it', async () => {
  put('0002-second.sql', 'CREATE TABLE second (id integer); SELECT 1 / 0;');
  await expect(migrate(database.db, { directory })).rejects.toThrow(
    'Migration 0002-second failed and was rolled back: division by zero',
  );
  expect(await tables()).toEqual(['first', 'schema_migrations']);
});

test('refuses a migration that was changed after it was applied', async () => {
  await migrate(database.db, { directory });
  put('0001-first.sql', 'CREATE TABLE first (id bigint);');
  await expect(migrate(database.db, { directory })).rejects.toThrow(
    /Migration 0001-first was changed after it was applied/,
  );
});

test('leaves a newer database as it is, and says so', async () => {
  put('0002-second.sql', 'CREATE TABLE second (id integer);');
  await migrate(database.db, { directory });
  rmSync(join(directory, '0002-second.sql'));
  const said: string[] = [];
  const onNewerDatabase = (message: string) => said.push(message);
  expect(await migrate(database.db, { directory, onNewerDatabase })).toEqual([]);
  expect(said.join()).toContain('it has 0002-second, this version ends at 0001-first');
});

test('allows gaps in the numbers, and refuses the same number twice', async () => {
  put('0003-third.sql', '');
  expect(await migrate(database.db, { directory })).toEqual(['0001-first', '0003-third']);
  put('0003-another.sql', '');
  await expect(migrate(database.db, { directory })).rejects.toThrow('a number of its own');
});
