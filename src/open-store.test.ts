import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../test/support/database.ts';
import { createSecretBox } from './core/secret-box.ts';
import { type Env, readEnv } from './env.ts';
import { openStore } from './open-store.ts';
import { rotateSecretKey } from './rotate-secret-key.ts';

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const keys = ['a'.repeat(32), 'b'.repeat(32)] as const;

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-keys-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function envOf(database: TestDatabase, key: string, old = ''): Env {
  return readEnv({
    DATABASE_URL: database.url,
    SIGNALBOX_DATA_DIR: dataDir,
    SIGNALBOX_SECRET_KEY: key,
    SIGNALBOX_OLD_SECRET_KEYS: old,
    SIGNALBOX_LOG_LEVEL: 'silent',
  });
}

async function open(env: Env): Promise<string> {
  await using undo = new AsyncDisposableStack();
  const { secretBox, cursorKey } = await openStore({ env, logger }, undo);
  return `${secretBox.keyId} ${cursorKey.toString('hex')}`;
}

async function tablesOf({ db }: TestDatabase): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    'SELECT count(*) AS n FROM information_schema.tables WHERE table_schema = current_schema()',
  );
  return row?.n ?? 0;
}

test('a key that is not the database’s is refused before anything is written, migrations included', async () => {
  await using database = await createEmptyDatabase();
  const { db } = database;
  await db.execute('CREATE TABLE settings (name text PRIMARY KEY, value text NOT NULL)');
  await db.execute({
    text: "INSERT INTO settings VALUES ('secret_key_check', $1)",
    values: [createSecretBox(keys[0]).seal('signalbox')],
  });
  await expect(open(envOf(database, keys[1]))).rejects.toThrow(
    /not the one this database was made with/,
  );
  expect(await tablesOf(database)).toBe(1);
  const fromFile = { ...envOf(database, keys[1]), secretKey: null };
  await expect(open(fromFile)).rejects.toThrow(/secret-key is missing/);
  expect(readdirSync(dataDir)).toEqual([]);
});

test('servers go over to another key one by one, and then the former one is refused', async () => {
  await using database = await createTestDatabase();
  const [first, second] = keys;
  const before = await open(envOf(database, first));
  // Every server learns of the new key before any seals with it.
  expect(await open(envOf(database, first, second))).toBe(before);
  const lines: string[] = [];
  await expect(rotateSecretKey(envOf(database, second), () => {})).rejects.toThrow();
  await expect(rotateSecretKey(envOf(database, first), () => {})).rejects.toThrow(/no former key/);
  expect(await rotateSecretKey(envOf(database, second, first), (line) => lines.push(line))).toEqual(
    { ok: true },
  );
  expect(lines.join('\n')).toMatch(/Done: \d+ secrets/);
  expect(lines.join('\n')).not.toMatch(/aaaa|bbbb/);
  const after = await open(envOf(database, second));
  expect(after.split(' ')[1]).toBe(before.split(' ')[1]);
  await expect(open(envOf(database, first))).rejects.toThrow(/not the one/);
});

test('a key in a file is replaced, and a change that was broken off is taken up again', async () => {
  await using database = await createTestDatabase();
  const env = { ...envOf(database, keys[0]), secretKey: null };
  const before = await open(env);
  const key = () => readFileSync(join(dataDir, 'secret-key'), 'utf8');
  const first = key();
  expect((await rotateSecretKey(env, () => {})).ok).toBe(true);
  expect(key()).not.toBe(first);
  expect(readdirSync(dataDir)).toEqual(['secret-key']);
  const rotated = await open(env);
  expect(rotated).not.toBe(before);
  // It died after the new file was there: both keys are known, and no third is made.
  writeFileSync(join(dataDir, 'secret-key.former'), key());
  writeFileSync(join(dataDir, 'secret-key'), `${'c'.repeat(44)}\n`);
  await open(env);
  expect((await rotateSecretKey(env, () => {})).ok).toBe(true);
  expect(key()).toBe(`${'c'.repeat(44)}\n`);
  expect(readdirSync(dataDir)).toEqual(['secret-key']);
  await open(env);
});
