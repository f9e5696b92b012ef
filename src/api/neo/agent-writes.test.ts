import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { addAgent, documentFault, runNow } from '../../../test/support/neo.ts';
import {
  type AgentBody,
  added,
  create,
  put,
  refusal,
  triage,
} from '../../../test/support/neo-agents.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('creating an agent', () => {
  test('makes the triggers that conditions and changes of its entity ask for', async () => {
    const agent = await added(api);
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
    const chat = await added(api, {
      ...{ name: 'Desk', autonomy_type: 'CONVERSATIONAL', audience: 'END_USER' },
    });
    expect(chat).toMatchObject({
      ...{ trigger_type: 'NONE', actions: [], audience: 'END_USER', access: 'ALL_USERS' },
    });
    const daily = await added(api, {
      ...{ name: 'Daily', autonomy_type: 'AGENTIC', trigger_type: 'SCHEDULED' },
      ...{ schedule: { expression: '0 8 * * *' }, agent_settings: { custom_instructions: 'x' } },
    });
    expect(daily).toMatchObject({
      trigger_type: 'SCHEDULED',
      schedule: { expression: '0 8 * * *' },
    });
  });

  test.each<[string, AgentBody, number, string[]]>([
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
    expect(await refusal(create(api, { ...triage, ...change }))).toEqual([
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
    const before = await added(api);
    const toolbox = { tool_settings_by_type: { search_knowledge: { a: { b: 1 }, c: 2 } } };
    await put(api, before.id, { toolbox, name: 'Renamed' });
    const merging = { search_knowledge: { a: { d: 3 }, c: null } };
    const { json } = await put(api, before.id, { toolbox: { tool_settings_by_type: merging } });
    expect(json.data).toMatchObject({
      ...{ name: 'Renamed', entity_type: 'ticket', ticket_conditions: before.ticket_conditions },
      agent_settings: { custom_instructions: 'Give it a priority.' },
      triggers: before.triggers,
    });
    expect(json.data.toolbox.tool_settings_by_type).toEqual({
      ...{ find_records: {}, search_knowledge: { a: { b: 1, d: 3 } } },
    });
    const without = await put(api, before.id, {
      toolbox: { tool_settings_by_type: { search_knowledge: null } },
    });
    expect(without.json.data.toolbox.tool_settings_by_type).toEqual({ find_records: {} });
  });

  test('gives no tool back that was taken away', async () => {
    const { id } = await added(api);
    await put(api, id, { toolbox: { tool_settings_by_type: { find_records: null } } });
    const { json } = await put(api, id, { name: 'Renamed' });
    expect(json.data.toolbox.tool_settings_by_type).toEqual({});
  });

  test('of the state alone makes no version of an agent that this dialect did not write', async () => {
    const { number } = await addAgent(api, { attributes: { mine: 1 } });
    const { json } = await put(api, number, { state: 'DISABLED' });
    expect(json.data).toMatchObject({ state: 'DISABLED', version: 1 });
  });

  test('leaves what starts it as it is, whatever fields the changes are of', async () => {
    const target_changes = [
      { change_type: 'DELETE', field_name: 'status' },
      { change_type: 'FIELD_UPDATED', field_name: 'status' },
    ];
    const { id } = await added(api, { ...triage, callback_settings: { target_changes } });
    const rules = [{ field: 'priority', operator: '=', value: 'P1' }];
    const { json } = await put(api, id, { ticket_conditions: { conditions: { rules } } });
    expect(json.data.callback_settings.target_changes).toEqual(target_changes);
    expect(json.data.triggers).toMatchObject([
      { config: { event: 'record.deleted' } },
      { config: { event: 'record.updated' } },
    ]);
  });

  test('of conditions rebuilds the trigger, which keeps its id', async () => {
    const { id, triggers } = await added(api);
    const rules = [{ field: 'priority', operator: 'in', value: ['P1', 'P2'] }];
    const { json } = await put(api, id, { ticket_conditions: { conditions: { rules } } });
    expect(json.data.triggers).toMatchObject([
      { id: triggers[0].id, config: { filter: [{}, { field: 'after.priority', op: 'in' }] } },
    ]);
  });

  test.each([{ autonomy_type: 'CONVERSATIONAL' }, { entity_type: 'task' }])(
    'cannot change %j',
    async (change) => {
      const { id } = await added(api);
      expect(await refusal(put(api, id, change))).toEqual([
        ...[400, 'validation_error', Object.keys(change)],
      ]);
    },
  );

  test('made on a version that is not the newest is a conflict', async () => {
    const { id, version } = await added(api);
    await put(api, id, { name: 'Other' });
    expect(await refusal(put(api, id, { name: 'Mine', expected_version: version }))).toEqual([
      ...[409, 'agent_update_conflict', ['expected_version']],
    ]);
  });

  test('of a managed agent is refused, and so is its end', async () => {
    const { number } = await addAgent(api, { attributes: { managed: true } });
    expect(await refusal(put(api, number, { name: 'x' }))).toEqual([
      403,
      'agent_managed_by_neo',
      [],
    ]);
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

test('an agent is disabled, enabled and deleted', async () => {
  const { id } = await added(api);
  const stateAfter = async (name: string) =>
    (await api.request('POST', `/public-api/agents/${id}/${name}`)).json.data.state;
  expect([await stateAfter('disable'), await stateAfter('disable')]).toEqual([
    ...['DISABLED', 'DISABLED'],
  ]);
  expect(await stateAfter('enable')).toBe('ENABLED');
  expect((await put(api, id, { state: 'DISABLED' })).json.data.state).toBe('DISABLED');
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
    const { id } = await added(api, {
      ...triage,
      integrations: { psa: { tenant: 'hidden-tenant' } },
    });
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
    const { id } = await added(api);
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
