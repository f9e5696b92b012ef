import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { insertChannelRow } from '../../../test/support/channels.ts';
import { newId } from '../../core/ids.ts';
import { recordInbound } from '../../store/inbound.ts';

let api: TestApi;
let contact: string;
let conversation: string;

beforeAll(async () => {
  api = await createTestApi();
  const channel = await insertChannelRow(api.deps.db, api.workspace.id, {
    ...{ type: 'chat', name: 'Chat', channel: 'chat', inboundKey: newId('unit') },
  });
  const inbound = await recordInbound(api.deps.db, {
    ...{
      channel,
      externalId: null,
      threadKey: 'a',
      subject: null,
      body: 'Hello',
      wantsReply: false,
    },
    contact: { value: 'ada', scope: channel.id, firstName: 'Ada', lastName: null },
    sender: { externalId: 'ada', name: 'Ada' },
    attachments: [],
  });
  conversation = inbound.conversationId;
  const found = await api.request('GET', `/v1/conversations/${conversation}`);
  contact = found.json.data.contact.id;
  // Somebody listens, so that events are written.
  const listener = await api.request('POST', '/v1/agents', {
    body: {
      ...{ workspace_id: api.workspace.id, name: 'Listener', description: 'Listens.' },
      instructions: 'Listen.',
      triggers: [{ name: 'Any', type: 'event', config: { event: 'record.*' } }],
    },
  });
  expect(listener.status, listener.text).toBe(201);
});

afterAll(() => api[Symbol.asyncDispose]());

const put = (path: string, body: object) => api.request('PUT', `/v1/records/${path}`, { body });

async function told(externalId: string) {
  const rows = await api.deps.db.query<{ type: string; payload: string }>({
    text: `SELECT type, payload FROM internal_events WHERE type LIKE 'record.%' ORDER BY created_at, id`,
  });
  return rows
    .map(({ type, payload }) => ({ type, ...(JSON.parse(payload) as Record<string, unknown>) }))
    .filter((event) => (event as { external_id?: unknown }).external_id === externalId);
}

