import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { startServices } from '../../test/support/egress.ts';
import { insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import { createSecretBox } from '../core/secret-box.ts';
import { stepsOf } from '../runs/steps.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import { readJournal } from '../store/journal.ts';
import { createCustomTool } from '../tools/custom-tools.ts';
import { setSecret } from '../tools/secrets.ts';
import { createToolRunner } from '../tools/tool-runner.ts';
import { createToolShelf } from '../tools/tool-shelf.ts';

const value = 'sk_live_4242424242';

test('an agent’s tools call a service with fetch and with urllib, and the trace shows it without the secret', {
  timeout: 120_000,
}, async () => {
  const cacheDir = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
  await using resources = new AsyncDisposableStack();
  resources.defer(() => rm(cacheDir, { recursive: true }));
  const { db } = resources.use(await createTestDatabase());
  const services = resources.use(await startServices());
  const { egress, https } = services;
  const sandbox = resources.use(await createSandbox({ choice: 'auto', cacheDir, egress }));
  const secretBox = createSecretBox('a secret key of the tests');
  const { workspaceId, agentId } = await insertAgent(db);
  await setSecret({ db, secretBox }, { workspaceId, name: 'SHOP_KEY' }, value);
  const url = `https://api.test:${https}`;
  const shared = {
    workspace_id: workspaceId,
    enable_globally: true,
    parameters: { of: { type: 'string' } },
    network: { allow: [`api.test:${https}`] },
    secrets: ['SHOP_KEY'],
  };
  await createCustomTool({ db, sandbox }, 'all', {
    ...shared,
    name: 'by-fetch',
    language: 'javascript',
    code: `async function main(params, { secrets }) {
      const headers = { Authorization: 'Bearer ' + secrets.SHOP_KEY };
      const answer = await fetch('${url}/javascript', { headers });
      await fetch('https://other.test/').catch(() => {});
      console.log('asked with', secrets.SHOP_KEY);
      return { message: 'status ' + answer.status, rawData: { key: secrets.SHOP_KEY } };
    }`,
  });
  await createCustomTool({ db, sandbox }, 'all', {
    ...shared,
    name: 'by-urllib',
    language: 'python',
    code: `
import signalbox, urllib.request
def main(of):
    headers = {"Authorization": "Bearer " + signalbox.secrets["SHOP_KEY"]}
    with urllib.request.urlopen(urllib.request.Request("${url}/python", headers=headers)) as answer:
        status = answer.status
    if status == 200:
        raise ValueError(f"status {status} with {signalbox.secrets['SHOP_KEY']}")
    return {"message": ""}
`,
  });
  const shelf = createToolShelf(db, createToolRunner({ db, secretBox, sandbox }));
  const tools = await shelf.toolsFor({ workspaceId, definition: { tools: null } });
  const scripts = { test: { turns: [callTurn('by-fetch', 'by-urllib'), finishTurn()] } };
  const engine = resources.use(await startTestEngine({ db, scripts, tools }));
  await engine.start();
  const run = await engine.ended(await engine.dispatch(agentId));
  expect(run.status).toBe('completed');
  const journal = await readJournal(db, run.id);
  const steps = stepsOf(run.id, journal).filter(({ type }) => type === 'tool');
  const connected = { host: 'api.test', port: https, outcome: 'connected', address: '127.0.0.1' };
  expect(steps.toSorted((a, b) => a.name.localeCompare(b.name))).toMatchObject([
    {
      name: 'by-fetch',
      status: 'done',
      output: { message: 'status 200', rawData: { key: '[secret SHOP_KEY]' } },
      logs: 'asked with [secret SHOP_KEY]\n',
      connections: [connected, { host: 'other.test', port: 443, outcome: 'refused' }],
    },
    {
      name: 'by-urllib',
      status: 'failed',
      error: expect.stringContaining('status 200 with [secret SHOP_KEY]'),
      connections: [connected],
    },
  ]);
  expect(services.arrived.toSorted()).toEqual(['GET https /javascript', 'GET https /python']);
  expect(services.lastHeaders()).toMatchObject({ authorization: `Bearer ${value}` });
  expect(JSON.stringify(journal)).not.toContain(value);
});
