import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { addAgent, documentFault, runNow } from '../../../test/support/neo.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

type Body = Readonly<Record<string, unknown>>;
const triage: Body = {
  name: 'Triage',
  autonomy_type: 'AGENTIC',
  trigger_type: 'TRIGGERED',
  entity_type: 'ticket',
  agent_settings: { custom_instructions: 'Give it a priority.' },
  callback_settings: { target_changes: [{ change_type: 'CREATE' }] },
  ticket_conditions: {
    conditions: { combinator: 'and', rules: [{ field: 'status', operator: '=', value: 'New' }] },
  },
};

const create = (body: Body) => api.request('POST', '/public-api/agents', { body });
const put = (id: string, body: Body) => api.request('PUT', `/public-api/agents/${id}`, { body });

async function added(body: Body = triage) {
  const answer = await create(body);
  expect(answer.status, answer.text).toBe(201);
  expect(documentFault('POST /public-api/agents', answer), answer.text).toBeNull();
  return answer.json.data;
}

async function refusal(answer: ReturnType<typeof create>) {
  const { status, json } = await answer;
  return [status, json.error.code, Object.keys(json.error.details ?? {})];
}

describe('creating an agent', () => {
  test('makes the triggers that conditions and changes of its entity ask for', async () => {
    const agent = await added();
    expect(agent).toMatchObject({
      autonomy_type: 'AGENTIC',
      trigger_type: 'TRIGGERED',
      entity_type: 'ticket',
      state: 'ENABLED',
      actions: [{ action_type: 'AGENTIC' }],
      agent_settings: { custom_instructions: 'Give it a priority.' },
      toolbox: { tool_settings_by_type: { find_records: {} } },
      callback_settings: { target_changes: [{ change_type: 'CREATE', field_name: null }] },
    });
    expect(agent.triggers[0]).toMatchObject({
      type: 'event',
      config: {
        event: 'record.created',
        filter: [
          { field: 'kind', op: 'eq', value: 'psa-ticket' },
          { field: 'after.status', op: 'eq', value: 'New' },
        ],
      },
    });
    const run = await runNow(api, agent.id, { body: { target_entity_id: 't1' } });
    expect(run.status).toBe(202);
  });

  test('of people who write to it, and of a schedule', async () => {
    const chat = await added({
      ...{ name: 'Desk', autonomy_type: 'CONVERSATIONAL', audience: 'END_USER' },
    });
    expect(chat).toMatchObject({
      ...{ trigger_type: 'NONE', actions: [], audience: 'END_USER', access: 'ALL_USERS' },
    });
    const daily = await added({
      ...{ name: 'Daily', autonomy_type: 'AGENTIC', trigger_type: 'SCHEDULED' },
      ...{ schedule: { expression: '0 8 * * *' }, agent_settings: { custom_instructions: 'x' } },
    });
    expect(daily).toMatchObject({
      trigger_type: 'SCHEDULED',
      schedule: { expression: '0 8 * * *' },
    });
  });

  test.each<[string, Body, number, string[]]>([
    ['no instructions', { agent_settings: {} }, 422, ['agent_settings.custom_instructions']],
    ['no trigger type', { trigger_type: undefined }, 422, ['trigger_type']],
    ['nothing that starts it', { trigger_type: 'NONE' }, 422, ['trigger_type']],
    ['no schedule', { trigger_type: 'SCHEDULED', ticket_conditions: null }, 422, ['schedule']],
    ['actions of its own', { actions: [{ action_type: 'AGENTIC' }] }, 400, ['actions']],
    [
      'a credential in a toolbox',
      { toolbox: { tool_settings_by_type: { find_records: { auth: { api_key: 'k' } } } } },
      400,
      ['toolbox.tool_settings_by_type.find_records.auth.api_key'],
    ],
    [
      'an operator that there is not',
      { ticket_conditions: { conditions: { rules: [{ field: 'a', operator: '~', value: 1 }] } } },
      422,
      ['ticket_conditions.conditions.rules[0].operator'],
    ],
    [
      'conditions that could not be kept',
      { ticket_conditions: { workload_conditions: {} } },
      422,
      ['ticket_conditions.workload_conditions'],
    ],
  ])('refuses %s', async (_, change, status, fields) => {
    expect(await refusal(create({ ...triage, ...change }))).toEqual([
      status,
      'validation_error',
      fields,
    ]);
  });

  test('happens once a key', async () => {
    const body = { ...triage, name: 'Once' };
    const headers = { 'Idempotency-Key': 'create-once' };
    const first = await api.request('POST', '/public-api/agents', { body, headers });
    const again = await api.request('POST', '/public-api/agents', { body, headers });
    expect(again.json.data).toEqual(first.json.data);
  });
});

