import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
let number: number;
let callbackId: string;
let executionId: string;

const get = (path: string) => api.request('GET', `/public-api${path}`);
const soon = () => new Date(Date.now() - 60_000).toISOString();

beforeAll(async () => {
  api = await createTestApi();
  const trigger = {
    ...{ name: 'Changed', type: 'event' },
    config: { event: 'ticket.created', filter: [{ field: 'priority', op: 'in', value: ['high'] }] },
  };
  const made = await api.request('POST', '/v1/agents', {
    body: {
      ...{ workspace_id: api.workspace.id, name: 'Triage', description: 'x', instructions: 'x' },
      ...{ triggers: [trigger], run_only_once_per_entity: true },
    },
  });
  const agent = await get(`/agents/${made.json.data.id}`);
  number = Number(agent.json.data.id);
  const send = async (priority: string) => {
    const body = { type: 'ticket.created', entity_id: 't-1', payload: { priority } };
    return (await api.request('POST', '/v1/events', { body })).json.data.events[0];
  };
  await send('low');
  const event = await send('high');
  await send('high');
  callbackId = event.trigger_event_id;
  executionId = event.runs[0].run_id;
});
afterAll(() => api[Symbol.asyncDispose]());

describe('callbacks', () => {
  test('tell of each agent whether it matched, and what of it ran', async () => {
    const { status, json } = await get('/callbacks?entity_type=ticket&entity_id=t-1');
    expect(status).toBe(200);
    const [again, ran, low] = json.data;
    expect(ran).toMatchObject({
      callback_id: callbackId,
      ...{ entity_id: 't-1', started_workflow_ids: [number], failed_to_match_workflow_ids: [] },
    });
    expect(ran.workflow_matches).toMatchObject([
      {
        ...{ workflow_id: number, workflow_name: 'Triage', matched: true, error: null },
        execution_id: executionId,
        match_details: {
          event_type: 'ticket.created',
          field_comparisons: [
            {
              ...{ field_name: 'priority', operator: 'in', rule_value: ['high'] },
              ...{ field_value: 'high', is_match: true },
            },
          ],
        },
      },
    ]);
    expect(low).toMatchObject({
      started_workflow_ids: [],
      failed_to_match_workflow_ids: [number],
      workflow_matches: [{ matched: false }],
    });
    expect(again.workflow_matches).toMatchObject([
      { matched: true, error: 'The agent runs only once for an entity, and has done so.' },
    ]);
  });

  test('are listed by what the documentation asks for, and by nothing less', async () => {
    const count = async (query: string) => (await get(`/callbacks?${query}`)).json.data.length;
    expect(await count(`since=${soon()}`)).toBe(3);
    expect(await count(`since=${soon()}&change_type=other,ticket.created`)).toBe(3);
    expect(await count(`since=${soon()}&change_type=other`)).toBe(0);
    expect(await count(`since=${soon()}&agent_id=${number}`)).toBe(3);
    expect(await count(`since=${soon()}&until=${soon()}`)).toBe(0);
    expect(await count('entity_number=4711')).toBe(0);
    for (const [query, field] of [
      ['', 'since'],
      ['entity_id=t-1', 'entity_type'],
      ['entity_type=ticket', 'entity_id'],
      ['since=2020-01-01', 'since'],
      [`since=${soon()}&page_size=201`, 'page_size'],
    ]) {
      const { status, json } = await get(`/callbacks?${query}`);
      expect([query, status]).toEqual([query, 422]);
      expect(Object.keys(json.error.details)).toEqual([field]);
    }
  });

  test('go page by page', async () => {
    const first = await get(
      `/callbacks?since=2026-01-01T00:00:00Z&page_size=2`.replace('2026-01-01T00:00:00Z', soon()),
    );
    expect(first.json.data).toHaveLength(2);
    expect(first.json.meta.pagination.has_more).toBe(true);
  });

  test('are read one by one, also by what they started', async () => {
    const one = await get(`/callbacks/${callbackId}`);
    expect(one.json.data).toMatchObject({
      callback_id: callbackId,
      payload: { priority: 'high' },
      processed_audit_trail: ['Triage: All comparisons hold.'],
    });
    const of = await get(`/executions/${executionId}/callback`);
    expect(of.json.data).toEqual(one.json.data);
    expect((await get('/callbacks/nothing')).status).toBe(404);
    expect((await get('/executions/nothing/callback')).status).toBe(404);
  });
});
