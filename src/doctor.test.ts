import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts';
import { requires } from '../test/support/requires.ts';
import { hasS3Server, startS3Server } from '../test/support/s3-server.ts';
import { diagnose } from './doctor.ts';
import { readEnv } from './env.ts';
import { probeSandbox } from './sandbox/probe-sandbox.ts';
import { startEmbeddedPostgres } from './store/embedded/supervisor.ts';

let database: TestDatabase;
const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-doctor-'));
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

// Every backend is tried, which takes long on a busy machine: once for all.
const probes = probeSandbox();
const examine = async (given: Record<string, string>) => {
  const env = readEnv({
    SIGNALBOX_DATA_DIR: dataDir,
    SIGNALBOX_SECRET_KEY: 'a secret key of this test, no other',
    DATABASE_URL: database.url,
    ...given,
  });
  const { ok, checks } = await diagnose(env, { deep: true, probes });
  return { ok, checks: new Map(checks.map((check) => [check.name, check])) };
};

const timeout = 150_000;

test('the deep look finds an index whose building broke off, and that the rest is well', {
  timeout,
}, async () => {
  const { db } = database;
  await db.execute('DROP TABLE IF EXISTS doctored');
  await db.execute('CREATE TABLE doctored AS SELECT 1 AS n FROM generate_series(1, 2)');
  const unique = 'CREATE UNIQUE INDEX CONCURRENTLY doctored_n ON doctored (n)';
  await expect(db.execute(unique)).rejects.toThrow();
  const { ok, checks } = await examine({});
  expect(ok).toBe(false);
  expect(checks.get('database indexes')).toMatchObject({
    ok: false,
    message: expect.stringMatching(/doctored_n.*REINDEX/),
  });
  for (const name of ['size', 'vacuum', 'statistics', 'long transactions', 'connections']) {
    expect([name, checks.get(`database ${name}`)?.ok]).toEqual([name, true]);
  }
  expect(checks.get('object storage')).toMatchObject({
    ok: true,
    message: expect.stringMatching(/none/),
  });
});

test('it looks into the embedded database of a server that runs', { timeout }, async () => {
  const ofServer = join(dataDir, 'server');
  await using _ = await startEmbeddedPostgres({ dataDir: ofServer, fsync: false });
  const { checks } = await examine({ DATABASE_URL: '', SIGNALBOX_DATA_DIR: ofServer });
  expect(checks.get('database health')).toBeUndefined();
  expect(checks.get('database connections')).toMatchObject({ ok: true });
});

test('it goes on where the database and the object storage do not answer', {
  timeout,
}, async () => {
  const nowhere = 'http://127.0.0.1:9';
  const { checks } = await examine({
    DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none',
    ...storage({ endpoint: nowhere, bucket: 'none', accessKeyId: 'a', secretAccessKey: 'secret' }),
  });
  expect(checks.get('database')?.ok).toBe(false);
  expect(checks.get('database health')).toMatchObject({ ok: false });
  expect(checks.get('object storage')).toMatchObject({
    ok: false,
    message: expect.stringContaining('SIGNALBOX_S3_'),
  });
  expect(JSON.stringify([...checks.values()])).not.toContain('"secret"');
});

test('it puts, gets and removes an object of a real storage', {
  timeout,
  ...requires(hasS3Server, 'no versitygw (.ci/peers)'),
}, async () => {
  await using server = await startS3Server();
  const { checks } = await examine(storage(server.settings));
  expect(checks.get('object storage')).toMatchObject({ ok: true });
});

function storage(given: {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}): Record<string, string> {
  return {
    SIGNALBOX_S3_ENDPOINT: given.endpoint,
    SIGNALBOX_S3_BUCKET: given.bucket,
    SIGNALBOX_S3_ACCESS_KEY_ID: given.accessKeyId,
    SIGNALBOX_S3_SECRET_ACCESS_KEY: given.secretAccessKey,
  };
}
