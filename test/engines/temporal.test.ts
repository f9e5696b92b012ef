import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/core/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { insertAgent } from '../support/engine.ts';
import { eventually, queueRuns } from '../support/engine-process.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { repositoryRoot } from '../support/source-tree.ts';
import {
  needsTemporal,
  startTemporalServer,
  type TemporalServer,
} from '../support/temporal-server.ts';
import { finishTurn } from '../support/turns.ts';

// `start --no-worker` and `worker --engine`, as a user runs them, beside a real Temporal server that comes and goes.

interface RunBody {
  readonly data: {
    readonly status: string;
    readonly engine: string;
    readonly run_id: string;
    readonly engine_run_id: string | null;
    readonly engine_url: string | null;
  };
}

describe('a server and a worker of Temporal', needsTemporal, () => {
  let temporal: TemporalServer;
  let database: TestDatabase;
  let server: ServerProcess;
  let dataDir: string;
  let env: Record<string, string>;
  let agent: { readonly workspaceId: string; readonly agentId: string };
  const workers: ChildProcess[] = [];

  beforeAll(async () => {
    [temporal, database] = await Promise.all([startTemporalServer(), createTestDatabase()]);
    dataDir = mkdtempSync(join(tmpdir(), 'signalbox-temporal-'));
    const slow = { turns: [{ answer: { ...finishTurn().answer, delay_ms: 2_000 } }] };
    writeFileSync(join(dataDir, 'quick.json'), JSON.stringify({ turns: [finishTurn()] }));
    writeFileSync(join(dataDir, 'slow.json'), JSON.stringify(slow));
    env = {
      DATABASE_URL: database.url,
      SIGNALBOX_SECRET_KEY: 'a secret key of a test, 32 and more',
      SIGNALBOX_SCRIPTS_DIR: dataDir,
      SIGNALBOX_ENGINE: 'temporal',
      TEMPORAL_ADDRESS: temporal.address,
      SIGNALBOX_TEMPORAL_UI_URL: 'https://temporal.example.com/ui/',
      SIGNALBOX_TEMPORAL_TASK_QUEUE: newId('process'),
    };
    const { workspaceId } = await insertAgent(database.db);
    server = await startServerProcess({ dataDir, env, args: ['--no-worker'] });
    const made = await server.call<{ data: { id: string } }>('POST', '/v1/agents', {
      ...{ workspace_id: workspaceId, name: 'Tester', model: 'scripted/quick' },
      ...{ description: 'Of a test.', instructions: 'Do what the script says.' },
      triggers: [{ name: 'Seldom', type: 'cron', config: { expression: '0 3 1 1 *' } }],
    });
    agent = { workspaceId, agentId: made.body.data.id };
  }, 120_000);

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    for (const worker of workers) await ended(worker, 'SIGTERM');
    await database?.[Symbol.asyncDispose]();
    await temporal?.[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true, force: true });
  });

  function startWorker(...args: string[]): ChildProcess {
    const child = spawn(
      process.execPath,
      [join(repositoryRoot, 'src/main.ts'), 'worker', ...args],
      {
        stdio: 'ignore',
        env: { PATH: process.env.PATH ?? '', HOME: dataDir, SIGNALBOX_DATA_DIR: dataDir, ...env },
      },
    );
    workers.push(child);
    return child;
  }

  const dispatch = async (): Promise<string> => {
    const path = `/v1/agents/${agent.agentId}/run`;
    const answer = await server.call<{ data: { id: string } }>('POST', path, { payload: {} });
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
    return answer.body.data.id;
  };
  const runOf = async (id: string) =>
    (await server.call<RunBody>('GET', `/v1/agents/${agent.agentId}/runs/${id}`)).body.data;
  const completes = (id: string) =>
    eventually(async () => (await runOf(id)).status === 'completed', 60_000);

  test('a run is accepted while Temporal is away, and begins when it is back', async () => {
    await temporal.stop();
    const id = await dispatch();
    const untold = { engine: 'temporal', engine_run_id: null, engine_url: null };
    expect(await runOf(id)).toMatchObject(untold);
    const ready = await fetch(`${server.url}/readyz`);
    expect(ready.status).toBe(200);
    startWorker('--engine', 'temporal');
    await temporal.start();
    await completes(id);
    const { run_id, engine_run_id, engine_url } = await runOf(id);
    expect(engine_run_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(engine_url).toBe(
      `https://temporal.example.com/ui/namespaces/default/workflows/${run_id}/${engine_run_id}/history`,
    );
  }, 120_000);

  test('a run goes on over a restart of Temporal', async () => {
    const ids = await queueRuns(database.db, {
      ...{ agent, n: 5, model: 'scripted/slow', engine: 'temporal' },
    });
    const owned = 'SELECT count(*)::int AS n FROM runs WHERE owner IS NOT NULL';
    await eventually(async () => (await database.db.query<{ n: number }>(owned))[0]?.n === 5);
    await temporal.stop();
    await temporal.start();
    for (const id of ids) await completes(id);
    const calls = await database.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM journal WHERE type = 'model' AND state = 'done'`,
    );
    expect(calls[0]?.n).toBe(6);
  }, 120_000);

  test('runs of the other engine end where they began', async () => {
    const [local = ''] = await queueRuns(database.db, {
      ...{ agent, n: 1, model: 'scripted/quick', engine: 'local' },
    });
    const id = await dispatch();
    await completes(id);
    expect(await runOf(local)).toMatchObject({ status: 'accepted', engine: 'local' });
    startWorker('--engine', 'local');
    await completes(local);
    expect(await runOf(local)).toMatchObject({
      engine: 'local',
      engine_run_id: null,
      engine_url: null,
    });
  }, 120_000);
});

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
