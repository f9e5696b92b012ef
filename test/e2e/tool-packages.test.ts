import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { probeSandbox } from '../../src/sandbox/probe-sandbox.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { installedPackages, packagesCacheDir } from '../support/packages.ts';
import { requires } from '../support/requires.ts';
import { startServerProcess } from '../support/server-process.ts';

// Packages and parameters from the code as a user of the API meets them, and what the server does when the
// only sandbox that has a tool's packages is gone.

const [jail, deno] = await probeSandbox();
const reason =
  jail?.usable === true && deno?.usable === true
    ? await installedPackages()
    : 'both sandboxes are needed';

let database: TestDatabase;
let dataDir: string;
beforeEach(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-packages-test-'));
  mkdirSync(join(dataDir, 'cache'));
  symlinkSync(join(packagesCacheDir, 'runtimes'), join(dataDir, 'cache', 'runtimes'));
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

interface One<T> {
  readonly data: T;
}
interface Tool {
  readonly id: string;
  readonly parameters: Record<string, unknown>;
  readonly parameters_from: string;
  readonly packages: readonly string[];
}

const code = (signature: string) =>
  `import pandas as pd\n\ndef main(${signature}):\n    frame = pd.DataFrame({"n": range(n)})\n    return {"message": str(frame.n.sum())}\n`;

test('a tool with pandas is created by its code alone and runs; without a jail the server says what is wrong', {
  timeout: 180_000,
  ...requires(reason === null, reason ?? ''),
}, async () => {
  const env = {
    DATABASE_URL: database.url,
    SIGNALBOX_SECRET_KEY: 'a secret key of a test, 32 and more',
  };
  let id: string;
  {
    await using server = await startServerProcess({ dataDir, env });
    const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
    const body = {
      workspace_id: workspaces.body.data[0]?.id,
      name: 'sum-up',
      language: 'python',
      code: code('n: int = 4'),
    };
    const created = await server.call<One<Tool>>('POST', '/v1/custom-tools', body);
    expect(created).toMatchObject({
      status: 201,
      body: {
        data: {
          packages: ['pandas'],
          parameters: { n: { type: 'integer', default: 4 } },
          parameters_from: 'code',
        },
      },
    });
    id = created.body.data.id;
    const path = `/v1/custom-tools/${id}`;
    const ran = await server.call('POST', `${path}/run`, { parameters: { n: 5 } });
    expect(ran.body).toMatchObject({ data: { success: true, result: { message: '10' } } });
    const patched = await server.call('PATCH', path, { code: code('n: int, label: str = "x"') });
    expect(patched.body).toMatchObject({
      data: { parameters: { n: { required: true }, label: { default: 'x' } } },
    });
    const refused = await server.call('PATCH', path, { code: code('n: datetime') });
    expect(refused).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/parameters\.n has the type `datetime`.*line 3/) },
    });
    const unknown = await server.call('PATCH', path, { code: `import torch\n${code('n: int')}` });
    expect(unknown).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/line 1: `torch` is neither.*numpy, .*pandas/) },
    });
    const runtimes = await server.call<One<unknown[]>>('GET', '/v1/custom-tools/runtimes');
    expect(runtimes.body.data).toContainEqual(
      expect.objectContaining({
        language: 'python',
        backend: 'jail',
        packages_unavailable: null,
        packages: expect.arrayContaining([
          { name: 'beautifulsoup4', version: expect.any(String), import: 'bs4', installed: true },
        ]),
      }),
    );
  }
  const programs = join(dataDir, 'programs');
  mkdirSync(programs);
  writeFileSync(join(programs, 'bwrap'), '#!/bin/sh\nexit 1\n');
  chmodSync(join(programs, 'bwrap'), 0o755);
  const withoutJail = { ...env, PATH: `${programs}:${process.env.PATH}` };
  {
    await using server = await startServerProcess({ dataDir, env: withoutJail });
    const ready = await server.call('GET', '/readyz');
    expect(ready.status).toBe(503);
    expect(JSON.stringify(ready.body)).toMatch(
      /Deno cannot stand in for it: a tool imports packages for Python.*sum-up.*Mend the jail.*SIGNALBOX_SANDBOX=deno/,
    );
    expect((await server.call('DELETE', `/v1/custom-tools/${id}`)).status).toBe(200);
  }
  await using server = await startServerProcess({ dataDir, env: withoutJail });
  const ready = await server.call('GET', '/readyz');
  expect(ready.status).toBe(200);
  expect(JSON.stringify(ready.body)).toMatch(/deno: /);
});
