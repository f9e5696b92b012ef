import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { documentOf, type OpenApiDocument, validatorOf } from '../../../test/support/openapi.ts';

let api: TestApi;
let document: OpenApiDocument;
beforeAll(async () => {
  api = await createTestApi();
  document = await documentOf(api.app, '/v1/openapi.json');
});
afterAll(() => api[Symbol.asyncDispose]());

const webhook = { name: 'Changed', type: 'webhook', config: {} };

async function create(fields: object = {}) {
  const body = {
    workspace_id: api.workspace.id,
    name: 'Reservations',
    description: 'd',
    instructions: 'i',
    ...fields,
  };
  return (await api.request('POST', '/v1/agents', { body })).json.data;
}

test('a new agent has the documented defaults', async () => {
  expect(await create()).toEqual({
    id: expect.stringMatching(/^ag[0-9a-z]{30}$/),
    workspace_id: api.workspace.id,
    name: 'Reservations',
    description: 'd',
    version: 'v2',
    agent_version: 1,
    instructions: 'i',
    guardrails: [],
    paused_at: null,
    test_gate: false,
    tool_versions: null,
    approvals: null,
    operation_mode: 'autopilot',
    autopilot_schedule: null,
    custom_response_delay_ms: 0,
    auto_mark_as_done: false,
    cite_sources: false,
    memory: null,
    response_language: 'Original',
    responseflow: true,
    output_schema: [],
    skill_ids: [],
    model: null,
    fallback_model: null,
    limits: null,
    tools: null,
    tools_when_untrusted: null,
    actions: null,
    attributes: {},
    concurrency: null,
    concurrency_key: null,
    run_only_once_per_entity: false,
    process_entities_sequentially: false,
    execution_order: null,
    ignore_execution_order: true,
    enabled: true,
    triggers: [],
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    updated_at: expect.any(String),
  });
});

test('a patch changes what is given; triggers replace, and one given with its id keeps it', async () => {
  const agent = await create({ triggers: [webhook, { ...webhook, name: 'Second' }] });
  const kept = agent.triggers[1];
  const body = { name: 'Renamed', triggers: [{ id: kept.id, enabled: false }] };
  const { status, json } = await api.request('PATCH', `/v1/agents/${agent.id}`, { body });
  expect([status, json.data]).toEqual([
    200,
    expect.objectContaining({ name: 'Renamed', description: 'd', agent_version: 2 }),
  ]);
  expect(json.data.triggers).toEqual([
    { ...kept, enabled: false, updated_at: json.data.triggers[0].updated_at },
  ]);
  expect(await api.request('GET', `/v1/agents/${agent.id}`)).toMatchObject({ json });
});

test('what a get shows can be sent back as a patch, and changes nothing', async () => {
  const agent = await create({
    triggers: [webhook],
    guardrails: [{ title: 'No refunds', knowledge: 'Promise none.' }],
    output_schema: [{ name: 'mood', enum: ['good', 'bad'] }],
    limits: { max_steps: 5 },
  });
  const { json } = await api.request('PATCH', `/v1/agents/${agent.id}`, { body: agent });
  expect(json.data).toEqual(agent);
});

test('versions are listed newest first, read one by one, and brought back', async () => {
  const { id } = await create({ instructions: 'first' });
  await api.request('PATCH', `/v1/agents/${id}`, { body: { instructions: 'second' } });
  const path = `/v1/agents/${id}/versions`;
  const first = (await api.request('GET', `${path}?limit=1`)).json;
  const rest = (await api.request('GET', `${path}?cursor=${first.next_cursor}`)).json;
  expect(
    [...first.data, ...rest.data].map((each) => [each.agent_version, each.instructions]),
  ).toEqual([
    [2, 'second'],
    [1, 'first'],
  ]);
  expect((await api.request('GET', `${path}/1`)).json.data.instructions).toBe('first');
  const back = await api.request('POST', `/v1/agents/${id}/rollback`, { body: { version: 1 } });
  expect(back.json.data).toMatchObject({ instructions: 'first', agent_version: 3 });
  const unknown = await api.request('POST', `/v1/agents/${id}/rollback`, { body: { version: 9 } });
  expect(unknown.status).toBe(404);
});

