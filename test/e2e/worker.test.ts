import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { getRun } from '../../src/store/runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { insertAgent } from '../support/engine.ts';
import { eventually, queueRuns } from '../support/engine-process.ts';
import { startServerProcess } from '../support/server-process.ts';
import { repositoryRoot } from '../support/source-tree.ts';
import { finishTurn } from '../support/turns.ts';

// `start` and `worker`, as a user runs them, on one Postgres.

let database: TestDatabase;
let dataDir: string;
let env: Record<string, string>;
beforeEach(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-worker-'));
  const slow = { turns: [{ answer: { ...finishTurn().answer, delay_ms: 1_500 } }] };
  writeFileSync(join(dataDir, 'quick.json'), JSON.stringify({ turns: [finishTurn()] }));
  writeFileSync(join(dataDir, 'slow.json'), JSON.stringify(slow));
  env = {
    DATABASE_URL: database.url,
    SIGNALBOX_SECRET_KEY: 'a secret key of a test, 32 and more',
    SIGNALBOX_SCRIPTS_DIR: dataDir,
  };
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

/** `signalbox worker`; resolves with the first line it prints, or its exit. */
function startWorker(given: Record<string, string>) {
  const child = spawn(process.execPath, [join(repositoryRoot, 'src', 'main.ts'), 'worker'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: dataDir, SIGNALBOX_DATA_DIR: dataDir, ...given },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const exited = once(child, 'exit');
  return {
    child,
    exited,
    output: () => output,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
}

test('a worker is refused on the embedded database, and says what to do', async () => {
  await using worker = startWorker({});
  await worker.exited;
  expect(worker.child.exitCode).toBe(2);
  expect(worker.output()).toContain('A worker needs DATABASE_URL');
});

test('a worker goes on with the runs of a server that is stopped', async () => {
  const server = await startServerProcess({ dataDir, env });
  const agent = await insertAgent(database.db);
  const ids = await queueRuns(database.db, { agent, n: 5, model: 'scripted/slow' });
  const running = async () => {
    const rows = await database.db.query<{ n: number }>(
      'SELECT count(*) AS n FROM runs WHERE owner IS NOT NULL',
    );
    return rows[0]?.n;
  };
  await eventually(async () => (await running()) === 5);
  const more = await queueRuns(database.db, { agent, n: 5, model: 'scripted/quick' });
  await using worker = startWorker(env);
  await server[Symbol.asyncDispose]();
  await eventually(() => worker.output().includes('driving runs'));
  await queueRuns(database.db, { agent, n: 5, model: 'scripted/quick' });
  await eventually(async () => {
    const rows = await database.db.query<{ n: number }>(
      `SELECT count(*) AS n FROM runs WHERE status = 'completed'`,
    );
    return rows[0]?.n === 15;
  });
  for (const id of [...ids, ...more]) {
    expect(await getRun(database.db, 'all', id)).toMatchObject({ crashes: 0 });
  }
});

test('a run that crashed two owners is driven by a process of its own, through the same program', async () => {
  await using _server = await startServerProcess({ dataDir, env });
  const agent = await insertAgent(database.db);
  const [id = ''] = await queueRuns(database.db, { agent, n: 1, model: 'scripted/slow' });
  await database.db.execute(
    'UPDATE runs SET crashes = 2, owner = NULL, wake_at = now(), epoch = 9',
  );
  const owners = new Set<string>();
  await eventually(async () => {
    const rows = await database.db.query<{ name: string }>(
      'SELECT p.name FROM runs r JOIN processes p ON p.id = r.owner',
    );
    for (const row of rows) owners.add(row.name);
    return (await getRun(database.db, 'all', id))?.status === 'completed';
  });
  expect([...owners].some((name) => name.includes(' alone '))).toBe(true);
}, 60_000);
