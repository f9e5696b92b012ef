import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { getRun } from '../store/runs.ts';
import { fieldTools } from '../tools/propose-fields.ts';
import { proposeFields } from './field-decisions.ts';

let api: TestApi;
let runId: string;
let call: (tool: string, input: object, key?: string) => Promise<string>;
let calls = 0;

beforeAll(async () => {
  api = await createTestApi();
  const agent = await api.request('POST', '/v1/agents', {
    body: {
      ...{ workspace_id: api.workspace.id, name: 'Dispatcher', description: 'Dispatches.' },
      ...{ instructions: 'Dispatch.', tools: ['propose_technician', 'propose_field_update'] },
      triggers: [{ name: 'Ticket', type: 'webhook', config: {} }],
    },
  });
  const { id } = agent.json.data;
  runId = (await api.request('POST', `/v1/agents/${id}/run`, { body: {} })).json.data.run_id;
  const run = await getRun(api.deps.db, 'all', runId);
  if (run === null) throw new Error('The run is not there.');
  const say = (kind: string, external_id: string, data: object) =>
    api.request('POST', `/v1/records/${kind}`, { body: { records: [{ external_id, data }] } });
  await say('technicians', 't1', { name: 'Tom', role: 'network' });
  await say('technicians', 't2', { name: 'Uma' });
  await say('technicians', 't3', { name: 'Vic', is_active: false });
  await say('psa-ticket', '77', { summary: 'Printer', owner_id: 't2', priority: 'low' });
  await say('psa-ticket', '78', { custom_fields: { Cause: 'unknown', Site: 'B' } });
  const tools = fieldTools(proposeFields(api.deps.db), run);
  call = async (name, input, key = `${run.id}:${++calls}`) => {
    const tool = tools.find((one) => one.name === name);
    const checked = tool?.check(input);
    if (tool === undefined || checked === undefined) return 'There is no such tool.';
    if (!checked.ok) return checked.problem;
    const inputJson = JSON.stringify(checked.value);
    const done = await tool.call({ inputJson, key, signal: AbortSignal.timeout(20_000) });
    return done.ok ? done.outputJson : done.error;
  };
});
afterAll(() => api[Symbol.asyncDispose]());

const priority = {
  ...{ kind: 'psa-ticket', entity_id: '77', field: 'priority', value: 'high', value_id: 'p1' },
  justification: 'Nobody can print.',
  options: [{ id: 'p1', name: 'high' }],
};
const technician = {
  ...{ entity_id: '77', technician_id: 't1', justification: 'Knows the network.' },
  candidates: [
    { technician_id: 't1', score: 90, reason: 'Role.' },
    { technician_id: 't2', score: 40, reason: 'Free.' },
  ],
};
const ticket = async (id: string) =>
  (await api.request('GET', `/v1/records/psa-ticket/${id}`)).json.data;
const idIn = (output: string) => JSON.parse(output).rawData.id as string;