describe('what a source tells', () => {
  test('is a change with before and after once, however often and late it is told', async () => {
    const say = (version: number, status: string) =>
      put('reservations/r1', { version, data: { status, arrival_date: '2026-04-03' } });
    expect((await say(1, 'booked')).json.data).toMatchObject({ outcome: 'created', version: 1 });
    expect((await say(3, 'confirmed')).json.data.outcome).toBe('updated');
    expect((await say(2, 'paid')).json.data.outcome).toBe('late');
    expect((await say(3, 'confirmed')).json.data.outcome).toBe('repeated');
    expect((await say(4, 'confirmed')).json.data).toMatchObject({
      outcome: 'repeated',
      version: 4,
    });
    const clash = await say(4, 'cancelled');
    expect(clash.status).toBe(409);
    expect(clash.json.error).toMatch(/version is known with other content: 4/);
    expect(await told('r1')).toMatchObject([
      { type: 'record.created', before: null, after: { status: 'booked' } },
      {
        type: 'record.updated',
        before: { status: 'booked' },
        after: { status: 'confirmed' },
        changed: ['status'],
      },
    ]);
  });

  test('and deletes stays deleted for what is late, and comes back by a newer version', async () => {
    const data = { status: 'booked' };
    await put('reservations/r2', { version: 5, data });
    const gone = await api.request('DELETE', '/v1/records/reservations/r2');
    expect(gone.json.data.outcome).toBe('deleted');
    expect((await api.request('GET', '/v1/records/reservations/r2')).status).toBe(404);
    expect((await put('reservations/r2', { version: 5, data })).json.data.outcome).toBe('late');
    expect((await put('reservations/r2', { version: 6, data })).json.data.outcome).toBe('created');
    expect((await told('r2')).map(({ type }) => type)).toEqual([
      'record.created',
      'record.deleted',
      'record.created',
    ]);
  });

  test('in a batch is all or nothing, and one record may be in it more than once', async () => {
    const batch = (records: object[]) =>
      api.request('POST', '/v1/records/appointments', { body: { source: 'booking', records } });
    const one = (version: number, status: string) => ({
      ...{
        external_id: 'a1',
        version,
        data: { status, start_at: `2026-04-0${version}T09:00:00Z` },
      },
    });
    const wrong = await batch([one(1, 'confirmed'), one(2, 'gone')]);
    expect(wrong.status).toBe(400);
    expect(wrong.json.error).toMatch(
      /records\[1\]\.data\.status must be one of "awaiting_response"/,
    );
    const right = await batch([one(1, 'confirmed'), one(3, 'completed'), one(2, 'rescheduled')]);
    expect(right.json.data.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'created',
      'updated',
      'late',
    ]);
    const found = await api.request('GET', '/v1/records/appointments/a1');
    expect(found.json.data).toMatchObject({ status: 'completed', source: 'booking', notes: null });
    expect(await told('a1')).toHaveLength(2);
  });

  test('is refused with the field that is wrong', async () => {
    const wrong = await put('reservations/r3', {
      data: { arrival_date: 'soon', contact_id: 'co00', num_nights: 1.5 },
    });
    expect(wrong.status).toBe(400);
    expect(wrong.json.error).toMatch(/data.arrival_date must be a date such as 2026-04-03/);
    expect(wrong.json.error).toMatch(/data.num_nights must be an integer/);
    const nobody = await put('reservations/r3', { data: { contact_id: newId('contact') } });
    expect(nobody.json.error).toMatch(/data.contact_id is no contact of this workspace/);
    expect((await put('bananas/r3', { data: {} })).status).toBe(404);
    const missing = await put('reservations/r3', {});
    expect(missing.json.error).toMatch(/data (is required|must be an object)/);
  });

  test('by two at once is one record and one change each', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        put('reservations/r4', { version: 10, data: { status: 'same', n: 0 } }).then((a) => [n, a]),
      ),
    );
    const outcomes = answers.map(
      ([, answer]) => (answer as { json: { data: { outcome: string } } }).json.data.outcome,
    );
    expect(outcomes.toSorted()).toEqual([
      'created',
      ...Array.from({ length: 7 }, () => 'repeated'),
    ]);
    expect(await told('r4')).toHaveLength(1);
  });
});

describe('lists', () => {
  test('are by arrival, filtered, in pages of either direction, and those of a contact', async () => {
    const records = Array.from({ length: 7 }, (_, n) => ({
      external_id: `l${n}`,
      data: {
        status: n % 2 === 0 ? 'even' : 'odd',
        listing_id: 'house',
        arrival_date: `2026-05-0${n + 1}`,
        ...(n === 3 ? { contact_id: contact } : {}),
      },
    }));
    expect(
      (await api.request('POST', '/v1/records/reservations', { body: { records } })).status,
    ).toBe(200);
    const walk = async (path: string) => {
      const ids: string[] = [];
      let cursor = '';
      for (;;) {
        const page = await api.request('GET', `${path}&limit=2${cursor}`);
        expect(page.status, page.text).toBe(200);
        ids.push(...page.json.data.map((one: { external_id: string }) => one.external_id));
        if (!page.json.has_more) return ids;
        cursor = `&cursor=${page.json.next_cursor}`;
      }
    };
    const all = '/v1/reservations?listing_id=house';
    expect(await walk(all)).toEqual(['l6', 'l5', 'l4', 'l3', 'l2', 'l1', 'l0']);
    expect(await walk(`${all}&status=odd&order=asc`)).toEqual(['l1', 'l3', 'l5']);
    expect(await walk(`/v1/contacts/${contact}/reservations?order=asc`)).toEqual(['l3']);
    expect(
      await walk(
        '/v1/records/reservations?where=listing_id:house,status:odd&from=2026-05-03T00:00:00Z',
      ),
    ).toEqual(['l5', 'l3']);
    const [first] = (await api.request('GET', `${all}&limit=1`)).json.data;
    const one = await api.request('GET', `/v1/reservations/${first.id}`);
    expect(one.json.data).toMatchObject({ external_id: 'l6', contact_id: null, guest: null });
    const foreign = await api.request('GET', `/v1/reservations/${first.id}`, {
      token: api.tokens.other,
    });
    expect(foreign.status).toBe(404);
    const other = await api.request('GET', '/v1/records/reservations/l6', {
      token: api.tokens.other,
    });
    expect(other.status).toBe(404);
    expect((await api.request('GET', `/v1/appointments/${first.id}`)).status).toBe(404);
    const unknown = await api.request('GET', '/v1/records/reservations?where=door_code:1');
    expect(unknown.json.error).toMatch(
      /filter.door_code is not what reservations are filtered by: status, listing_id/,
    );
  });
});

