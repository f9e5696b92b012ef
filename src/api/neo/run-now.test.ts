import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { addAgent, cron, message, runNow, webhook } from '../../../test/support/neo.ts';
import { openDatabase } from '../../store/connect.ts';
import { getRun } from '../../store/runs.ts';
import { createApi } from '../app.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function executionsOf(number: string): Promise<readonly { execution_id: string }[]> {
  return (await api.request('GET', `/public-api/executions?agent_id=${number}`)).json.data;
}

function code({ status, json }: { status: number; json: { error: { code: string } } }) {
  return [status, json.error.code];
}

describe('run-now', () => {
  test('answers 202 with an execution that can be read at once, by either id of the agent', async () => {
    const agent = await addAgent(api);
    for (const id of [agent.number, agent.id]) {
      const body = { target_entity_id: 'ticket-1', additional_custom_instructions: 'Be brief.' };
      const { status, json } = await runNow(api, id, { body });
      expect(status).toBe(202);
      expect(json.data).toEqual({
        execution_id: expect.stringMatching(/^run_[0-9a-z]{32}$/),
        status: 'queued',
      });
      const read = await api.request('GET', `/public-api/executions/${json.data.execution_id}`);
      expect(read.json.data).toMatchObject({
        execution_id: json.data.execution_id,
        agent_id: Number(agent.number),
        agent_name: 'Dispatcher',
        entity_id: 'ticket-1',
        status: 'queued',
        additional_custom_instructions: 'Be brief.',
      });
    }
  });

  test('gives the entity to the agent as its payload', async () => {
    const agent = await addAgent(api, { triggers: [cron, webhook] });
    const body = { target_entity_id: 'a "quoted" \u0000 one' };
    const { json } = await runNow(api, agent.number, { body });
    const run = await getRun(api.deps.db, 'all', json.data.execution_id);
    expect(run).toMatchObject({ triggerType: 'webhook', entityId: body.target_entity_id });
    expect(JSON.parse(run?.payloadJson ?? '')).toEqual({ entity_id: body.target_entity_id });
  });

  test.each([
    ['no body', undefined],
    ['an empty text', ''],
    ['an empty object', {}],
    ['nulls', { target_entity_id: null, additional_custom_instructions: null }],
  ])('runs the schedule of an agent that has one, with %s', async (_, body) => {
    const agent = await addAgent(api, { triggers: [webhook, cron] });
    const { status, json } = await runNow(api, agent.number, { body });
    expect(status).toBe(202);
    expect(await getRun(api.deps.db, 'all', json.data.execution_id)).toMatchObject({
      triggerType: 'cron',
      payloadJson: '{}',
      entityId: null,
      additionalInstructions: null,
    });
  });

  test.each([
    ['only message triggers', { triggers: [message] }, [400, 'invalid_for_conversational']],
    ['no trigger', { triggers: [] }, [400, 'invalid_for_conversational']],
    ['an agent that is disabled', { enabled: false }, [409, 'agent_disabled']],
    ['an agent that is inactive', { operation_mode: 'inactive' }, [409, 'agent_disabled']],
    ['no entity and no schedule', {}, [422, 'target_entity_required']],
    [
      'no entity and a disabled schedule',
      { triggers: [webhook, { ...cron, enabled: false }] },
      [422, 'target_entity_required'],
    ],
  ])('refuses %s', async (_, fields, expected) => {
    const agent = await addAgent(api, fields);
    expect(code(await runNow(api, agent.number, { body: {} }))).toEqual(expected);
    expect(await executionsOf(agent.number)).toEqual([]);
  });

  test('refuses an entity when nothing that takes one is enabled', async () => {
    const agent = await addAgent(api, { triggers: [{ ...webhook, enabled: false }, cron] });
    const answer = await runNow(api, agent.number, { body: { target_entity_id: 'x' } });
    expect(code(answer)).toEqual([422, 'trigger_not_dispatchable']);
  });

  test('warns of fields that it does not know, and ignores them', async () => {
    const agent = await addAgent(api);
    const body = { target_entity_id: 'x', priority: 1 };
    const { status, json } = await runNow(api, agent.number, { body });
    expect([status, json.meta.warnings]).toEqual([202, ['Unknown field ignored: priority']]);
  });
});