describe('an update', () => {
  test('merges: what is left out stays, null takes a tool away', async () => {
    const before = await added();
    const toolbox = { tool_settings_by_type: { search_knowledge: { a: { b: 1 }, c: 2 } } };
    await put(before.id, { toolbox, name: 'Renamed' });
    const merging = { search_knowledge: { a: { d: 3 }, c: null } };
    const { json } = await put(before.id, { toolbox: { tool_settings_by_type: merging } });
    expect(json.data).toMatchObject({
      ...{ name: 'Renamed', entity_type: 'ticket', ticket_conditions: before.ticket_conditions },
      agent_settings: { custom_instructions: 'Give it a priority.' },
      triggers: before.triggers,
    });
    expect(json.data.toolbox.tool_settings_by_type).toEqual({
      ...{ find_records: {}, search_knowledge: { a: { b: 1, d: 3 } } },
    });
    const without = await put(before.id, {
      toolbox: { tool_settings_by_type: { search_knowledge: null } },
    });
    expect(without.json.data.toolbox.tool_settings_by_type).toEqual({ find_records: {} });
  });

  test('gives no tool back that was taken away', async () => {
    const { id } = await added();
    await put(id, { toolbox: { tool_settings_by_type: { find_records: null } } });
    const { json } = await put(id, { name: 'Renamed' });
    expect(json.data.toolbox.tool_settings_by_type).toEqual({});
  });

  test('of the state alone makes no version of an agent that this dialect did not write', async () => {
    const { number } = await addAgent(api, { attributes: { mine: 1 } });
    const { json } = await put(number, { state: 'DISABLED' });
    expect(json.data).toMatchObject({ state: 'DISABLED', version: 1 });
  });

  test('leaves what starts it as it is, whatever fields the changes are of', async () => {
    const target_changes = [
      { change_type: 'DELETE', field_name: 'status' },
      { change_type: 'FIELD_UPDATED', field_name: 'status' },
    ];
    const { id } = await added({ ...triage, callback_settings: { target_changes } });
    const rules = [{ field: 'priority', operator: '=', value: 'P1' }];
    const { json } = await put(id, { ticket_conditions: { conditions: { rules } } });
    expect(json.data.callback_settings.target_changes).toEqual(target_changes);
    expect(json.data.triggers).toMatchObject([
      { config: { event: 'record.deleted' } },
      { config: { event: 'record.updated' } },
    ]);
  });

  test('of conditions rebuilds the trigger, which keeps its id', async () => {
    const { id, triggers } = await added();
    const rules = [{ field: 'priority', operator: 'in', value: ['P1', 'P2'] }];
    const { json } = await put(id, { ticket_conditions: { conditions: { rules } } });
    expect(json.data.triggers).toMatchObject([
      { id: triggers[0].id, config: { filter: [{}, { field: 'after.priority', op: 'in' }] } },
    ]);
  });

  test.each([{ autonomy_type: 'CONVERSATIONAL' }, { entity_type: 'task' }])(
    'cannot change %j',
    async (change) => {
      const { id } = await added();
      expect(await refusal(put(id, change))).toEqual([
        ...[400, 'validation_error', Object.keys(change)],
      ]);
    },
  );

  test('made on a version that is not the newest is a conflict', async () => {
    const { id, version } = await added();
    await put(id, { name: 'Other' });
    expect(await refusal(put(id, { name: 'Mine', expected_version: version }))).toEqual([
      ...[409, 'agent_update_conflict', ['expected_version']],
    ]);
  });

  test('of a managed agent is refused, and so is its end', async () => {
    const { number } = await addAgent(api, { attributes: { managed: true } });
    expect(await refusal(put(number, { name: 'x' }))).toEqual([403, 'agent_managed_by_neo', []]);
    for (const [method, rest] of [
      ['DELETE', ''],
      ['POST', '/disable'],
      ['POST', '/share'],
    ] as const) {
      const answer = await api.request(method, `/public-api/agents/${number}${rest}`);
      expect([rest, answer.status]).toEqual([rest, 403]);
    }
  });
});