describe('tickets', () => {
  let id: string;

  test('are open while they are new or pending, and close from resolved', async () => {
    const records = ['new', 'pending', 'resolved', 'closed'].map((status) => ({
      external_id: `t-${status}`,
      version: 1,
      data: { status, contact_id: contact, conversation_id: conversation, channel: 'chat' },
    }));
    await api.request('POST', '/v1/records/tickets', { body: { records } });
    const open = await api.request('GET', '/v1/tickets?status=open&order=asc');
    expect(open.json.data.map(({ status }: { status: string }) => status).toSorted()).toEqual([
      'new',
      'pending',
    ]);
    const found = await api.request('GET', '/v1/records/tickets/t-resolved');
    id = found.json.data.id;
    const pending = await api.request('GET', '/v1/records/tickets/t-pending');
    const refused = await api.request('POST', `/v1/tickets/${pending.json.data.id}/close`);
    expect(refused.status).toBe(409);
    expect(refused.json.error).toMatch(/is pending: close is for what is resolved/);
    const closed = await api.request('POST', `/v1/tickets/${id}/close`);
    expect(closed.json.data.status, closed.text).toBe('closed');
    expect((await api.request('POST', `/v1/tickets/${id}/close`)).status).toBe(409);
    // What the source said before is known: it does not open the ticket again.
    const again = await put('tickets/t-resolved', records[2] ?? {});
    expect(again.json.data.outcome).toBe('repeated');
    expect((await api.request('GET', `/v1/tickets/${id}`)).json.data.status).toBe('closed');
    expect(await told('t-resolved')).toMatchObject([
      { type: 'record.created' },
      { type: 'record.updated', before: { status: 'resolved' }, after: { status: 'closed' } },
    ]);
  });

  test('have notes, once under one key, and messages in their conversation', async () => {
    const write = () =>
      api.request('POST', `/v1/tickets/${id}/notes`, {
        body: { body: 'Called back.' },
        headers: { 'Idempotency-Key': 'note-1' },
      });
    const [first, second] = [await write(), await write()];
    expect(first.status, first.text).toBe(201);
    expect(second.json.data.id).toBe(first.json.data.id);
    expect(first.json.data).toMatchObject({
      ticket_id: id,
      contact_id: contact,
      author: { name: 'test' },
    });
    const notes = await api.request('GET', `/v1/tickets/${id}/notes`);
    expect(notes.json.data).toHaveLength(1);
    const stranger = await api.request('POST', `/v1/tickets/${id}/notes`, {
      body: { body: 'Look', mention_user_ids: [newId('user')] },
    });
    expect(stranger.json.error).toMatch(/mention_user_ids\[0\] is no member/);
    const sent = await api.request('POST', `/v1/tickets/${id}/messages`, {
      body: { body: 'Done.' },
    });
    expect(sent.status, sent.text).toBe(201);
    expect(sent.json.data).toMatchObject({ ticket_id: id, conversation_id: conversation });
    const alone = await put('tickets/t-alone', { data: { status: 'new' } });
    const nobody = await api.request('POST', `/v1/tickets/${alone.json.data.id}/messages`, {
      body: { body: 'Anybody?' },
    });
    expect(nobody.status).toBe(422);
  });
});

