import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
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

describe('a chain', () => {
  const extract = {
    id: 'sort',
    action_type: 'EXTRACT',
    input_as_dict: { instructions: 'Sort {{payload.x}}.', fields: [{ name: 'a', type: 'string' }] },
  };
  const respond = { action_type: 'RESPOND', input_as_dict: { response: '{{actions.sort.a}}' } };
  const { ticket_conditions, callback_settings, entity_type, trigger_type } = triage;
  const chain: AgentBody = {
    ...{ name: 'Chain', ticket_conditions, callback_settings, entity_type, trigger_type },
    actions: [extract, respond],
  };

  test('is what is created by default, with the search for its entities first', async () => {
    const agent = await added(api, chain);
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
    const before = await added(api, chain);
    const { json } = await put(api, before.id, {
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

  const scheduled = (...rules: object[]): AgentBody => ({
    ...{ ...chain, trigger_type: 'SCHEDULED', callback_settings: undefined },
    schedule: { expression: '0 3 * * *', timezone: 'Europe/Berlin' },
    ticket_conditions: { conditions: { combinator: 'and', rules } },
  });

  test('of a schedule looks up what its conditions name', async () => {
    const agent = await added(api, scheduled({ field: 'priority', operator: '=', value: 'P1' }));
    const found = { kind: 'psa-ticket', where: { priority: 'P1' }, limit: 50 };
    expect(agent.actions[0]).toMatchObject({ action_type: 'FIND_ENTITIES', input_as_dict: found });
    expect(agent.toolbox.tool_settings_by_type).toHaveProperty('find_records');
    const rules = [{ field: 'status', operator: '=', value: 'New' }];
    const { json } = await put(api, agent.id, { ticket_conditions: { conditions: { rules } } });
    expect(json.data.actions[0].input_as_dict.where).toEqual({ status: 'New' });
  });

  test.each<[string, object]>([
    ['[0].field', { field: 'summary', operator: '=', value: 'x' }],
    ['[0].operator', { field: 'status', operator: 'contains', value: 'x' }],
    ['[0].value', { field: 'status', operator: '=', value: null }],
  ])('of a schedule refuses a condition that finds others: %s', async (at, rule) => {
    const [status, , fields] = await refusal(create(api, scheduled(rule)));
    expect([status, fields]).toEqual([422, [`ticket_conditions.conditions.rules${at}`]]);
  });

  const tool = (name: string) => ({ action_type: 'RUN_TOOL', input_as_dict: { tool: name } });
  test.each<[string, object[]]>([
    ['actions[0].input_as_dict.response', [respond, extract]],
    ['actions[1].input_as_dict.tool', [extract, tool('nothing')]],
    ['actions[1].id', [respond, { ...extract, id: 'Sort' }]],
    ['actions[0].input_as_dict.fields', [{ id: 'x', action_type: 'EXTRACT' }, extract]],
  ])('is refused by the place in what was sent: %s', async (field, actions) => {
    const [status, , fields] = await refusal(create(api, { ...chain, actions }));
    expect([status, fields]).toEqual([422, expect.arrayContaining([field])]);
  });

  test('is refused by the place in what was sent, where that changes one of several', async () => {
    const { id } = await added(api, chain);
    const changes = [
      { action_type: 'RESPOND', input_as_dict: { disposition: 'no_op' } },
      { id: 'sort', input_as_dict: { instructions: '{{payload.x' } },
    ];
    const [, , fields] = await refusal(put(api, id, { actions: changes }));
    expect(fields).toEqual(['actions[1].input_as_dict.instructions']);
  });

  test.each<[string, AgentBody, number]>([
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
    const [answered, code] = await refusal(create(api, { ...chain, ...change }));
    expect([answered, code]).toEqual([status, 'validation_error']);
  });
});