describe('a chain', () => {
  const extract = {
    id: 'sort',
    action_type: 'EXTRACT',
    input_as_dict: { instructions: 'Sort {{payload.x}}.', fields: [{ name: 'a', type: 'string' }] },
  };
  const respond = { action_type: 'RESPOND', input_as_dict: { response: '{{actions.sort.a}}' } };
  const { ticket_conditions, callback_settings, entity_type, trigger_type } = triage;
  const chain: Body = {
    ...{ name: 'Chain', ticket_conditions, callback_settings, entity_type, trigger_type },
    actions: [extract, respond],
  };

  test('is what is created by default, with the search for its entities first', async () => {
    const agent = await added(chain);
    expect(agent).toMatchObject({ autonomy_type: 'CHAINED_ACTIONS', trigger_type: 'TRIGGERED' });
    expect(agent.actions).toMatchObject([
      {
        action_type: 'FIND_ENTITIES',
        input_as_dict: { kind: 'psa-ticket', external_id: '{{entity_id}}' },
      },
      { action_type: 'CONDITION', id: 'found' },
      extract,
      { ...respond, id: 'respond_2' },
    ]);
  });

  test('merges: an action changes by id or by its only type, and others are appended', async () => {
    const before = await added(chain);
    const { json } = await put(before.id, {
      actions: [
        { action_type: 'RESPOND', input_as_dict: { disposition: 'no_op' } },
        { id: 'sort', input_as_dict: { instructions: 'Other.' } },
        { id: 'more', action_type: 'RESPOND', input_as_dict: {} },
      ],
    });
    expect(json.data.actions.slice(2)).toMatchObject([
      { id: 'sort', input_as_dict: { instructions: 'Other.', fields: [{ name: 'a' }] } },
      { input_as_dict: { response: '{{actions.sort.a}}', disposition: 'no_op' } },
      { id: 'more' },
    ]);
  });

  const scheduled = (...rules: object[]): Body => ({
    ...{ ...chain, trigger_type: 'SCHEDULED', callback_settings: undefined },
    schedule: { expression: '0 3 * * *', timezone: 'Europe/Berlin' },
    ticket_conditions: { conditions: { combinator: 'and', rules } },
  });

  test('of a schedule looks up what its conditions name', async () => {
    const agent = await added(scheduled({ field: 'priority', operator: '=', value: 'P1' }));
    const found = { kind: 'psa-ticket', where: { priority: 'P1' }, limit: 50 };
    expect(agent.actions[0]).toMatchObject({ action_type: 'FIND_ENTITIES', input_as_dict: found });
    expect(agent.toolbox.tool_settings_by_type).toHaveProperty('find_records');
    const rules = [{ field: 'status', operator: '=', value: 'New' }];
    const { json } = await put(agent.id, { ticket_conditions: { conditions: { rules } } });
    expect(json.data.actions[0].input_as_dict.where).toEqual({ status: 'New' });
  });

  test.each<[string, object]>([
    ['[0].field', { field: 'summary', operator: '=', value: 'x' }],
    ['[0].operator', { field: 'status', operator: 'contains', value: 'x' }],
    ['[0].value', { field: 'status', operator: '=', value: null }],
  ])('of a schedule refuses a condition that finds others: %s', async (at, rule) => {
    const [status, , fields] = await refusal(create(scheduled(rule)));
    expect([status, fields]).toEqual([422, [`ticket_conditions.conditions.rules${at}`]]);
  });

  const tool = (name: string) => ({ action_type: 'RUN_TOOL', input_as_dict: { tool: name } });
  test.each<[string, object[]]>([
    ['actions[0].input_as_dict.response', [respond, extract]],
    ['actions[1].input_as_dict.tool', [extract, tool('nothing')]],
    ['actions[1].id', [respond, { ...extract, id: 'Sort' }]],
    ['actions[0].input_as_dict.fields', [{ id: 'x', action_type: 'EXTRACT' }, extract]],
  ])('is refused by the place in what was sent: %s', async (field, actions) => {
    const [status, , fields] = await refusal(create({ ...chain, actions }));
    expect([status, fields]).toEqual([422, expect.arrayContaining([field])]);
  });

  test('is refused by the place in what was sent, where that changes one of several', async () => {
    const { id } = await added(chain);
    const changes = [
      { action_type: 'RESPOND', input_as_dict: { disposition: 'no_op' } },
      { id: 'sort', input_as_dict: { instructions: '{{payload.x' } },
    ];
    const [, , fields] = await refusal(put(id, { actions: changes }));
    expect(fields).toEqual(['actions[1].input_as_dict.instructions']);
  });

  test.each<[string, Body, number]>([
    ['FIND_ENTITIES of its own', { actions: [{ action_type: 'FIND_ENTITIES' }] }, 400],
    ['a type that there is not', { actions: [{ action_type: 'LOOP' }] }, 400],
    ['no actions', { actions: [] }, 422],
    ['a placeholder for what comes later', { actions: [respond, extract] }, 422],
    [
      'a tool that there is not',
      { actions: [{ action_type: 'RUN_TOOL', input_as_dict: { tool: 'nothing' } }] },
      422,
    ],
    [
      'a jump back',
      {
        actions: [
          extract,
          {
            action_type: 'CONDITION',
            input_as_dict: { all: [{ field: 'payload.x', op: 'eq', value: 1 }], otherwise: 'sort' },
          },
        ],
      },
      422,
    ],
    [
      'one at a time with an approval',
      {
        process_entities_sequentially: true,
        actions: [{ action_type: 'REQUEST_TECHNICIAN_APPROVAL', input_as_dict: {} }],
      },
      422,
    ],
  ])('refuses %s', async (_, change, status) => {
    const [answered, code] = await refusal(create({ ...chain, ...change }));
    expect([answered, code]).toEqual([status, 'validation_error']);
  });
});

