import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
  for (const name of ['beta', 'alpha']) {
    await api.request('POST', '/v1/custom-tools', {
      body: {
        workspace_id: api.workspace.id,
        name,
        language: 'python',
        code: 'def main(**params):\n    return {"message": "done"}\n',
        parameters: { of: { type: 'string', required: true } },
        requires_approval: true,
      },
    });
  }
});
afterAll(() => api[Symbol.asyncDispose]());
const set = (body: object, token?: string) =>
  api.request('PUT', '/v1/tools/http-request', { body, ...(token === undefined ? {} : { token }) });

describe('GET /v1/tools', () => {
  test('lists by name what an agent may name, and says what cannot be used yet', async () => {
    const { json } = await api.request('GET', '/v1/tools');
    expect(json.data).toMatchObject([
      { name: 'alpha', kind: 'custom', requires_approval: true, unusable: null },
      { name: 'beta', input_schema: { required: ['of'] } },
      { name: 'find_records', kind: 'built_in', unusable: null },
      { name: 'http_request', kind: 'built_in', unusable: expect.stringContaining('No host') },
      { name: 'propose_field_update', kind: 'built_in', has_effects: true },
      { name: 'propose_technician', kind: 'built_in' },
      { name: 'request_approval', kind: 'built_in', unusable: null },
      { name: 'run_script', kind: 'built_in', requires_approval: true, idempotent: false },
      { name: 'schedule', kind: 'built_in', unusable: null },
      { name: 'search_knowledge', kind: 'built_in' },
      { name: 'update_field', kind: 'built_in', unusable: null },
    ]);
    const first = await api.request('GET', '/v1/tools?limit=2');
    const rest = await api.request('GET', `/v1/tools?cursor=${first.json.next_cursor}`);
    expect(rest.json.data.map(({ name }: { name: string }) => name)).toEqual([
      ...['find_records', 'http_request', 'propose_field_update', 'propose_technician'],
      ...['request_approval', 'run_script', 'schedule', 'search_knowledge', 'update_field'],
    ]);
    expect(rest.json.next_cursor).toBeNull();
  });

  test('lists the workspace’s agents under the names that others keep, each of which can be saved', async () => {
    const agent = (name: string, tools: string[] = []) =>
      api.request('POST', '/v1/agents', {
        body: {
          ...{ workspace_id: api.workspace.id, name, tools },
          ...{ description: 'Knows prices.', instructions: 'Answer.' },
        },
      });
    const pricing = (await agent('Pricing')).json.data;
    const listed = (await api.request('GET', '/v1/tools')).json.data;
    expect(listed[0]).toMatchObject({
      name: `agent:${pricing.id}`,
      kind: 'agent',
      id: pricing.id,
      description: expect.stringContaining('Knows prices.'),
      input_schema: { required: ['message'] },
      unusable: null,
    });
    const names = listed.map(({ name }: { name: string }) => name);
    const saved = await agent('Asks', names);
    expect([saved.status, saved.json.data.tools]).toEqual([201, names]);
    const theirs = await api.request('GET', '/v1/tools', { token: api.tokens.other });
    expect(JSON.stringify(theirs.json)).not.toContain(pricing.id);
    const path = `/v1/agents/${pricing.id}`;
    await api.request('PATCH', path, { body: { operation_mode: 'inactive' } });
    const off = (await api.request('GET', '/v1/tools')).json.data;
    const found = off.find(({ id }: { id: string }) => id === pricing.id);
    expect(found.unusable).toMatch(/inactive/);
  });
});

describe('what http_request may reach', () => {
  test('is kept whole, and shows no secret', async () => {
    const host = {
      host: 'api.example.com',
      methods: ['GET'],
      agents: [`ag${'0'.repeat(30)}`],
      credential: { type: 'basic', username: 'me', secret: 'API_KEY' },
    };
    const put = await set({ hosts: [host], timeout_ms: 5_000, requires_approval: true });
    expect(put.status).toBe(200);
    const got = await api.request('GET', '/v1/tools/http-request');
    expect(got.json.data).toEqual({
      workspace_id: api.workspace.id,
      hosts: [host],
      enable_globally: false,
      requires_approval: true,
      timeout_ms: 5_000,
    });
    const other = await api.request('GET', '/v1/tools/http-request', { token: api.tokens.other });
    expect(other.json.data.hosts).toEqual([]);
  });

  test.each([
    [{ hosts: [{ host: '*' }] }, /too broad/],
    [{ hosts: [{ host: '127.0.0.1' }] }, /not an address/],
    [{ hosts: [{ host: 'localhost' }] }, /hosts\[0\]\.host/],
    [{ hosts: [{ host: 'https://api.example.com' }] }, /without scheme/],
    [{ hosts: [{ host: 'a.example.com', methods: ['TRACE'] }] }, /methods/],
    [{ hosts: [{ host: 'a.example.com', token: 'x' }] }, /unknown fields: token/],
    [
      { hosts: [{ host: 'a.example.com', credential: { type: 'bearer', value: 'x' } }] },
      /credential/,
    ],
    [
      {
        hosts: [
          { host: 'a.example.com', credential: { type: 'header', name: 'Host', secret: 'K' } },
        ],
      },
      /header of the connection/,
    ],
    [{}, /hosts is required/],
    [{ hosts: [], timeout_ms: 0 }, /timeout_ms/],
  ])('is refused as %j', async (body, problem) => {
    const answer = await set(body);
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringMatching(problem)]);
  });
});