describe('kinds', () => {
  const orders = {
    fields: [
      { name: 'state', type: 'string', options: ['open', 'shipped'] },
      { name: 'total', type: 'number' },
      { name: 'ordered_at', type: 'datetime', required: true },
    ],
    filters: [{ field: 'state' }],
    order_by: 'ordered_at',
    states: { field: 'state', actions: { ship: { from: ['open'], to: 'shipped' } } },
  };

  test('are described by a workspace without code, and then have lists, filters and actions', async () => {
    const described = await api.request('PUT', '/v1/record-kinds/orders', { body: orders });
    expect(described.status, described.text).toBe(200);
    await put('orders/o1', {
      data: { state: 'open', total: 3, ordered_at: '2026-01-01T00:00:00Z' },
    });
    await put('orders/o2', {
      data: { state: 'open', total: 5, ordered_at: '2026-01-02T00:00:00Z' },
    });
    const shipped = await api.request('POST', '/v1/records/orders/o1/actions/ship');
    expect(shipped.json.data, shipped.text).toMatchObject({ state: 'shipped', total: 3 });
    const open = await api.request('GET', '/v1/records/orders?where=state:open');
    expect(open.json.data.map((one: { external_id: string }) => one.external_id)).toEqual(['o2']);
    const bad = await put('orders/o3', { data: { state: 'lost' } });
    expect(bad.json.error).toMatch(/data.ordered_at is required/);
  });

  test('name the field that should be a contact as they call it', async () => {
    const fields = [{ name: 'guest', type: 'contact' }];
    const described = await api.request('PUT', '/v1/record-kinds/visits', { body: { fields } });
    expect(described.status, described.text).toBe(200);
    const nobody = await put('visits/v1', { data: { guest: 'co-nobody' } });
    expect(nobody.json.error).toMatch(/data.guest is no contact of this workspace/);
  });

  test('keep their filters while there are records, and go when there are none', async () => {
    const other = await api.request('PUT', '/v1/record-kinds/orders', {
      body: { ...orders, filters: [] },
    });
    expect(other.status).toBe(409);
    expect((await api.request('DELETE', '/v1/record-kinds/orders')).status).toBe(409);
    for (const id of ['o1', 'o2']) await api.request('DELETE', `/v1/records/orders/${id}`);
    expect((await api.request('DELETE', '/v1/record-kinds/orders')).status).toBe(200);
    expect((await api.request('GET', '/v1/record-kinds/orders')).status).toBe(404);
    const builtIn = await api.request('PUT', '/v1/record-kinds/tickets', { body: orders });
    expect(builtIn.status).toBe(400);
    const wrong = await api.request('PUT', '/v1/record-kinds/wrong', {
      body: { fields: [{ name: 'a', type: 'object' }], filters: [{ field: 'a' }], order_by: 'b' },
    });
    expect(wrong.json.error).toMatch(/filters\[0\].field must be a field of the type/);
    expect(wrong.json.error).toMatch(/order_by must be a field/);
  });
});

test('custom attributes are described, set, and taken away again', async () => {
  const describeOne = await api.request('PUT', '/v1/custom-attributes/tier', {
    body: { type: 'string', options: ['silver', 'gold'] },
  });
  expect(describeOne.status, describeOne.text).toBe(200);
  const path = `/v1/contacts/${contact}/custom-attributes`;
  const set = await api.request('PATCH', path, { body: { tier: 'gold' } });
  expect(set.json.data, set.text).toEqual({ tier: 'gold' });
  const wrong = await api.request('PATCH', path, { body: { tier: 'tin', size: 3 } });
  expect(wrong.json.error).toMatch(/data.tier must be one of "silver", "gold"/);
  expect(wrong.json.error).toMatch(/data.size is not a field of this kind/);
  await api.request('DELETE', '/v1/custom-attributes/tier');
  expect((await api.request('GET', path)).json.data).toEqual({});
  expect((await api.request('DELETE', '/v1/custom-attributes/tier')).status).toBe(404);
});
