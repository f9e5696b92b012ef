import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { createApiObjects } from '../../../test/support/api-objects.ts';
import { DrivenRun, drivenByTest } from '../../../test/support/driven-run.ts';
import { followEvents } from '../../../test/support/follow-events.ts';

let api: TestApi;
let closing: AbortController;
beforeAll(async () => {
  closing = new AbortController();
  api = await createTestApi({ engine: drivenByTest, closing: closing.signal });
});
afterAll(() => api[Symbol.asyncDispose]());

async function startedRun() {
  const { agent, run } = await createApiObjects(api, api.workspace.id);
  return { path: `/v1/agents/${agent}/runs/${run}`, run, driven: new DrivenRun(api, run) };
}

interface Event {
  readonly id: number;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into the data.
  readonly data: any;
}

/** The stream's events as they arrive; ends when it does. */
async function* follow(path: string, headers: Record<string, string> = {}): AsyncGenerator<Event> {
  for await (const event of followEvents(api, path, headers)) {
    yield { ...event, id: Number(event.id) };
  }
}

async function all(events: AsyncGenerator<Event>): Promise<Event[]> {
  const seen: Event[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

describe('GET /v1/agents/{id}/runs/{run_id}/events', () => {
  test('shows what is stored, then what is committed, and ends with the run', async () => {
    const { path, run, driven } = await startedRun();
    await driven.model('Let me look.');
    const events = follow(`${path}/events`);
    const next = async () => (await events.next()).value as Event;
    expect(await next()).toMatchObject({
      id: 1,
      event: 'step',
      data: { type: 'model', status: 'done' },
    });
    const starting = next();
    await driven.toolStarts('look-up', '{"id":"res_123"}');
    expect((await starting).data).toMatchObject({ type: 'tool', status: 'running', output: null });
    await driven.toolEnds('look-up', '{"id":"res_123"}', '{"message":"confirmed"}');
    expect(await next()).toMatchObject({
      id: 3,
      data: {
        step_id: `${run}:2`,
        status: 'done',
        output: { message: 'confirmed' },
        tool_call_id: 'call_1',
      },
    });
    await driven.ends();
    expect(await next()).toMatchObject({
      id: 4,
      event: 'end',
      data: { id: run, status: 'completed', disposition: 'resolved', total_cost: 0.0125 },
    });
    expect((await events.next()).done).toBe(true);
  });

  test('resumes after Last-Event-ID, by header or query, with steps whole', async () => {
    const { path, driven } = await startedRun();
    await driven.model('Let me look.');
    await driven.toolStarts('look-up', '{"id":1}');
    await driven.toolEnds('look-up', '{"id":1}', '{"message":"confirmed"}');
    await driven.ends();
    const whole = await all(follow(`${path}/events`));
    expect(whole.map(({ id, event }) => [id, event])).toEqual([
      [1, 'step'],
      [2, 'step'],
      [3, 'step'],
      [4, 'end'],
    ]);
    expect(await all(follow(`${path}/events`, { 'Last-Event-ID': '2' }))).toEqual(whole.slice(2));
    expect(await all(follow(`${path}/events?last_event_id=3`))).toEqual(whole.slice(3));
    expect(await all(follow(`${path}/events`, { 'Last-Event-ID': '4' }))).toEqual(whole.slice(3));
  });

  test.each(['x', '-1', '1.5', '99999999999'])('a Last-Event-ID of %s is 400', async (id) => {
    const { path } = await startedRun();
    const answer = await api.request('GET', `${path}/events?last_event_id=${id}`);
    expect(answer.status).toBe(400);
  });

  test('a cancel ends the stream', async () => {
    const { path, driven } = await startedRun();
    await driven.toolStarts('look-up', '{}');
    const events = follow(`${path}/events`);
    await events.next();
    await api.request('POST', `${path}/cancel`);
    const rest = await all(events);
    expect(rest.map(({ event, data }) => [event, data.status])).toEqual([
      ['step', 'cancelled'],
      ['end', 'failed'],
    ]);
  });
});

describe('?wait', () => {
  test('answers with the run when it ends in time', async () => {
    const { agent } = await createApiObjects(api, api.workspace.id);
    const waiting = api.request('POST', `/v1/agents/${agent}/run?wait=30`);
    const run = await newestRun(agent);
    await new DrivenRun(api, run).ends();
    const { status, json } = await waiting;
    expect([status, json.data.run]).toEqual([
      200,
      expect.objectContaining({
        id: run,
        status: 'completed',
        output: { resolution: 'confirmed' },
      }),
    ]);
  });

  test('answers as without it when the run takes longer', async () => {
    const { agent } = await createApiObjects(api, api.workspace.id);
    const { status, json } = await api.request('POST', `/v1/agents/${agent}/run?wait=1`);
    expect([status, json.data.dispatched, 'run' in json.data]).toEqual([200, true, false]);
  });

  test.each(['-1', '61', 'soon'])('%s seconds are 400', async (wait) => {
    const { agent } = await createApiObjects(api, api.workspace.id);
    expect((await api.request('POST', `/v1/agents/${agent}/run?wait=${wait}`)).status).toBe(400);
  });

  /** The run that the dispatch under way has made. */
  async function newestRun(agent: string): Promise<string> {
    for (;;) {
      const { json } = await api.request('GET', `/v1/agents/${agent}/runs`);
      if (json.data.length === 2) return json.data[0].id;
    }
  }
});

test('a stream ends when the server closes, and the run can be followed elsewhere', async () => {
  const { path, driven } = await startedRun();
  await driven.model('Let me look.');
  const events = follow(`${path}/events`);
  await events.next();
  closing.abort();
  expect(await all(events)).toEqual([]);
});
