import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { socketUrl } from '../../src/store/embedded/socket-url.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { startServerProcess } from '../support/server-process.ts';

// I1 with the database away: what is acknowledged is stored, and what cannot be stored is not acknowledged.
const folder = mkdtempSync(join(tmpdir(), 'signalbox-down-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a dispatch is refused with 503 while Postgres is stopped, and taken once it is back', async () => {
  const databaseDir = join(folder, 'database');
  let postgres = await startEmbeddedPostgres({ dataDir: databaseDir });
  await using model = await startFakeProvider();
  await using server = await startServerProcess({
    dataDir: join(folder, 'server'),
    env: {
      DATABASE_URL: socketUrl(postgres.connection),
      SIGNALBOX_SECRET_KEY: 'a secret key of a test, thirty-two characters',
      OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
      OPENAI_COMPATIBLE_API_KEY: 'sk-fake-0123456789',
      SIGNALBOX_DEFAULT_MODEL: 'openai-compatible/any',
    },
  });
  const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
  const agent = await server.call<{ data: { id: string } }>('POST', '/v1/agents', {
    workspace_id: workspaces.body.data[0]?.id,
    name: 'Any',
    description: 'Any',
    instructions: 'Any',
    triggers: [{ name: 'hook', description: 'Any', type: 'webhook', config: {}, enabled: true }],
  });
  const path = `/v1/agents/${agent.body.data.id}`;
  const dispatch = () =>
    server.call<{ data: { id: string } }>('POST', `${path}/run`, { payload: {} });
  const first = await dispatch();
  expect(first.status).toBe(200);

  await postgres[Symbol.asyncDispose]();
  for (let attempt = 0; attempt < 5; attempt++) {
    const refused = await dispatch();
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  }
  expect((await server.call('GET', '/readyz')).status).toBe(503);
  expect((await server.call('GET', '/healthz')).status).toBe(200);
  const neo = await server.call('POST', '/public-api/agents/1/run-now', { target_entity_id: 'T' });
  expect(neo).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });

  postgres = await startEmbeddedPostgres({ dataDir: databaseDir });
  try {
    await expect.poll(async () => (await dispatch()).status, { timeout: 10_000 }).toBe(200);
    const runs = await server.call<{ data: unknown[] }>('GET', `${path}/runs`);
    expect(runs.body.data).toHaveLength(2);
    await expect
      .poll(
        async () => {
          const run = await server.call<{ data: { status: string } }>(
            'GET',
            `${path}/runs/${first.body.data.id}`,
          );
          return run.body.data.status;
        },
        { timeout: 20_000 },
      )
      .toBe('completed');
  } finally {
    await server[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
  }
}, 60_000);