test('a deleted agent is gone, and its runs are still found', async () => {
  const { id } = await create({ triggers: [webhook] });
  const run = (await api.request('POST', `/v1/agents/${id}/run`)).json.data;
  const { status, json } = await api.request('DELETE', `/v1/agents/${id}`);
  expect([status, json]).toEqual([200, { data: { id, deleted: true } }]);
  for (const [method, path] of [
    ['GET', `/v1/agents/${id}`],
    ['DELETE', `/v1/agents/${id}`],
    ['POST', `/v1/agents/${id}/run`],
    ['GET', `/v1/agents/${id}/runs`],
  ] as const) {
    expect([method, path, (await api.request(method, path)).status]).toEqual([method, path, 404]);
  }
  expect((await api.request('GET', `/v1/agents/${id}/runs/${run.id}`)).status).toBe(200);
});

test('every success of the resource fits its own document', async () => {
  const agent = await create({
    triggers: [webhook, { name: 'T', type: 'cron', config: { expression: '0 8 * * *' } }],
    output_schema: [{ name: 'mood', enum: ['good'] }],
    autopilot_schedule: {
      timezone: 'UTC',
      windows: [{ days: ['mon'], from: '08:00', to: '17:00' }],
    },
  });
  for (const [path, url] of [
    ['/v1/agents', '/v1/agents'],
    ['/v1/agents/{id}', `/v1/agents/${agent.id}`],
    ['/v1/agents/{id}/versions', `/v1/agents/${agent.id}/versions`],
    ['/v1/agents/{id}/versions/{version}', `/v1/agents/${agent.id}/versions/1`],
    ['/v1/agents/{id}/runs', `/v1/agents/${agent.id}/runs`],
    ['/v1', '/v1'],
    ['/v1/workspaces', '/v1/workspaces'],
    ['/v1/inbox-types', '/v1/inbox-types'],
    ['/v1/runs', '/v1/runs'],
    ['/v1/custom-tools', '/v1/custom-tools'],
  ] as const) {
    const { json } = await api.request('GET', url);
    const schema = document.paths[path]?.get?.responses[200]?.content?.['application/json']?.schema;
    const validate = validatorOf(document, schema ?? { type: 'string' });
    expect([url, validate(json), validate.errors]).toEqual([url, true, null]);
  }
});

test('a chain is refused by the name of what is wrong in it', async () => {
  const find = { id: 'look', type: 'find', kind: 'psa-ticket' };
  const faults = async (actions: object[], tools: string[] = ['find_records']) => {
    const fields = {
      workspace_id: api.workspace.id,
      name: 'n',
      description: 'd',
      instructions: 'i',
    };
    const body = { ...fields, tools, actions };
    const { status, json, text } = await api.request('POST', '/v1/agents', { body });
    return [status, json.data?.actions ?? text];
  };
  expect(await faults([{ ...find, where: { status: '{{payload.status}}' } }])).toMatchObject([
    201,
    [{ ...find, order: 'desc', limit: 10, on_error: 'fail' }],
  ]);
  const wrong: [string, object, string[]?][] = [
    ['actions[0].kind', { kind: 'nothing' }],
    ['actions[0].where.summary', { where: { summary: 'x' } }],
    ['actions[0].where.status', { where: { status: null } }],
    ['actions[0].from', { from: 'yesterday' }],
    ['actions[0].limit', { limit: 51 }],
    ['actions[0].order', { order: 'random' }],
    ['actions[0].external_id', { external_id: '{{actions.later.x}}' }],
    ['actions[0].type', {}, []],
  ];
  for (const [field, change, tools] of wrong) {
    const [status, message] = await faults([{ ...find, ...change }], tools);
    expect([status, message]).toEqual([400, expect.stringContaining(`${field} `)]);
  }
});