describe('bad input of run-now', () => {
  let agent: Awaited<ReturnType<typeof addAgent>>;
  beforeAll(async () => {
    agent = await addAgent(api);
  });

  test.each([
    ['broken JSON', '{"target_entity_id": '],
    ['an array', '[]'],
    ['a text', '"x"'],
    ['too many levels', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`],
  ])('%s is 400', async (_, body) => {
    const answer = await runNow(api, agent.number, { body });
    expect(code(answer)).toEqual([400, 'malformed_request']);
  });

  test.each([
    [{ target_entity_id: 4711 }, 'target_entity_id'],
    [{ target_entity_id: '' }, 'target_entity_id'],
    [{ target_entity_id: 'x'.repeat(256) }, 'target_entity_id'],
    [
      { target_entity_id: 'x', additional_custom_instructions: ['y'] },
      'additional_custom_instructions',
    ],
  ])('a wrong value is 422 and names its field: %j', async (body, field) => {
    const answer = await runNow(api, agent.number, { body });
    expect(code(answer)).toEqual([422, 'validation_error']);
    expect(answer.json.error.details).toEqual({ [field]: expect.stringMatching(/^must /) });
  });

  test('a body over 1 MiB is 413', async () => {
    const body = { target_entity_id: 'x', additional_custom_instructions: 'x'.repeat(1_048_576) };
    expect(code(await runNow(api, agent.number, { body }))).toEqual([413, 'payload_too_large']);
  });

  test.each([
    '0',
    '-1',
    '1.5',
    '999999999',
    '9'.repeat(30),
    'ag00000000000000000000000000000x',
    '%00',
    'x'.repeat(300),
  ])('no agent has the id %s', async (id) => {
    expect(code(await runNow(api, id, { body: {} }))).toEqual([404, 'not_found']);
  });

  test.each([
    ['none', null, 401],
    ['an unknown one', 'neo_sk_prod_0000000000000000000000000000000000000000', 401],
    ['one that may only read', 'read', 403],
    ['one of another workspace', 'other', 404],
  ])('token: %s', async (_, name, status) => {
    const token = name === 'read' || name === 'other' ? api.tokens[name] : name;
    const answer = await runNow(api, agent.number, { token, body: { target_entity_id: 'x' } });
    expect(answer.status).toBe(status);
  });

  test('another method is 405, and another path 404', async () => {
    const answer = await api.request('GET', `/public-api/agents/${agent.number}/run-now`);
    expect(code(answer)).toEqual([405, 'method_not_allowed']);
    expect(code(await api.request('POST', '/public-api/nothing'))).toEqual([404, 'not_found']);
  });

  test('leaves no execution behind', async () => {
    expect(await executionsOf(agent.number)).toEqual([]);
  });
});

describe('the workspace of run-now', () => {
  test('is the agent’s, and a named one is judged first', async () => {
    const agent = await addAgent(api);
    const named = (id: string, token: string) =>
      runNow(api, agent.number, {
        token,
        body: { target_entity_id: 'x' },
        headers: { 'X-Workspace-Id': id },
      });
    const { write, both, admin } = api.tokens;
    expect(code(await named('nonsense', write))).toEqual([400, 'validation_error']);
    expect(code(await named(api.otherWorkspace.id, write))).toEqual([403, 'forbidden']);
    expect(code(await named(api.otherWorkspace.id, both))).toEqual([404, 'not_found']);
    expect((await named(api.workspace.id, both)).status).toBe(202);
    for (const token of [both, admin]) {
      const unnamed = await runNow(api, agent.number, { token, body: { target_entity_id: 'x' } });
      expect(unnamed.status).toBe(202);
    }
  });
});

describe('Idempotency-Key of run-now', () => {
  test('a repeat gets the first answer and starts nothing, even when the agent is disabled since', async () => {
    const agent = await addAgent(api);
    const request = { body: { target_entity_id: 'x' }, headers: { 'Idempotency-Key': 'once' } };
    const first = await runNow(api, agent.number, request);
    await api.request('PATCH', `/v1/agents/${agent.id}`, { body: { enabled: false } });
    const second = await runNow(api, agent.number, request);
    expect([second.status, second.json.data]).toEqual([202, first.json.data]);
    expect(await executionsOf(agent.number)).toHaveLength(1);
  });

  test('requests at the same time share one execution', async () => {
    const agent = await addAgent(api);
    const request = { body: { target_entity_id: 'x' }, headers: { 'Idempotency-Key': 'together' } };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => runNow(api, agent.number, request)),
    );
    expect(new Set(answers.map(({ json }) => json.data.execution_id)).size).toBe(1);
    expect(await executionsOf(agent.number)).toHaveLength(1);
  });

  test('another body or agent under the same key is 409', async () => {
    const agent = await addAgent(api);
    const another = await addAgent(api);
    const headers = { 'Idempotency-Key': 'mine' };
    await runNow(api, agent.number, { body: { target_entity_id: 'x' }, headers });
    for (const [id, entity] of [
      [agent.number, 'y'],
      [another.number, 'x'],
    ] as const) {
      const answer = await runNow(api, id, { body: { target_entity_id: entity }, headers });
      expect(code(answer)).toEqual([409, 'idempotency_conflict']);
    }
  });
});

describe('what run-now answers when it cannot', () => {
  test('429 with Retry-After over the limit, which every answer shows', async () => {
    await using limited = await createTestApi({ rateLimit: 2 });
    const first = await runNow(limited, '1');
    expect(first.headers.get('x-ratelimit-limit')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    expect(Number(first.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1_000);
    await runNow(limited, '1');
    const third = await runNow(limited, '1');
    expect(code(third)).toEqual([429, 'rate_limited']);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('500 without a text of its own when we fail', async () => {
    const agent = await addAgent(api);
    const failing = createApi({
      ...api.deps,
      models: {
        ...api.deps.models,
        whyUnusable: () => {
          throw new Error('a secret of ours');
        },
      },
    });
    const answer = await runNow({ request: requestOf(failing) }, agent.number, {
      body: { target_entity_id: 'x' },
    });
    expect(code(answer)).toEqual([500, 'internal_error']);
    expect(answer.text).not.toContain('secret');
  });

  test('503 with Retry-After when the database is away', async () => {
    const url = 'postgresql://nobody@127.0.0.1:1/nowhere';
    await using away = openDatabase({ kind: 'url', url }, { max: 1 });
    const answer = await runNow({ request: requestOf(createApi({ ...api.deps, db: away })) }, '1', {
      body: {},
    });
    expect(code(answer)).toEqual([503, 'unavailable']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('422 when the agent’s model cannot be used', async () => {
    const agent = await addAgent(api);
    const models = { ...api.deps.models, whyUnusable: () => 'no key is set' };
    const answer = await runNow(
      { request: requestOf(createApi({ ...api.deps, models })) },
      agent.number,
      { body: { target_entity_id: 'x' } },
    );
    expect(code(answer)).toEqual([422, 'unprocessable']);
  });

  function requestOf(app: TestApi['app']): TestApi['request'] {
    return async (method, path, { body, token = api.tokens.write } = {}) => {
      const response = await app.request(path, {
        method,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      const { status, headers } = response;
      return { status, headers, text, json: JSON.parse(text) };
    };
  }
});