test('an agent is disabled, enabled and deleted', async () => {
  const { id } = await added();
  const stateAfter = async (name: string) =>
    (await api.request('POST', `/public-api/agents/${id}/${name}`)).json.data.state;
  expect([await stateAfter('disable'), await stateAfter('disable')]).toEqual([
    ...['DISABLED', 'DISABLED'],
  ]);
  expect(await stateAfter('enable')).toBe('ENABLED');
  expect((await put(id, { state: 'DISABLED' })).json.data.state).toBe('DISABLED');
  const gone = await api.request('DELETE', `/public-api/agents/${id}`);
  expect(gone.json.data).toEqual({ id, deleted: true });
  expect((await api.request('DELETE', `/public-api/agents/${id}`)).status).toBe(404);
});

describe('a shared agent', () => {
  const look = (token: string) =>
    api.request('GET', `/public-api/shared-agents/${token}`, { token: null });
  const share = async (id: string): Promise<string> =>
    (await api.request('POST', `/public-api/agents/${id}/share`)).json.data.share_token;

  test('is seen by its link alone, without values of filters, secrets and addresses', async () => {
    const { id } = await added({ ...triage, integrations: { psa: { tenant: 'hidden-tenant' } } });
    const answer = await look(await share(id));
    expect(answer.status, answer.text).toBe(200);
    expect(documentFault('GET /public-api/shared-agents/{share_token}', answer)).toBeNull();
    expect(answer.json.data.view).toMatchObject({
      ...{ name: 'Triage', prompt: 'Give it a priority.', filter_values_masked: true },
      filters: [
        { field: 'kind', operator: 'eq' },
        { field: 'after.status', operator: 'eq' },
      ],
    });
    for (const hidden of ['New', 'hidden-tenant', api.workspace.id, 'hooks']) {
      expect(answer.text).not.toContain(hidden);
    }
  });

  test('is not there by an old, removed or unknown link, nor while it is disabled', async () => {
    const { id } = await added();
    const old = await share(id);
    const current = await share(id);
    expect([(await look(old)).status, (await look(current)).status]).toEqual([404, 200]);
    await api.request('POST', `/public-api/agents/${id}/disable`);
    expect((await look(current)).status).toBe(404);
    await api.request('POST', `/public-api/agents/${id}/enable`);
    await api.request('DELETE', `/public-api/agents/${id}/share`);
    expect([(await look(current)).status, (await look('unknown')).status]).toEqual([404, 404]);
  });
});
