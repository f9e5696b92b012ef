import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newAgentRow } from '../../test/support/agents.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createNotedSandbox, type NotedSandbox } from '../../test/support/sandbox.ts';
import { SandboxUnavailable } from '../core/sandbox.ts';
import { createSecretBox } from '../core/secret-box.ts';
import { insertAgent } from '../store/agents.ts';
import { getCustomTool, listCustomTools } from '../store/custom-tools.ts';
import { createWorkspace } from '../store/workspaces.ts';
import type { CustomToolInput } from './custom-tool-input.ts';
import {
  type CustomToolDeps,
  createCustomTool,
  deleteCustomTool,
  patchCustomTool,
} from './custom-tools.ts';
import { runCustomTool } from './direct-run.ts';
import { removeSecret, type SecretDeps, setSecret } from './secrets.ts';

const secretBox = createSecretBox('a secret key of the tests');
let database: TestDatabase;
let sandbox: NotedSandbox;
let deps: CustomToolDeps & SecretDeps;
let workspaceId: string;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  sandbox = createNotedSandbox();
  deps = { db: database.db, sandbox, secretBox };
  workspaceId = (await createWorkspace(database.db, { name: 'W', rateLimit: null })).id;
});

function written(given: Partial<CustomToolInput> = {}): CustomToolInput {
  return {
    workspace_id: workspaceId,
    name: 'lookup-reservation',
    language: 'python',
    code: 'def main(**p):\n  return {"message": "ok"}',
    ...given,
  };
}

async function versionsOf(id: string): Promise<number[]> {
  const rows = await database.db.query<{ version: number }>({
    text: 'SELECT version FROM custom_tool_versions WHERE tool_id = $1 ORDER BY version',
    values: [id],
  });
  return rows.map((row) => row.version);
}

describe('createCustomTool', () => {
  test('stores what was written, with defaults', async () => {
    const code = 'def main(**p):\n  return {"message": "\0\uE000"}';
    const tool = await createCustomTool(deps, [workspaceId], written({ code }));
    expect(tool).toMatchObject({
      id: expect.stringMatching(/^kg[0-9a-z]{30}$/),
      workspaceId,
      code,
      description: '',
      parameters: {},
      executionMessageDescription: '',
      enableGlobally: false,
      version: 1,
      timeoutMs: 30_000,
      memoryMb: 256,
      network: null,
      secrets: [],
      idempotent: false,
      requiresApproval: false,
    });
    expect(await getCustomTool(deps.db, [workspaceId], tool.id)).toEqual(tool);
    expect(await versionsOf(tool.id)).toEqual([1]);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ name: 'Not Kebab' }, 'name'],
    [{ name: 'a'.repeat(65) }, 'name'],
    [{ name: '-a' }, 'name'],
    [{ language: 'ruby' }, 'language'],
    [{ code: '' }, 'code'],
    [{ description: 'x'.repeat(1_025) }, 'description'],
    [{ timeout_ms: 300_001 }, 'timeout_ms'],
    [{ memory_mb: 2_049 }, 'memory_mb'],
    [{ network: { allow: ['http://a.example'] } }, 'network.allow[0]'],
    [{ network: { allow: ['api.example.com', '*.com'] } }, 'network.allow[1]'],
    [{ network: { allow: ['*'] } }, 'network.allow[0]'],
    [{ network: { allow: ['10.0.0.1'] } }, 'network.allow[0]'],
    [{ network: { allow: ['localhost'] } }, 'network.allow[0]'],
    [{ secrets: ['not a name'] }, 'secrets[0]'],
    [{ secrets: ['lower'] }, 'secrets[0]'],
    [{ secrets: ['API_KEY', 'API_KEY'] }, 'secrets'],
    [{ parameters: { a: { type: 'text' } } }, 'parameters.a.type'],
    [{ paramters: {} }, 'body'],
  ])('refuses %j', async (given, field) => {
    const creating = createCustomTool(deps, 'all', written(given as Partial<CustomToolInput>));
    await expect(creating).rejects.toMatchObject({
      problem: 'validation_error',
      details: { [field]: expect.any(String) },
    });
    const { items } = await listCustomTools(
      deps.db,
      { scope: [workspaceId] },
      { limit: 9, after: null },
    );
    expect(items).toEqual([]);
  });

  test.each<[Partial<CustomToolInput>, string]>([[{ name: 'finish' }, 'conflict']])(
    'answers %j with %s',
    async (given, problem) => {
      await expect(createCustomTool(deps, 'all', written(given))).rejects.toMatchObject({
        problem,
      });
    },
  );

  test('refuses code that does not check, with the line', async () => {
    sandbox.findIn = async () => [{ message: 'expected an indented block', line: 2 }];
    await expect(createCustomTool(deps, 'all', written())).rejects.toMatchObject({
      problem: 'validation_error',
      details: { code: 'is not valid python: line 2: expected an indented block' },
    });
  });

  test('stores nothing that could not be checked', async () => {
    sandbox.findIn = () => Promise.reject(new SandboxUnavailable('no bubblewrap'));
    await expect(createCustomTool(deps, 'all', written())).rejects.toThrow(SandboxUnavailable);
  });

  test('a name is taken once a workspace, also by creates at the same time', async () => {
    const creating = [1, 2, 3].map(() => createCustomTool(deps, 'all', written()));
    const outcomes = await Promise.allSettled(creating);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => reason.problem)).toEqual(['conflict', 'conflict']);
    const other = (await createWorkspace(deps.db, { name: 'O', rateLimit: null })).id;
    await createCustomTool(deps, 'all', written({ workspace_id: other }));
  });

  test('judges the workspace first: unknown, then not allowed', async () => {
    const create = (scope: string[], id: string) =>
      createCustomTool(deps, scope, written({ workspace_id: id }));
    const unknown = workspaceId.replace(/.$/, '!');
    await expect(create([workspaceId], unknown)).rejects.toMatchObject({
      problem: 'invalid_workspace',
    });
    await expect(create([], workspaceId)).rejects.toMatchObject({ problem: 'forbidden' });
  });
});

