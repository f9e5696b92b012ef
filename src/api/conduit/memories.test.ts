import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
let agent: { readonly id: string; readonly number?: number; readonly memory: unknown };
beforeAll(async () => {
  api = await createTestApi();
  const made = await api.request('POST', '/v1/agents', {
    body: {
      ...{ workspace_id: api.workspace.id, name: 'Desk', description: 'D', instructions: 'I' },
      memory: { scope: 'shared' },
    },
  });
  agent = made.json.data;
});
afterAll(() => api[Symbol.asyncDispose]());

async function create(body: object) {
  return await api.request('POST', '/v1/memories', { body });
}

describe('/v1/memories', () => {
  test('an agent says whether its runs have memory', async () => {
    expect(agent.memory).toEqual({ scope: 'shared', can_write: true });
    const off = await api.request('PATCH', `/v1/agents/${agent.id}`, { body: { memory: null } });
    expect(off.json.data.memory).toBeNull();
    for (const memory of [{ scope: 'all' }, { scopes: 'agent' }, true]) {
      const answer = await api.request('PATCH', `/v1/agents/${agent.id}`, { body: { memory } });
      expect([answer.status, answer.json.error]).toEqual([400, expect.stringContaining('memory')]);
    }
  });

  test('are written, filtered, searched, changed and taken away by people', async () => {
    const quiet = await create({
      ...{ agent_id: agent.id, entity_id: 'guest_1', pinned: true },
      content: 'Prefers quiet rooms.',
    });
    expect(quiet.status).toBe(201);
    expect(quiet.json.data).toMatchObject({
      id: expect.stringMatching(/^mm/),
      ...{ scope: 'agent', agent_id: agent.id, entity_id: 'guest_1', run_id: null, pinned: true },
    });
    const pool = await create({ content: "The pool's \\ opening: nine." });
    expect(pool.json.data).toMatchObject({ scope: 'shared', agent_id: null, entity_id: null });
    const found = async (query: string) => {
      const answer = await api.request('GET', `/v1/memories?${query}`);
      expect([query, answer.status]).toEqual([query, 200]);
      return answer.json.data.map((memory: { content: string }) => memory.content.slice(0, 7));
    };
    expect(await found('')).toEqual(['The poo', 'Prefers']);
    expect(await found(`agent_id=${agent.id}`)).toEqual(['Prefers']);
    expect(await found('scope=shared')).toEqual(['The poo']);
    expect(await found('entity_id=guest_1&pinned=true')).toEqual(['Prefers']);
    expect(await found('entity_id=guest_2')).toEqual([]);
    expect(await found('q=ROOM+suite')).toEqual(['Prefers']);
    expect(await found(`q=${encodeURIComponent("'; \\ | & ! :* pools")}`)).toEqual(['The poo']);
    expect(await found('q=%5C')).toEqual([]);
    const path = `/v1/memories/${quiet.json.data.id}`;
    const patched = await api.request('PATCH', path, { body: { content: 'Loud.', pinned: false } });
    expect(patched.json.data).toMatchObject({ content: 'Loud.', pinned: false });
    expect((await api.request('DELETE', path)).status).toBe(200);
    expect((await api.request('GET', path)).status).toBe(404);
    expect((await api.request('PATCH', path, { body: {} })).status).toBe(404);
  });

  test.each([
    [{}, 'content'],
    [{ content: ' ' }, 'content'],
    [{ content: 'x'.repeat(2_001) }, 'content'],
    [{ content: 'x', pinned: 1 }, 'pinned'],
    [{ content: 'x', entity_id: '' }, 'entity_id'],
    [{ content: 'x', agent_id: 7 }, 'agent_id'],
  ])('refuses %j and names the field', async (body, field) => {
    const answer = await create(body);
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringContaining(field)]);
  });

  test('of an agent that is not there is 404', async () => {
    const answer = await create({ content: 'x', agent_id: 'ag000' });
    expect([answer.status, answer.json.error]).toEqual([404, expect.stringContaining('ag000')]);
    expect((await api.request('GET', '/v1/memories?agent_id=999999')).status).toBe(404);
  });
});
