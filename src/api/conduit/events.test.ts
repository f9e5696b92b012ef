import { afterAll, describe, expect, it } from 'vitest';
import { createTestApi } from '../../../test/support/api.ts';

const api = await createTestApi();
afterAll(() => api[Symbol.asyncDispose]());

async function agentOn(
  event: string,
  filter: readonly unknown[] = [],
  more: Record<string, unknown> = {},
): Promise<{ readonly id: string; readonly triggerId: string }> {
  const { status, json } = await api.request('POST', '/v1/agents', {
    body: {
      workspace_id: api.workspace.id,
      name: `On ${event}`,
      description: 'Listens.',
      instructions: 'Do it.',
      triggers: [{ name: 'Event', type: 'event', config: { event, filter } }],
      ...more,
    },
  });
  expect(status, JSON.stringify(json)).toBe(201);
  return { id: json.data.id, triggerId: json.data.triggers[0].id };
}

const send = (body: unknown, headers: Record<string, string> = {}) =>
  api.request('POST', '/v1/events', { body, headers });

async function stored(id: string) {
  const [row] = await api.deps.db.query<Record<string, unknown>>({
    text: 'SELECT type, payload, entity_id, occurred_at FROM trigger_events WHERE id = $1',
    values: [id],
  });
  return row;
}

describe('POST /v1/events', () => {
  it('runs who listens to the name or its beginning and lets the payload pass, and nobody else', async () => {
    const exact = await agentOn('booking.changed', [
      { field: 'booking.nights', op: 'gte', value: 3 },
    ]);
    const below = await agentOn('booking.*');
    await agentOn('booking.changed', [{ field: 'booking.nights', op: 'lt', value: 3 }]);
    await agentOn('booking');
    await agentOn('bookings.*');
    const { status, json } = await send(
      '{"type":"booking.changed","payload": {"booking":{"nights":3.0}, "entity_id": "b-1"}}',
    );
    expect(status).toBe(202);
    const [event] = json.data.events;
    expect(event.runs.map((run: { agent_id: string }) => run.agent_id)).toEqual([
      exact.id,
      below.id,
    ]);
    expect(json.data.trigger_event_ids).toEqual([event.trigger_event_id]);
    expect(await stored(event.trigger_event_id)).toMatchObject({
      type: 'booking.changed',
      payload: '{"booking":{"nights":3.0}, "entity_id": "b-1"}',
      entity_id: 'b-1',
    });
  });

  it('starts nothing for a repeat of source and id, and answers as the first time', async () => {
    await agentOn('order.paid');
    const order = { type: 'order.paid', id: '1', source: 'shop' };
    const first = await send(order);
    const again = await send(order);
    expect(again.status).toBe(202);
    expect(again.json.data.trigger_event_ids).toEqual(first.json.data.trigger_event_ids);
    expect(again.json.data.events[0]).toEqual({ ...first.json.data.events[0], repeated: true });
    const other = await send({ ...order, source: 'other shop' });
    expect(other.json.data.events[0].repeated).toBe(false);
  });

  it('keeps events of other workspaces apart', async () => {
    const { json } = await api.request('POST', '/v1/events', {
      token: api.tokens.other,
      body: { type: 'order.paid', id: '1', source: 'shop' },
    });
    expect(json.data.events[0]).toMatchObject({ repeated: false, runs: [] });
  });

  it('takes a structured CloudEvent', async () => {
    await agentOn('com.example.created');
    const { status, json } = await send(
      '{"specversion":"1.0","id":"a1","source":"/x","type":"com.example.created","subject":"s 1","time":"2026-04-03T03:14:15+02:00","data":{"n":10.50}}',
      { 'Content-Type': 'application/cloudevents+json; charset=utf-8' },
    );
    expect(status).toBe(202);
    expect(json.data.events[0].runs).toHaveLength(1);
    expect(await stored(json.data.trigger_event_ids[0])).toEqual({
      type: 'com.example.created',
      payload: '{"n":10.50}',
      entity_id: 's 1',
      occurred_at: new Date('2026-04-03T01:14:15Z'),
    });
  });

  it('takes a binary CloudEvent, JSON or not', async () => {
    const headers = {
      ...{ 'ce-specversion': '1.0', 'ce-source': '/x', 'ce-type': 'thing.seen' },
      'ce-subject': 'caf%C3%A9 100%',
    };
    const json = await send('{"a": 1}', { ...headers, 'ce-id': 'b1' });
    expect(await stored(json.json.data.trigger_event_ids[0])).toMatchObject({
      payload: '{"a": 1}',
      entity_id: 'café 100%',
    });
    const text = await send('hello', { ...headers, 'ce-id': 'b2', 'Content-Type': 'text/plain' });
    expect(await stored(text.json.data.trigger_event_ids[0])).toMatchObject({ payload: '"hello"' });
  });

  it('takes a batch, each event on its own', async () => {
    const one = { specversion: '1.0', source: '/batch', type: 'thing.seen' };
    const { json } = await send(
      [
        { ...one, id: '1', data: [1] },
        { ...one, id: '2', data_base64: Buffer.from('{"z":1}').toString('base64') },
        { ...one, id: '1' },
      ],
      { 'Content-Type': 'application/cloudevents-batch+json' },
    );
    const ids = json.data.trigger_event_ids;
    expect(ids[2]).toBe(ids[0]);
    expect((await stored(ids[0]))?.payload).toBe('[1]');
    expect((await stored(ids[1]))?.payload).toBe('{"z":1}');
  });

  it.each([
    ['{"type":"a b"}', 'type must be the name of an event'],
    ['{"payload":1}', 'type is required'],
    ['{"type":"run.completed"}', 'type is a name of our own events (run.…)'],
    ['{"type":"a.*"}', 'type must be the name of an event'],
    ['{"type":"a","occurred_at":"yesterday"}', 'occurred_at must be a time'],
    ['{"specversion":"0.3","type":"a","id":"1","source":"x"}', 'specversion must be "1.0"'],
    ['[{"specversion":"1.0","type":"a","id":"1","source":"x"}]', 'body must be a JSON object'],
    ['"a"', 'body must be a JSON object'],
    ['{', 'The body is not valid JSON'],
  ])('refuses %s', async (body, message) => {
    const { status, json } = await send(body);
    expect(status).toBe(400);
    expect(json.error).toContain(message);
  });

  it('names the event of a batch that is wrong, and takes none of them', async () => {
    const events = [
      { specversion: '1.0', type: 'batch.wrong', id: '1', source: 'x' },
      { specversion: '1.0', type: 'batch.wrong', id: '2' },
    ];
    const { status, json } = await send(events, {
      'Content-Type': 'application/cloudevents-batch+json',
    });
    expect([status, json.error]).toEqual([400, expect.stringContaining('[1].source is required')]);
    const kept = await api.request('GET', '/v1/trigger-events?type=batch.wrong');
    expect(kept.json.data).toEqual([]);
  });
});