describe('patchCustomTool', () => {
  test('changes what is given, and only other code makes a new version', async () => {
    const tool = await createCustomTool(deps, 'all', written());
    const scope = [workspaceId];
    const described = await patchCustomTool(deps, scope, tool.id, {
      description: 'Finds one',
      enable_globally: true,
    });
    expect(described).toMatchObject({ description: 'Finds one', enableGlobally: true, version: 1 });
    const same = await patchCustomTool(deps, scope, tool.id, { code: tool.code });
    expect(same.version).toBe(1);
    const other = await patchCustomTool(deps, scope, tool.id, { code: `${tool.code}\n` });
    expect(other).toMatchObject({ version: 2, description: 'Finds one' });
    expect(await versionsOf(tool.id)).toEqual([1, 2]);
  });

  test('is not found in another workspace', async () => {
    const tool = await createCustomTool(deps, 'all', written());
    const elsewhere = patchCustomTool(deps, ['ws-other'], tool.id, { description: 'x' });
    await expect(elsewhere).rejects.toMatchObject({ problem: 'not_found' });
    const run = runCustomTool(deps, ['ws-other'], tool.id, {});
    await expect(run).rejects.toMatchObject({ problem: 'not_found' });
    await expect(deleteCustomTool(deps.db, ['ws-other'], tool.id)).rejects.toMatchObject({
      problem: 'not_found',
    });
    expect(await getCustomTool(deps.db, ['ws-other'], tool.id)).toBeNull();
  });

  test('patches at the same time lose nothing', async () => {
    const tool = await createCustomTool(deps, 'all', written());
    await Promise.all([
      patchCustomTool(deps, 'all', tool.id, { description: 'd' }),
      patchCustomTool(deps, 'all', tool.id, { timeout_ms: 1_000 }),
      patchCustomTool(deps, 'all', tool.id, { code: 'new' }),
      patchCustomTool(deps, 'all', tool.id, { requires_approval: true }),
    ]);
    expect(await getCustomTool(deps.db, 'all', tool.id)).toMatchObject({
      description: 'd',
      timeoutMs: 1_000,
      code: 'new',
      requiresApproval: true,
      version: 2,
    });
  });

  test('code that meets another language meanwhile is not written unchecked', async () => {
    const tool = await createCustomTool(deps, 'all', written());
    sandbox.findIn = async () => {
      sandbox.findIn = async () => [];
      await patchCustomTool(deps, 'all', tool.id, { language: 'javascript', code: 'js' });
      return [];
    };
    const patching = patchCustomTool(deps, 'all', tool.id, { code: 'more python' });
    await expect(patching).rejects.toMatchObject({ problem: 'conflict' });
    expect(await getCustomTool(deps.db, 'all', tool.id)).toMatchObject({ code: 'js' });
  });

  test('a new name must be free', async () => {
    await createCustomTool(deps, 'all', written({ name: 'taken' }));
    const tool = await createCustomTool(deps, 'all', written());
    const renaming = patchCustomTool(deps, 'all', tool.id, { name: 'taken' });
    await expect(renaming).rejects.toMatchObject({ problem: 'conflict' });
    expect((await patchCustomTool(deps, 'all', tool.id, { name: 'free' })).name).toBe('free');
  });
});