test('a proposal changes nothing until a person accepts it, once, and is shown with all that led to it', async () => {
  const output = await call('propose_field_update', priority, `${runId}:same`);
  const id = idIn(output);
  expect(JSON.parse(output)).toMatchObject({
    message: expect.stringContaining('a person decides'),
    rawData: { status: 'proposed', current_value: 'low' },
  });
  expect(idIn(await call('propose_field_update', priority, `${runId}:same`))).toBe(id);
  expect(await ticket('77')).toMatchObject({ priority: 'low' });
  const audit = await api.request('GET', `/public-api/executions/${runId}/field-update-audit`);
  expect(audit.json.data).toMatchObject([
    {
      ...{ id, custom_field_name: 'priority', is_custom_field: false, entity_id: '77' },
      ...{ current_value: 'low', predicted_value: 'high', predicted_value_id: 'p1' },
      ...{ should_update_field: true, ai_justification: 'Nobody can print.', status: 'PROPOSED' },
      ...{ options_to_choose_from: [{ id: 'p1', name: 'high' }], agent_name: 'Dispatcher' },
    },
  ]);
  const path = `/v1/field-decisions/${id}/decide`;
  const decide = (body: object, token?: string) =>
    api.request('POST', path, { body, ...(token === undefined ? {} : { token }) });
  expect((await decide({ action: 'accept' }, api.tokens.other)).status).toBe(404);
  expect((await decide({ action: 'accept', value: 'low' })).text).toContain('only for the action');
  expect((await decide({ action: 'override' })).text).toContain('required to override');
  expect((await decide({ action: 'override', value: 7 })).text).toContain('must be a string');
  const both = await Promise.all([decide({ action: 'accept' }), decide({ action: 'accept' })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(await ticket('77')).toMatchObject({ priority: 'high' });
  const one = await api.request('GET', `/v1/field-decisions/${id}`);
  expect(one.json.data).toMatchObject({ status: 'accepted', final_value: 'high' });
  expect(one.json.data.decided_by.id).toMatch(/^tk/);
});

test('a technician is proposed out of the roster, and another one may be assigned instead', async () => {
  const unknown = { technician_id: 't9', score: 1, reason: 'Made up.' };
  const refused = [
    [{ ...technician, candidates: [unknown] }, 'no technician t9'],
    [{ ...technician, technician_id: 't3' }, 'none of the candidates'],
    [
      { ...technician, technician_id: 't3', candidates: [{ ...unknown, technician_id: 't3' }] },
      'not active',
    ],
    [{ ...technician, entity_id: 'nobody' }, 'no psa ticket nobody'],
    [{ ...technician, candidates: [{ ...unknown, score: 101 }] }, '<=100'],
  ] as const;
  for (const [input, why] of refused) {
    expect(await call('propose_technician', input)).toContain(why);
  }
  const id = idIn(await call('propose_technician', technician));
  const path = '/public-api/dispatch/decisions';
  const listed = await api.request('GET', `${path}?status=PROPOSED&execution_id=${runId}`);
  expect(listed.json.data).toMatchObject([
    {
      ...{ id, current_technician_id: 't2', proposed_technician_id: 't1', entity_id: '77' },
      ...{ proposed_technician_name: 'Tom', justification: 'Knows the network.' },
      candidates: [
        { technician_id: 't1', technician_name: 'Tom', score: 90, reason: 'Role.' },
        { technician_id: 't2', score: 40 },
      ],
    },
  ]);
  const field = (await api.request('GET', '/v1/field-decisions?purpose=field')).json.data[0].id;
  expect((await api.request('GET', `${path}/${field}`)).status).toBe(404);
  const stranger = await api.request('POST', `${path}/${id}/decision`, {
    body: { action: 'override', technician_id: 't9' },
  });
  expect(stranger.json.error.details, stranger.text).toMatchObject({
    technician_id: expect.stringContaining('must be a technician'),
  });
  const decided = await api.request('POST', `${path}/${id}/decision`, {
    body: { action: 'override', technician_id: 't3', note: 'Is back.' },
  });
  expect(decided.json.data).toMatchObject({ status: 'OVERRIDDEN', final_value: 't3' });
  expect(await ticket('77')).toMatchObject({ owner_id: 't3' });
  const nobody = await call('propose_technician', { ...technician, technician_id: null });
  expect(nobody).toContain('not_needed');
  const late = await api.request('POST', `${path}/${id}/decision`, { body: { action: 'accept' } });
  expect(late.json.error, late.text).toMatchObject({ code: 'already_decided' });
});

test('fields that a record cannot have are refused in words for the model, custom ones are kept with the others', async () => {
  const cause = { ...priority, entity_id: '78', field: 'Cause', is_custom_field: true };
  const refused = [
    [{ ...priority, field: 'prioritty' }, 'no field "prioritty"'],
    [{ ...priority, value: 3 }, 'must be a string'],
    [{ ...priority, kind: 'bananas' }, 'no kind "bananas"'],
    [{ ...priority, justification: '' }, 'justification'],
    [{ ...cause, kind: 'technicians', entity_id: 't1' }, 'no custom fields'],
    [{ ...cause, value: 'x'.repeat(20_001) }, 'at most 20000 characters'],
  ] as const;
  for (const [input, why] of refused) {
    expect(await call('propose_field_update', input)).toContain(why);
  }
  const written = await call('update_field', { ...cause, value: 'toner' });
  expect(JSON.parse(written)).toMatchObject({ rawData: { status: 'accepted' } });
  expect(await ticket('78')).toMatchObject({ custom_fields: { Cause: 'toner', Site: 'B' } });
  const kept = await call('propose_field_update', { ...cause, value: 'toner' });
  expect(kept).toContain('the field stays');
  const id = idIn(await call('propose_field_update', { ...cause, value: 'paper' }));
  await api.request('DELETE', '/v1/records/psa-ticket/78');
  const gone = await api.request('POST', `/v1/field-decisions/${id}/decide`, {
    body: { action: 'accept' },
  });
  expect(gone.status, gone.text).toBe(409);
  const rejected = await api.request('POST', `/v1/field-decisions/${id}/decide`, {
    body: { action: 'reject', note: 'Gone.' },
  });
  expect(rejected.json.data).toMatchObject({ status: 'rejected', final_value: null });
  const first = await api.request('GET', '/v1/field-decisions?entity_id=78&limit=1');
  const next = `/v1/field-decisions?entity_id=78&limit=1&cursor=${first.json.next_cursor}`;
  const second = await api.request('GET', next);
  expect(second.json.data[0].id).not.toBe(first.json.data[0].id);
});
