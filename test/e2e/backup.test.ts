import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createEmptyDatabase, createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/engine-process.ts';
import {
  type ServerProcess,
  startServerProcess,
  testAdminToken,
} from '../support/server-process.ts';
import { repositoryRoot } from '../support/source-tree.ts';
import { finishTurn } from '../support/turns.ts';

// Backup and restore as an operator runs them, while runs are dispatched and driven.

const secretKey = 'a secret key of a test, 32 and more';

function createFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function signalbox(args: readonly string[], env: Record<string, string>) {
  const main = join(repositoryRoot, 'src', 'main.ts');
  const given = { PATH: process.env.PATH ?? '', SIGNALBOX_LOG_LEVEL: 'warn', ...env };
  return await promisify(execFile)(process.execPath, [main, ...args], { env: given });
}

/** An agent each whose runs end at once, and whose runs take longer than a backup. */
async function createAgents(server: ServerProcess) {
  const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
  const create = async (name: string) => {
    const made = await server.call<{ data: { id: string } }>('POST', '/v1/agents', {
      workspace_id: workspaces.body.data[0]?.id,
      name,
      description: 'Confirms.',
      instructions: 'Confirm.',
      model: `scripted/${name}`,
      triggers: [{ name: 'Hook', type: 'webhook', config: {} }],
    });
    expect(made.status).toBe(201);
    return made.body.data.id;
  };
  return { quick: await create('quick'), slow: await create('slow') };
}

interface RunBody {
  readonly data: { readonly status: string; readonly error: string | null };
}
const getRun = async (server: ServerProcess, id: string) =>
  (await server.call<RunBody>('GET', `/v1/runs/${id}`)).body;

test('a backup under load, restored elsewhere, has every acknowledged run; open ones go on', async () => {
  await using from = await createTestDatabase();
  await using to = await createEmptyDatabase();
  const folder = createFolder();
  const slow = { turns: [{ answer: { ...finishTurn().answer, delay_ms: 3_000 } }] };
  mkdirSync(join(folder, 'scripts'));
  writeFileSync(join(folder, 'scripts', 'quick.json'), JSON.stringify({ turns: [finishTurn()] }));
  writeFileSync(join(folder, 'scripts', 'slow.json'), JSON.stringify(slow));
  const env = { SIGNALBOX_SECRET_KEY: secretKey, SIGNALBOX_SCRIPTS_DIR: join(folder, 'scripts') };
  const file = join(folder, 'backup.sql.gz');

  await using server = await startServerProcess({
    dataDir: folder,
    env: { ...env, DATABASE_URL: from.url },
  });
  const agents = await createAgents(server);
  const acknowledged: string[] = [];
  let isLoaded = true;
  const dispatch = async (agent: string) => {
    const answer = await server.call<{ data: { id: string } }>('POST', `/v1/agents/${agent}/run`);
    expect(answer.status).toBe(200);
    acknowledged.push(answer.body.data.id);
  };
  const load = (async () => {
    while (isLoaded) await Promise.all(Array.from({ length: 4 }, () => dispatch(agents.quick)));
  })();
  await eventually(() => acknowledged.length > 100);
  for (let n = 0; n < 10; n += 1) await dispatch(agents.slow);
  const before = [...acknowledged];
  const ended: string[] = [];
  for (const id of before.slice(0, 40)) {
    await eventually(async () => (await getRun(server, id)).data.status === 'completed');
    ended.push(id);
  }
  const said = await signalbox(['backup', file], {
    SIGNALBOX_URL: server.url,
    SIGNALBOX_TOKEN: testAdminToken,
  });
  expect(said.stdout).toMatch(/MiB, whole/);
  isLoaded = false;
  await load;
  expect(acknowledged.length).toBeGreaterThan(before.length);

  const target = { ...env, DATABASE_URL: to.url, SIGNALBOX_DATA_DIR: join(folder, 'other') };
  const other = { ...target, SIGNALBOX_SECRET_KEY: 'another secret key, of 32 and more' };
  await expect(signalbox(['restore', file], other)).rejects.toThrow(/secret key is not the one/);
  const restored = await signalbox(['restore', file], target);
  expect(restored.stdout).toMatch(/^Restored \d+ rows of \d+ tables/);
  await expect(signalbox(['restore', file], target)).rejects.toThrow(/not empty/);

  await using second = await startServerProcess({ dataDir: join(folder, 'other'), env: target });
  for (const id of ended) expect(await getRun(second, id)).toEqual(await getRun(server, id));
  for (const id of before) {
    await eventually(async () => (await getRun(second, id)).data.status !== 'running');
    expect((await getRun(second, id)).data).toMatchObject({ status: 'completed', error: null });
  }
}, 120_000);

test('a backup that cannot be taken leaves no file', async () => {
  await using from = await createTestDatabase();
  const folder = createFolder();
  await using server = await startServerProcess({
    dataDir: folder,
    env: { SIGNALBOX_SECRET_KEY: secretKey, DATABASE_URL: from.url },
  });
  const file = join(folder, 'backup.sql.gz');
  const denied = signalbox(['backup', file], {
    SIGNALBOX_URL: server.url,
    SIGNALBOX_TOKEN: 'capi_nobody_knows_this_token_00000',
  });
  await expect(denied).rejects.toThrow(/token/i);
  expect(existsSync(file)).toBe(false);
  expect(existsSync(`${file}.part`)).toBe(false);
});
