import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createEmptyDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/engine-process.ts';
import { findPreviousRelease, unpackRelease } from '../support/previous-release.ts';
import { requires } from '../support/requires.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { callTurn, finishTurn } from '../support/turns.ts';

// The previous release and this one on one database: the old one begins, the new one migrates beside it, both
// drive, the old one goes. What the old one's statements find after the migrations is what it has to live with
// (decisions/0013).

const release = findPreviousRelease();

interface Agent {
  readonly id: string;
  readonly agent_version: number;
}

interface Run {
  readonly id: string;
  readonly status: string;
  readonly agent_version: number;
  readonly model: string;
  readonly error: string | null;
}

let previous: Awaited<ReturnType<typeof unpackRelease>> | null = null;
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  if (release !== null) previous = await unpackRelease(release);
}, 300_000);
afterAll(() => previous?.[Symbol.dispose]());
beforeEach(async () => {
  database = await createEmptyDatabase();
  folder = mkdtempSync(join(tmpdir(), 'signalbox-upgrade-'));
  for (const version of ['one', 'two']) {
    const wait = { delay_ms: 700 };
    // The model refuses to answer for the instructions of the other version.
    const first = {
      expect: { contains: [`Version ${version}.`] },
      answer: { ...callTurn('nothing').answer, ...wait },
    };
    const script = { turns: [first, { answer: { ...finishTurn().answer, ...wait } }] };
    writeFileSync(join(folder, `${version}.json`), JSON.stringify(script));
  }
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const start = (name: string, root?: string) =>
  startServerProcess({
    dataDir: join(folder, name),
    ...(root === undefined ? {} : { root }),
    env: {
      DATABASE_URL: database.url,
      SIGNALBOX_SECRET_KEY: 'a secret key of a test, 32 and more',
      SIGNALBOX_SCRIPTS_DIR: folder,
    },
  });

async function ok<T>(
  server: ServerProcess,
  ...request: Parameters<ServerProcess['call']>
): Promise<T> {
  const answer = await server.call<{ data: T }>(...request);
  if (answer.status > 299) {
    throw new Error(`${request[1]}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  return answer.body.data;
}

const saying = (version: string) => ({
  instructions: `Version ${version}.`,
  model: `scripted/${version}`,
});

async function dispatch(server: ServerProcess, agent: Agent, n: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < n; i++) {
    const path = `/v1/agents/${agent.id}/run`;
    ids.push((await ok<{ id: string }>(server, 'POST', path, { payload: { i } })).id);
  }
  return ids;
}

const needs = requires(release !== null, 'the previous release is not in this clone');
describe('an upgrade while runs go on', needs, () => {
  test.each([
    ['is stopped in order', 'SIGTERM'],
    ['is killed', 'SIGKILL'],
  ])(
    'ends every run on the version it started with, when the old server %s',
    async (_, how) => {
      const old = await start('old', previous?.root);
      await using _old = old;
      const workspaces = await ok<{ id: string }[]>(old, 'GET', '/v1/workspaces');
      const agent = await ok<Agent>(old, 'POST', '/v1/agents', {
        workspace_id: workspaces[0]?.id,
        name: 'Upgraded',
        description: 'Runs while the server is upgraded.',
        triggers: [{ name: 'any', description: 'Any.', type: 'webhook', config: {} }],
        ...saying('one'),
      });
      const ofOne = await dispatch(old, agent, 10);
      await using now = await start('new');
      ofOne.push(...(await dispatch(old, agent, 10)));
      // What the old one has prepared before the migration it may have to prepare again, once a connection.
      await eventually(async () => {
        const reads = await Promise.all(
          [...Array(25)].map(() => old.call('GET', `/v1/agents/${agent.id}/runs/${ofOne[0]}`)),
        );
        return reads.every((read) => read.status === 200);
      });
      for (const server of [old, now]) {
        expect((await ok<Run[]>(server, 'GET', `/v1/agents/${agent.id}/runs`)).length).toBe(20);
      }
      const two = await ok<Agent>(now, 'PATCH', `/v1/agents/${agent.id}`, saying('two'));
      expect(two.agent_version).toBe(agent.agent_version + 1);
      const ofTwo = [...(await dispatch(now, agent, 10)), ...(await dispatch(old, agent, 10))];
      if (how === 'SIGTERM') await old[Symbol.asyncDispose]();
      else await old.killGroup();
      const runOf = (id: string) => ok<Run>(now, 'GET', `/v1/runs/${id}`);
      const all = [...ofOne, ...ofTwo];
      await eventually(async () => {
        const runs = await Promise.all(all.map(runOf));
        return runs.every((run) => run.status === 'completed' || run.status === 'failed');
      }, 60_000);
      for (const id of all) {
        const isOfOne = ofOne.includes(id);
        expect(await runOf(id)).toMatchObject({
          error: null,
          status: 'completed',
          model: `scripted/${isOfOne ? 'one' : 'two'}`,
          agent_version: isOfOne ? agent.agent_version : two.agent_version,
        });
      }
    },
    120_000,
  );
});