describe('an event trigger', () => {
  it.each([
    [{ event: '*' }, 'config.event'],
    [{ event: 'a.*.b' }, 'config.event'],
    [
      {
        event: 'a.b',
        filter: [
          { field: 'n', op: 'gt', value: 5 },
          { field: 'n', op: 'lt', value: 3 },
        ],
      },
      'config.filter[1] can never hold beside > 5: no value of n passes all',
    ],
  ])('is refused when it could never fire: %j', async (config, problem) => {
    const { status, json } = await api.request('POST', '/v1/agents', {
      body: {
        workspace_id: api.workspace.id,
        ...{ name: 'No', description: 'No.', instructions: 'No.' },
        triggers: [{ name: 'Event', type: 'event', config }],
      },
    });
    expect(status).toBe(400);
    expect(json.error).toContain(problem);
  });

  it('takes what decides the order of its runs, and refuses what would be none', async () => {
    const { id } = await agentOn('x.y', [], {
      concurrency_key: '{{booking.id}}',
      run_only_once_per_entity: true,
      execution_order: 3,
      ignore_execution_order: false,
    });
    const { json } = await api.request('GET', `/v1/agents/${id}`);
    expect(json.data).toMatchObject({
      concurrency_key: '{{booking.id}}',
      run_only_once_per_entity: true,
      process_entities_sequentially: false,
      execution_order: 3,
      ignore_execution_order: false,
    });
    const bad = await api.request('PATCH', `/v1/agents/${id}`, {
      body: { concurrency_key: '{{booking.id}' },
    });
    expect(bad.status).toBe(400);
    expect(bad.json.error).toContain('concurrency_key has a placeholder that is none');
  });

  it('lets runs with one key go one at a time', async () => {
    await agentOn('keyed', [], { concurrency_key: '/booking/id' });
    const { json } = await send({ type: 'keyed', payload: { booking: { id: 7 } } });
    const [row] = await api.deps.db.query<{ concurrency_key: string }>({
      text: 'SELECT concurrency_key FROM runs WHERE id = $1',
      values: [json.data.events[0].runs[0].id],
    });
    expect(row?.concurrency_key).toBe('7');
  });
});
