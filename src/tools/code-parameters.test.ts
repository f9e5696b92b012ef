import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createNotedSandbox, type NotedSandbox } from '../../test/support/sandbox.ts';
import { createWorkspace } from '../store/workspaces.ts';
import { createCustomTool, patchCustomTool } from './custom-tools.ts';
import { whyJailIsNeeded } from './why-jail-is-needed.ts';

let database: TestDatabase;
let sandbox: NotedSandbox;
let workspaceId: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  sandbox = createNotedSandbox();
  workspaceId = (await createWorkspace(database.db, { name: 'W', rateLimit: null })).id;
});

const deps = () => ({ db: database.db, sandbox });
const inCode = (found: Record<string, unknown>, packages: string[] = []) => {
  sandbox.found = { packages, parameters: { found, unmapped: [] } };
};
const create = (more: object = {}) =>
  createCustomTool(deps(), 'all', {
    workspace_id: workspaceId,
    name: 'a-tool',
    language: 'python',
    code: 'first',
    ...more,
  });
const patch = (id: string, changes: object) => patchCustomTool(deps(), 'all', id, changes);

test('parameters that were not given are those of the code, and follow it', async () => {
  inCode({ a: { type: 'string', required: true } });
  const tool = await create();
  expect(tool).toMatchObject({
    parameters: { a: { type: 'string', required: true } },
    areParametersGiven: false,
  });
  inCode({ b: { type: 'integer' } }, ['pandas']);
  expect(await patch(tool.id, { code: 'second' })).toMatchObject({
    parameters: { b: { type: 'integer' } },
    packages: ['pandas'],
    version: 2,
  });
});

test('parameters that were given win, and stay when the code changes, until null gives them back', async () => {
  inCode({ a: { type: 'string' } });
  const tool = await create({ parameters: { mine: { type: 'number' } } });
  const mine = { parameters: { mine: { type: 'number' } }, areParametersGiven: true };
  expect(tool).toMatchObject(mine);
  expect(await patch(tool.id, { code: 'second' })).toMatchObject({ ...mine, version: 2 });
  expect(await patch(tool.id, { parameters: null })).toMatchObject({
    parameters: { a: { type: 'string' } },
    areParametersGiven: false,
    version: 2,
  });
  expect(await patch(tool.id, { parameters: { mine: { type: 'number' } } })).toMatchObject(mine);
  expect(await patch(tool.id, { description: 'Other.' })).toMatchObject(mine);
});

test('a parameter of the code that cannot be said is named, with its line, and nothing is stored', async () => {
  const unmapped = [{ name: 'when', message: 'has the type `date`', line: 7 }];
  sandbox.found = { packages: [], parameters: { found: {}, unmapped } };
  await expect(create()).rejects.toMatchObject({
    problem: 'validation_error',
    details: { 'parameters.when': expect.stringMatching(/`date` \(line 7 of the code\); or give/) },
  });
  expect(await create({ parameters: {} })).toMatchObject({ parameters: {} });
});

test('what the code says is held to the rules of what is given', async () => {
  inCode({ n: { type: 'integer', default: 'x' } });
  await expect(create()).rejects.toMatchObject({
    details: { 'parameters.n.default': expect.stringMatching(/integer/) },
  });
});

test('a patch that the code was changed under is a conflict, not parameters of other code', async () => {
  inCode({ a: { type: 'string' } });
  const tool = await create();
  sandbox.findIn = async () => {
    sandbox.findIn = async () => [];
    await patch(tool.id, { code: 'of somebody else' });
    return [];
  };
  await expect(patch(tool.id, { parameters: null })).rejects.toMatchObject({ problem: 'conflict' });
});

test('the jail is needed while a stored Python tool imports packages', async () => {
  await database.db.execute({ text: 'DELETE FROM custom_tool_versions', values: [] });
  await database.db.execute({ text: 'DELETE FROM custom_tools', values: [] });
  inCode({}, ['zod']);
  await create({ name: 'js', language: 'javascript' });
  expect(await whyJailIsNeeded(database.db)).toBeNull();
  inCode({}, ['pandas']);
  const tool = await create();
  expect(await whyJailIsNeeded(database.db)).toMatch(/^a tool imports .* a-tool\.$/);
  for (const n of [1, 2, 3, 4, 5, 6]) await create({ name: `tool-${n}` });
  expect(await whyJailIsNeeded(database.db)).toMatch(/^7 tools import .*, and 2 more\.$/);
  expect(tool.packages).toEqual(['pandas']);
});
