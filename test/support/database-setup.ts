import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/store/connect.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { migrate } from '../../src/store/migrate.ts';
import { templateDatabase } from './database.ts';

/** One Postgres for the whole test run, with a template database that has all migrations. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await using undo = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
  undo.defer(() => rm(dataDir, { recursive: true, force: true }));
  const { connection } = undo.use(await startEmbeddedPostgres({ dataDir, fsync: false }));
  await using server = openDatabase({ kind: 'embedded', connection });
  await server.execute(`CREATE DATABASE ${templateDatabase}`);
  {
    await using template = openDatabase({
      kind: 'embedded',
      connection: { ...connection, database: templateDatabase },
    });
    await migrate(template);
  }
  await server.execute(
    `ALTER DATABASE ${templateDatabase} IS_TEMPLATE true ALLOW_CONNECTIONS false`,
  );
  project.provide('postgres', connection);
  const started = undo.move();
  return () => started.disposeAsync();
}
