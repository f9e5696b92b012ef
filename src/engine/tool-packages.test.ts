import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { startServices } from '../../test/support/egress.ts';
import { insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { installedPackages, packagesCacheDir } from '../../test/support/packages.ts';
import { requires } from '../../test/support/requires.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import { createSecretBox } from '../core/secret-box.ts';
import { stepsOf } from '../runs/steps.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import { probeSandbox } from '../sandbox/probe-sandbox.ts';
import { readJournal } from '../store/journal.ts';
import { createCustomTool } from '../tools/custom-tools.ts';
import { createToolRunner } from '../tools/tool-runner.ts';
import { createToolShelf } from '../tools/tool-shelf.ts';

const [jail] = await probeSandbox(['jail']);
const reason = jail?.usable === true ? await installedPackages() : 'the jail does not work here';

test('an agent drives a tool that uses pandas, one that asks a service with requests, one with fetch', {
  timeout: 120_000,
  ...requires(reason === null, reason ?? ''),
}, async () => {
  await using resources = new AsyncDisposableStack();
  const { db } = resources.use(await createTestDatabase());
  const services = resources.use(await startServices());
  const { egress, https } = services;
  const sandbox = resources.use(
    await createSandbox({ choice: 'jail', cacheDir: packagesCacheDir, egress }),
  );
  const { workspaceId, agentId } = await insertAgent(db);
  const url = `https://api.test:${https}`;
  const shared = { workspace_id: workspaceId, enable_globally: true };
  const network = { allow: [`api.test:${https}`] };
  const pandas = await createCustomTool({ db, sandbox }, 'all', {
    ...shared,
    name: 'sums',
    language: 'python',
    code: `
import pandas as pd
def main(of: str, rows: list[int] = [1, 2, 3]):
    """Sums up.

    Args:
        of: What they are.
    """
    frame = pd.DataFrame({"of": [of, "other", of], "n": rows})
    return {"message": of, "rawData": frame.groupby("of").n.sum().to_dict()}
`,
  });
  expect(pandas).toMatchObject({
    packages: ['pandas'],
    parameters: {
      of: { type: 'string', required: true, description: 'What they are.' },
      rows: { type: 'array', items: { type: 'integer' }, default: [1, 2, 3] },
    },
  });
  await createCustomTool({ db, sandbox }, 'all', {
    ...shared,
    network,
    name: 'by-requests',
    language: 'python',
    code: `
import requests
def main(of: str):
    answer = requests.post("${url}/requests", json={"of": of}, timeout=20)
    return {"message": str(answer.status_code), "rawData": answer.json()["body"]}
`,
  });
  await createCustomTool({ db, sandbox }, 'all', {
    ...shared,
    network,
    name: 'by-fetch',
    language: 'javascript',
    code: `
import { z } from 'zod';
/** @param {string} of */
export async function main({ of }) {
  const answer = await fetch('${url}/fetch', { method: 'POST', body: of });
  const { body } = z.object({ body: z.string() }).parse(await answer.json());
  return { message: String(answer.status), rawData: body };
}
`,
  });
  const secretBox = createSecretBox('a secret key of the tests');
  const shelf = createToolShelf(db, createToolRunner({ db, secretBox, sandbox }));
  const tools = await shelf.toolsFor({ workspaceId, definition: { tools: null } });
  const scripts = {
    test: { turns: [callTurn('sums'), callTurn('by-requests', 'by-fetch'), finishTurn()] },
  };
  const engine = resources.use(await startTestEngine({ db, scripts, tools }));
  await engine.start();
  const run = await engine.ended(await engine.dispatch(agentId));
  expect(run.status).toBe('completed');
  const steps = stepsOf(run.id, await readJournal(db, run.id)).filter(
    ({ type }) => type === 'tool',
  );
  const connections = [{ host: 'api.test', port: https, outcome: 'connected' }];
  expect(steps.toSorted((a, b) => a.name.localeCompare(b.name))).toMatchObject([
    { name: 'by-fetch', output: { message: '200', rawData: 'by-fetch' }, connections },
    {
      name: 'by-requests',
      output: { message: '200', rawData: '{"of": "by-requests"}' },
      connections,
    },
    { name: 'sums', output: { message: 'sums', rawData: { other: 2, sums: 4 } } },
  ]);
  expect(services.arrived.toSorted()).toEqual(['POST https /fetch', 'POST https /requests']);
});
