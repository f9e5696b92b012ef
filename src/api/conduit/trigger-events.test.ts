import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
let strict: { id: string; triggerId: string };
let easy: { id: string; triggerId: string };
let hook: { id: string; triggerId: string };
const sent: Record<string, string> = {};

async function addAgent(name: string, trigger: object, more: object = {}) {
  const { json } = await api.request('POST', '/v1/agents', {
    body: {
      ...{ workspace_id: api.workspace.id, name, description: 'x', instructions: 'x' },
      triggers: [{ name: `${name}’s`, ...trigger }],
      ...more,
    },
  });
  return { id: json.data.id, triggerId: json.data.triggers[0].id };
}

async function send(body: object): Promise<string> {
  const { json } = await api.request('POST', '/v1/events', { body });
  return json.data.trigger_event_ids[0];
}

async function idsOf(query: string): Promise<string[]> {
  const { status, json } = await api.request('GET', `/v1/trigger-events?${query}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return json.data.map((event: { id: string }) => event.id);
}

beforeAll(async () => {
  api = await createTestApi();
  const filter = [{ field: 'n', op: 'gt', value: 10 }];
  strict = await addAgent('Strict', { type: 'event', config: { event: 'a.b', filter } });
  easy = await addAgent('Easy', { type: 'event', config: { event: 'a.*' } });
  hook = await addAgent('Hook', { type: 'webhook', config: {} });
  sent.low = await send({ type: 'a.b', payload: { n: 1 }, entity_id: 'e-1' });
  sent.high = await send({ type: 'a.b', payload: { n: 11 } });
  sent.none = await send({ type: 'z' });
  const run = await api.request('POST', `/v1/agents/${hook.id}/run`, {
    body: { payload: { h: 1 } },
  });
  const [row] = await api.deps.db.query<{ id: string }>({
    text: 'SELECT trigger_event_id AS id FROM runs WHERE id = $1',
    values: [run.json.data.id],
  });
  sent.hand = row?.id ?? '';
});
afterAll(() => api[Symbol.asyncDispose]());

describe('GET /v1/trigger-events', () => {
  it('lists what fired, newest first, whether it started a run or not', async () => {
    expect(await idsOf('')).toEqual([sent.hand, sent.none, sent.high, sent.low]);
  });

  it.each<[query: () => string, expected: () => (string | undefined)[]]>([
    [() => `agent_id=${strict.id}`, () => [sent.high, sent.low]],
    [() => `agent_id=${strict.id}&matched=true`, () => [sent.high]],
    [() => `agent_id=${strict.id}&matched=false`, () => [sent.low]],
    [() => `agent_id=${hook.id}`, () => [sent.hand]],
    [() => `agent_id=${hook.id}&matched=false`, () => []],
    [() => `trigger_id=${easy.triggerId}`, () => [sent.high, sent.low]],
    [() => `trigger_id=${easy.triggerId}&agent_id=${strict.id}`, () => []],
    [() => `trigger_id=tr${'0'.repeat(30)}`, () => []],
    [() => 'source=manual', () => [sent.hand]],
    [() => 'type=z', () => [sent.none]],
    [() => 'entity_id=e-1', () => [sent.low]],
    [() => 'matched=false', () => [sent.none]],
    [() => 'matched=true', () => [sent.hand, sent.high, sent.low]],
    [() => 'from=2100-01-01T00:00:00Z', () => []],
    [() => 'to=2100-01-01T00:00:00Z&source=event&type=z', () => [sent.none]],
  ])('is filtered (%#)', async (query, expected) => {
    expect(await idsOf(query())).toEqual(expected());
  });

  it('goes page by page, of an agent too, however many came in the same moment', async () => {
    const many = await addAgent('Many', { type: 'event', config: { event: 'many' } });
    await Promise.all(Array.from({ length: 13 }, () => send({ type: 'many' })));
    await Promise.all(
      Array.from({ length: 6 }, () => api.request('POST', `/v1/agents/${many.id}/run`)),
    );
    const whole = await idsOf(`agent_id=${many.id}&limit=100`);
    expect(new Set(whole).size).toBe(19);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { json } = await api.request(
        'GET',
        `/v1/trigger-events?agent_id=${many.id}&limit=4${after}`,
      );
      seen.push(...json.data.map((event: { id: string }) => event.id));
      cursor = json.next_cursor;
    }
    expect(seen).toEqual(whole);
  });

  it('refuses a source that is none, and an agent that is not there', async () => {
    const bad = await api.request('GET', '/v1/trigger-events?source=nowhere');
    expect(bad.status).toBe(400);
    const none = await api.request('GET', `/v1/trigger-events?agent_id=ag${'0'.repeat(30)}`);
    expect(none.status).toBe(404);
  });
});

describe('GET /v1/trigger-events/{id}', () => {
  it('tells per agent why it ran or did not, with the payload', async () => {
    const { json } = await api.request('GET', `/v1/trigger-events/${sent.low}`);
    expect(json.data).toMatchObject({ type: 'a.b', entity_id: 'e-1', payload: { n: 1 } });
    expect(json.data.verdicts).toMatchObject([
      {
        agent_name: 'Strict',
        verdict: 'not_matched',
        comparisons: [{ field: 'n', op: 'gt', expected: 10, actual: 1, matched: false }],
        run: null,
      },
      { agent_name: 'Easy', trigger_name: 'Easy’s', verdict: 'ran', reason: null },
    ]);
  });

  it('shows a dispatch by hand as what its one run is', async () => {
    const { json } = await api.request('GET', `/v1/trigger-events/${sent.hand}`);
    expect(json.data).toMatchObject({ source: 'manual', matched: true, payload: { h: 1 } });
    expect(json.data.verdicts).toMatchObject([{ agent_name: 'Hook', verdict: 'ran' }]);
  });
});

describe('a replay', () => {
  const replay = (id: string | undefined, body: object = {}, key?: string) =>
    api.request('POST', `/v1/trigger-events/${id}/replay`, {
      body,
      headers: key === undefined ? {} : { 'Idempotency-Key': key },
    });

  it('of an event is held against the triggers as they are now', async () => {
    const late = await addAgent('Late', { type: 'event', config: { event: 'a.b' } });
    const { status, json } = await replay(sent.low);
    expect(status).toBe(202);
    const agents = json.data.runs.map((run: { agent_id: string }) => run.agent_id);
    expect(agents).toEqual([easy.id, late.id]);
    const { json: shown } = await api.request(
      'GET',
      `/v1/trigger-events/${json.data.trigger_event_id}`,
    );
    expect(shown.data).toMatchObject({
      ...{ source: 'replay', type: 'a.b', replay_of: sent.low, entity_id: 'e-1' },
      payload: { n: 1 },
    });
    const only = await replay(sent.low, { agent_id: late.id });
    expect(only.json.data.runs).toMatchObject([{ agent_id: late.id }]);
  });

  it('is one, however often it is asked for with one key', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => replay(sent.high, {}, 'again')));
    const ids = new Set(answers.map(({ json }) => json.data.trigger_event_id));
    expect(ids.size).toBe(1);
  });

  it('of a dispatch fires its trigger again, until that is gone', async () => {
    const { json } = await replay(sent.hand);
    expect(json.data.runs).toMatchObject([{ agent_id: hook.id, trigger_id: hook.triggerId }]);
    await api.request('PATCH', `/v1/agents/${hook.id}`, { body: { triggers: [] } });
    const gone = await replay(sent.hand);
    expect(gone.status).toBe(409);
    expect(gone.json.error).toContain('cannot be replayed');
  });

  it('of a range is counted first, fires the oldest first, and leaves replays out', async () => {
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const to = new Date(Date.now() + 3_600_000).toISOString();
    const range = (more: object) =>
      api.request('POST', '/v1/trigger-events/replay', {
        body: { from, to, type: 'a.b', ...more },
      });
    const counted = await range({ dry_run: true });
    expect(counted.status).toBe(200);
    expect(counted.json.data).toEqual({ dry_run: true, count: 2, replayed: [], failed: [] });
    const wrong = await range({ expected_count: 3 });
    expect(wrong.status).toBe(409);
    const done = await range({ expected_count: 2, agent_id: strict.id });
    expect(done.status).toBe(202);
    expect(done.json.data.replayed).toMatchObject([
      { replay_of: sent.low, runs: [] },
      { replay_of: sent.high, runs: [{ agent_id: strict.id }] },
    ]);
    expect((await range({ dry_run: true })).json.data.count).toBe(2);
    const missing = await api.request('POST', '/v1/trigger-events/replay', { body: { from } });
    expect(missing.status).toBe(400);
  });
});