describe('deleteCustomTool', () => {
  test('frees the name', async () => {
    const tool = await createCustomTool(deps, 'all', written());
    await deleteCustomTool(deps.db, 'all', tool.id);
    expect(await getCustomTool(deps.db, 'all', tool.id)).toBeNull();
    await createCustomTool(deps, 'all', written());
  });

  test('is refused while an agent names the tool, as is a new name', async () => {
    const tool = await createCustomTool(deps, 'all', written());
    const definition = { name: 'Concierge', tools: [tool.name] };
    await deps.db.transaction((tx) => insertAgent(tx, newAgentRow({ workspaceId, definition })));
    const deleting = deleteCustomTool(deps.db, 'all', tool.id);
    await expect(deleting).rejects.toThrow(/named in "tools" of the agents "Concierge"/);
    const renaming = patchCustomTool(deps, 'all', tool.id, { name: 'other' });
    await expect(renaming).rejects.toMatchObject({ problem: 'conflict' });
  });
});

describe('runCustomTool', () => {
  const parameters = {
    id: { type: 'string', required: true },
    unit: { type: 'string', default: 'C' },
  } as const;

  test('hands the completed arguments to the sandbox and gives its result', async () => {
    const tool = await createCustomTool(deps, 'all', written({ parameters }));
    const run = await runCustomTool(deps, [workspaceId], tool.id, { parameters: { id: '7' } });
    expect(run).toEqual({
      id: expect.stringMatching(/^tx/),
      toolVersion: 1,
      success: true,
      message: 'done',
      resultJson: '{"message":"done"}',
      error: null,
      logs: null,
      runTimeMs: 5,
    });
    const [call] = sandbox.calls;
    expect(JSON.parse(call?.parametersJson ?? '')).toEqual({ id: '7', unit: 'C' });
    expect(call).toMatchObject({ timeoutMs: 30_000, memoryMb: 256, language: 'python' });
  });

  test('tells a failure of the code as an answer', async () => {
    const tool = await createCustomTool(deps, 'all', written());
    sandbox.outcome = {
      ok: false,
      failure: 'threw',
      error: 'ValueError: x',
      logs: 'l',
      runTimeMs: 3,
    };
    expect(await runCustomTool(deps, 'all', tool.id, {})).toEqual({
      id: expect.stringMatching(/^tx/),
      toolVersion: 1,
      success: false,
      message: null,
      resultJson: null,
      error: 'ValueError: x',
      logs: 'l',
      runTimeMs: 3,
    });
  });

  test.each<[unknown, Record<string, unknown>]>([
    [undefined, { 'parameters.id': expect.stringMatching(/required/) }],
    [{ id: 7 }, { 'parameters.id': expect.stringMatching(/string/) }],
    [{ id: '7', x: 1 }, { 'parameters.x': expect.stringMatching(/not known/) }],
    [[], { parameters: expect.stringMatching(/object/) }],
    [null, { parameters: expect.stringMatching(/object/) }],
  ])('refuses the arguments %j before anything runs', async (given, details) => {
    const tool = await createCustomTool(deps, 'all', written({ parameters }));
    const running = runCustomTool(deps, 'all', tool.id, { parameters: given });
    await expect(running).rejects.toMatchObject({ problem: 'validation_error', details });
    expect(sandbox.calls).toEqual([]);
  });

  test('gives the call the hosts and the secrets that the tool names, as they are now', async () => {
    const named = { network: { allow: ['api.example.com'] }, secrets: ['API_KEY'] };
    const tool = await createCustomTool(deps, 'all', written(named));
    const key = { workspaceId, name: 'API_KEY' };
    await setSecret(deps, key, 'first value');
    await setSecret(deps, { workspaceId, name: 'OTHER' }, 'another');
    await runCustomTool(deps, 'all', tool.id, {});
    await setSecret(deps, key, 'second value');
    await runCustomTool(deps, 'all', tool.id, {});
    expect(sandbox.calls).toMatchObject([
      { network: ['api.example.com'], secrets: { API_KEY: 'first value' } },
      { network: ['api.example.com'], secrets: { API_KEY: 'second value' } },
    ]);
    expect(Object.keys(sandbox.calls[0]?.secrets ?? {})).toEqual(['API_KEY']);
  });

  test('says which secret of the tool is missing, and runs nothing', async () => {
    const elsewhere = (await createWorkspace(deps.db, { name: 'E', rateLimit: null })).id;
    await setSecret(deps, { workspaceId: elsewhere, name: 'API_KEY' }, 'of another workspace');
    const tool = await createCustomTool(deps, 'all', written({ secrets: ['API_KEY'] }));
    const missing = { success: false, error: expect.stringMatching(/secret API_KEY.*PUT/) };
    expect(await runCustomTool(deps, 'all', tool.id, {})).toMatchObject(missing);
    await setSecret(deps, { workspaceId, name: 'API_KEY' }, 'one of its own');
    expect(await runCustomTool(deps, 'all', tool.id, {})).toMatchObject({ success: true });
    await removeSecret(deps.db, { workspaceId, name: 'API_KEY' });
    expect(await runCustomTool(deps, 'all', tool.id, {})).toMatchObject(missing);
    expect(sandbox.calls).toHaveLength(1);
  });
});
