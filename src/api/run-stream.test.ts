import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { createApiObjects } from '../../test/support/api-objects.ts';
import { DrivenRun, drivenByTest } from '../../test/support/driven-run.ts';
import { type FollowedEvent, followEvents } from '../../test/support/follow-events.ts';
import { writeChunks } from '../store/run-chunks.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi({ engine: drivenByTest });
});
afterAll(() => api[Symbol.asyncDispose]());

async function started(dialect: '/v1' | '/public-api') {
  const { agent, run } = await createApiObjects(api, api.workspace.id);
  return {
    path:
      dialect === '/v1'
        ? `/v1/agents/${agent}/runs/${run}/events`
        : `/public-api/executions/${run}/events`,
    driven: new DrivenRun(api, run),
    /** As the run's owner writes it. */
    says: async (attempt: number, n: number, text: string) => {
      await writeChunks(api.deps.db, [{ runId: run, seq: 1, attempt, n, text }]);
      api.deps.commits.emit(run);
    },
  };
}

test.each(['/v1', '/public-api'] as const)(
  'text of a model is streamed, taken back and replaced in %s',
  async (dialect) => {
    const { path, driven, says } = await started(dialect);
    await says(101, 1, 'Let ');
    const events = followEvents(api, path);
    const next = async () => (await events.next()).value as FollowedEvent;
    expect(await next()).toEqual({
      id: '1.101.1',
      event: 'text',
      data: { seq: 1, attempt: 101, text: 'Let ' },
    });
    await says(101, 2, 'me');
    expect(await next()).toMatchObject({ id: '1.101.2', data: { text: 'me' } });
    await says(102, 1, 'Hello');
    expect(await next()).toEqual({ id: '0', event: 'reset', data: { seq: 1, attempt: 101 } });
    expect(await next()).toMatchObject({ id: '1.102.1', event: 'text' });
    await driven.model('Hello');
    expect(await next()).toMatchObject({ id: '1', event: 'step' });
    await driven.ends();
    expect(await next()).toMatchObject({ id: '2', event: 'end' });
    const resumed = [];
    for await (const { id, event } of followEvents(api, path, { 'Last-Event-ID': '1.101.2' })) {
      resumed.push([id, event]);
    }
    expect(resumed).toEqual([
      ['1', 'step'],
      ['2', 'end'],
    ]);
  },
);

test('steps and the end are shown as /public-api shows them elsewhere', async () => {
  const { path, driven } = await started('/public-api');
  await driven.model('Let me look.');
  await driven.toolStarts('look-up', '{"id":1}');
  await driven.toolEnds('look-up', '{"id":1}', '{"message":"confirmed"}');
  await driven.ends();
  const shown = [];
  for await (const { id, event, data } of followEvents(api, path)) {
    shown.push([id, event, data.type ?? data.status]);
  }
  expect(shown).toEqual([
    ['1', 'step', 'THOUGHT'],
    ['2', 'step', 'TOOL_CALL'],
    ['3', 'step', 'TOOL_RESULT'],
    ['4', 'end', 'success'],
  ]);
});

test.each(['1.1', '0.1.1', '1.2.3.4', '1.-1.2'])('%s is no id of an event', async (id) => {
  const { path } = await started('/v1');
  const answer = await api.request('GET', `${path}?last_event_id=${id}`);
  expect([answer.status, answer.json.error]).toEqual([
    400,
    expect.stringContaining('Last-Event-ID'),
  ]);
});

test('a stream shows nothing more and ends when its token is revoked', async () => {
  const { path, says } = await started('/v1');
  const { admin: token } = api.tokens;
  const made = await api.request('POST', '/v1/tokens', {
    token,
    body: { name: 'Reader', access: 'read', workspace_ids: [api.workspace.id] },
  });
  const authorization = `Bearer ${made.json.data.token}`;
  const events = followEvents(api, path, { Authorization: authorization });
  await says(101, 1, 'seen');
  expect((await events.next()).value).toMatchObject({ data: { text: 'seen' } });
  await api.request('DELETE', `/v1/tokens/${made.json.data.id}`, { token });
  const until = performance.now() + 20_000;
  let last: IteratorResult<unknown> = { value: null };
  for (let n = 2; last.done !== true && performance.now() < until; n++) {
    await says(101, n, 'more');
    last = await events.next();
  }
  expect(last.done).toBe(true);
});
