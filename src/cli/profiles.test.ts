import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../../test/support/run-cli.ts';
import { createTinyServer, sendJson } from '../../test/support/tiny-server.ts';
import { connectionFrom } from './connection.ts';

const io = (env: Record<string, string>) => ({ env, version: '0' });

test('a named server is reached with its own token, and its token goes nowhere else', async () => {
  const home = mkdtempSync(join(tmpdir(), 'signalbox-profiles-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const env = { XDG_CONFIG_HOME: home };
  const add = (name: string, url: string, token: string) =>
    runCli(['profiles', 'add', name, '--url', url], { env: { ...env, SIGNALBOX_TOKEN: token } });
  await using server = await createTinyServer((request, response) => {
    sendJson(response, { data: [], next_cursor: null, token: request.headers.authorization });
  });
  expect((await add('staging', server.url, 'capi_staging')).stdout).toContain('added staging');
  await add('production', 'https://agents.example.com', 'capi_production');
  const file = join(home, 'signalbox', 'profiles.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const listed = await runCli(['profiles', 'list'], { env });
  expect(listed.stdout).toMatch(/\* +staging +…ging/);
  expect(listed.stdout).not.toContain('capi_');

  const { stdout } = await runCli(['agents', 'list', '--json'], { env });
  expect(stdout).toContain('Bearer capi_staging');
  expect(connectionFrom({}, io({ ...env, SIGNALBOX_PROFILE: 'production' }))).toMatchObject({
    url: 'https://agents.example.com',
    token: 'capi_production',
  });
  expect(connectionFrom({ profile: 'production', token: 'capi_x' }, io(env)).token).toBe('capi_x');
  expect(connectionFrom({ url: 'http://other.test' }, io(env))).toMatchObject({
    url: 'http://other.test',
    token: null,
  });
  expect(connectionFrom({}, io({ ...env, SIGNALBOX_TOKEN: 'capi_env' }))).toMatchObject({
    url: 'http://127.0.0.1:4870',
    token: 'capi_env',
  });
  await runCli(['profiles', 'use', 'production'], { env });
  expect(connectionFrom({}, io(env)).token).toBe('capi_production');
  await runCli(['profiles', 'rm', 'production'], { env });
  expect(connectionFrom({}, io(env)).token).toBe(null);
  const missing = await runCli(['agents', 'list', '--profile', 'x'], { env });
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('There are: staging') });
});
