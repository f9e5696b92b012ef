import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const tool = (name: string) => ({
  workspace_id: api.workspace.id,
  name,
  language: 'python',
  code: 'def main():\n    return {"message": "done"}\n',
});
const agent = (name: string) => ({
  workspace_id: api.workspace.id,
  name,
  description: 'd',
  instructions: 'i',
});

function create(path: string, body: object, key: string) {
  const token =
    path === '/v1/agents' || path === '/v1/custom-tools' ? api.tokens.write : api.tokens.admin;
  return api.request('POST', path, { token, body, headers: { 'Idempotency-Key': key } });
}

async function count(path: string): Promise<number> {
  const query = `?limit=100&workspace_id=${api.workspace.id}`;
  const { json } = await api.request('GET', path + query, { token: api.tokens.admin });
  return json.data.length;
}

const creates: [string, (name: string) => object][] = [
  ['/v1/agents', agent],
  ['/v1/custom-tools', tool],
  ['/v1/workspaces', (name) => ({ name })],
  ['/v1/tokens', (name) => ({ name, access: 'read', workspace_ids: [api.workspace.id] })],
];

describe.each(creates)('a create at %s with a key', (path, bodyOf) => {
  test('is made once; a repeat gets the first answer', async () => {
    const before = await count(path);
    const first = await create(path, bodyOf('once'), 'again');
    const second = await create(path, bodyOf('once'), 'again');
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    expect(await count(path)).toBe(before + 1);
  });

  test('is made once by repeats at the same time', async () => {
    const before = await count(path);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => create(path, bodyOf('together'), 'together')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await count(path)).toBe(before + 1);
  });

  test('is 422 for another body, and makes nothing', async () => {
    await create(path, bodyOf('this'), 'other-body');
    const before = await count(path);
    expect((await create(path, bodyOf('that'), 'other-body')).status).toBe(422);
    expect(await count(path)).toBe(before);
  });
});

test('a create that failed leaves its key free', async () => {
  const refused = await create('/v1/agents', agent(''), 'free');
  expect(refused.status).toBe(400);
  expect((await create('/v1/agents', agent('Now'), 'free')).status).toBe(201);
});

test('a key is one of its route and its workspace', async () => {
  await create('/v1/agents', agent('A'), 'shared');
  expect((await create('/v1/custom-tools', tool('shared'), 'shared')).status).toBe(201);
  const other = { ...agent('A'), workspace_id: api.otherWorkspace.id };
  const answer = await api.request('POST', '/v1/agents', {
    token: api.tokens.other,
    body: other,
    headers: { 'Idempotency-Key': 'shared' },
  });
  expect([answer.status, answer.json.data.workspace_id]).toEqual([201, api.otherWorkspace.id]);
});

test('a kept answer with a secret is not readable in the database', async () => {
  const { json } = await create(
    '/v1/tokens',
    { name: 'Secret', access: 'read', workspace_ids: [api.workspace.id] },
    'sealed',
  );
  const rows = await api.deps.db.query<{ response: string }>(
    'SELECT response FROM idempotency_keys',
  );
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ response }) => response.includes(json.data.token))).toEqual([]);
});
