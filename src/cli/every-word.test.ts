import { Command } from 'commander';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { createApiObjects } from '../../test/support/api-objects.ts';
import { runCli } from '../../test/support/run-cli.ts';
import { serveApi } from '../api/serve.ts';
import { operationCommands, sameAs } from './operation-words.ts';
import { registerClientCommands } from './program.ts';

// Every word that reads, against a server with an object of every kind. The token reaches two workspaces.

const program = new Command('signalbox');
registerClientCommands(program, { env: {}, version: '0.0.0-test' });

let api: TestApi;
let server: Awaited<ReturnType<typeof serveApi>>;
let env: Record<string, string>;
let agent: string;

beforeAll(async () => {
  api = await createTestApi();
  ({ agent } = await createApiObjects(api, api.workspace.id));
  server = await serveApi({ deps: api.deps, host: '127.0.0.1', port: 0 });
  env = { SIGNALBOX_URL: server.url, SIGNALBOX_TOKEN: api.tokens.admin };
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

/** Of their own, beside those of the API's lists. */
const ownWords = ['inbox list', 'triggers list', 'triggers events', 'kb list', 'kb search refund'];
const needs: Readonly<Record<string, readonly string[]>> = {
  'prices in-force': ['--model', 'openai/gpt-5'],
  'conversations search': ['--query', 'refund'],
  'contacts search': ['--query', 'Ada'],
  'audit list': ['--limit', '1'],
};
const words = [
  ...operationCommands()
    .filter(({ operation, params }) => operation.method === 'GET' && params.length === 0)
    // It writes a file; test/e2e/backup.test.ts has it.
    .filter(({ group }) => group !== 'backup')
    .map(({ group, word }) => nameOf(group, word)),
  ...ownWords,
];

function nameOf(group: string, word: string): string {
  const known = program.commands.find((one) => one.name() === group);
  const own = known?.commands.map((one) => one.name()) ?? [];
  if (own.length === 0) return group;
  return `${group} ${sameAs(word).find((one) => own.includes(one)) ?? word}`;
}

test.each(words)('`%s` is a table for people and JSON for programs', async (line) => {
  const args = [...line.split(' '), ...(needs[line] ?? [])];
  const inWorkspace = { env: { ...env, SIGNALBOX_WORKSPACE: api.workspace.id } };
  const table = await runCli(args, inWorkspace);
  expect(table, table.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/\S/) });
  const json = await runCli([...args, '--json'], inWorkspace);
  expect(json.code).toBe(0);
  // An export is a line an entry.
  for (const each of json.stdout.trim().split(line === 'audit export' ? '\n' : '\0')) {
    expect(typeof JSON.parse(each)).toBe('object');
  }
});

test('every group of words says what it is for, and so does every word in it', () => {
  const visit = (command: Command): void => {
    expect([command.name(), command.description()]).toEqual([
      command.name(),
      expect.stringMatching(/\w/),
    ]);
    command.commands.forEach(visit);
  };
  program.commands.forEach(visit);
  const groups = program.commands.map((command) => command.name());
  expect(groups).toEqual(
    expect.arrayContaining(
      'agents runs tools skills kb triggers schedules inbox tests tokens secrets'.split(' '),
    ),
  );
});

test('where the token reaches several workspaces, the one to name is asked for, and taken', async () => {
  const refused = await runCli(['agents', 'list'], { env });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('--workspace or SIGNALBOX_WORKSPACE');
  const listed = await runCli(['agents', 'list', '--workspace', api.workspace.id], { env });
  expect(listed.stdout).toContain(agent);
  const other = await runCli(['agents', 'list', '--workspace', api.otherWorkspace.id], { env });
  expect([other.code, other.stdout]).toEqual([0, 'No agents.\n']);
  const none = await runCli(['agents', 'list', '--workspace', `ws01${'0'.repeat(28)}`], { env });
  expect(none.code).toBe(1);

  const workspace = ['--workspace', api.otherWorkspace.id];
  const value = '{"value": "kept", "n": 12345678901234567890}';
  const made = await runCli(['secrets', 'set', 'THEIR_KEY', '--data', value, ...workspace], {
    env,
  });
  expect([made.code, made.stderr]).toEqual([0, '']);
  const there = await runCli(['secrets', 'list', ...workspace], { env });
  expect(there.stdout).toContain('THEIR_KEY');
  const here = await runCli(['secrets', 'list', '--workspace', api.workspace.id], { env });
  expect(here.stdout).not.toContain('THEIR_KEY');
  // What the body says goes first.
  const body = `{"value": "kept", "workspace_id": "${api.workspace.id}"}`;
  const said = await runCli(['secrets', 'set', 'OUR_KEY', '--data', body, ...workspace], { env });
  expect(said.code).toBe(0);
  expect((await runCli(['secrets', 'list', ...workspace], { env })).stdout).not.toContain(
    'OUR_KEY',
  );
});

test('triggers are listed with their agents', async () => {
  const at = { env: { ...env, SIGNALBOX_WORKSPACE: api.workspace.id } };
  const all = await runCli(['triggers', 'list'], at);
  const ofOne = await runCli(['triggers', 'list', '--agent', agent, '--json'], at);
  const { data } = JSON.parse(ofOne.stdout) as { data: { id: string; agent_id: string }[] };
  expect(data.length).toBeGreaterThan(0);
  for (const { id, agent_id } of data) {
    expect(agent_id).toBe(agent);
    expect(all.stdout).toContain(id);
  }
});
