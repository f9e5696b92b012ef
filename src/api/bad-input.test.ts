import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi, type TestResponse } from '../../test/support/api.ts';
import { type ApiObjects, createApiObjects } from '../../test/support/api-objects.ts';
import { apiRoutes } from './app.ts';
import { maxBodyBytes } from './body.ts';

// What is wrong with a request itself, in both dialects where both have such a request. What the server cannot
// do just now is in unavailable.test.ts.

let api: TestApi;
let own: ApiObjects;
beforeAll(async () => {
  api = await createTestApi();
  own = await createApiObjects(api, api.workspace.id);
});
afterAll(() => api[Symbol.asyncDispose]());

/** A request of the admin, with the workspace named where Neo's dialect takes it. */
function asAdmin(body?: string) {
  const headers = { 'X-Workspace-Id': own.workspace };
  return { token: api.tokens.admin, headers, ...(body === undefined ? {} : { body }) };
}

function sentence(answer: TestResponse): string {
  return typeof answer.json.error === 'string' ? answer.json.error : answer.json.error.message;
}

function withBody(prefix: string) {
  return (
    apiRoutes()
      .map(({ route }) => route)
      // What asks for no token is judged by its URL before its body.
      .filter(
        ({ body, right, path }) =>
          body !== undefined && right !== 'public' && path.startsWith(prefix),
      )
      .map((route) => ({
        method: route.method.toUpperCase(),
        template: route.path,
        // Which is judged before the body.
        namesWorkspace: typeof route.workspace === 'object' && route.workspace.from === 'query',
        bodyRequired: route.bodyRequired === true,
        maxBytes: route.maxBodyBytes ?? maxBodyBytes,
      }))
  );
}

function pathOf({ template, namesWorkspace }: ReturnType<typeof withBody>[number]): string {
  const path = template
    .replace('/custom-tools/{id}', `/custom-tools/${own.tool}`)
    .replace(/\/(schedules|scheduled-work)\/\{[a-z_]+\}/, `/$1/${own.schedule}`)
    .replace('/workspaces/{id}', `/workspaces/${own.workspace}`)
    .replace(/\/agents\/\{[a-z_]+\}/, `/agents/${own.agent}`)
    .replace(/\/executions\/\{[a-z_]+\}/, `/executions/${own.run}`);
  return namesWorkspace ? `${path}?workspace_id=${own.workspace}` : path;
}

const bodies = [...withBody('/v1'), ...withBody('/public-api')];

describe.each(bodies)('$method $template', (given) => {
  const { method, bodyRequired, maxBytes } = given;

  test('refuses what is no JSON object, and says what is wrong where', async () => {
    const broken: [string, string][] = [
      ['{"a": 1', 'line 1, column 8'],
      ['{"a": 1}}', 'line 1, column 9'],
      ['not json', 'line 1, column 1'],
      ['[]', 'JSON object'],
      ['null', 'JSON object'],
      ['"text"', 'JSON object'],
      [`{"a":${'['.repeat(200)}`, 'nested too deeply'],
    ];
    for (const [body, words] of broken) {
      const answer = await api.request(method, pathOf(given), asAdmin(body));
      expect([body, answer.status, sentence(answer)]).toEqual([
        body,
        400,
        expect.stringContaining(words),
      ]);
    }
  });

  test('refuses a body that is too large', async () => {
    const body = `{"a":"${'x'.repeat(maxBytes)}"}`;
    const answer = await api.request(method, pathOf(given), asAdmin(body));
    expect(answer.status).toBe(413);
  });

  test('asks for the body where there must be one', async () => {
    const answer = await api.request(method, pathOf(given), asAdmin());
    if (bodyRequired) expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });
});

describe('paths and methods', () => {
  test.each([
    ['GET', '/v1/nothing', 404],
    ['GET', '/v1/agents/', 404],
    ['GET', '/v2', 404],
    ['GET', '/public-api/nothing', 404],
    ['PUT', '/v1/agents', 405],
    ['OPTIONS', '/v1/agents', 405],
    ['PUT', '/healthz', 405],
  ])('%s %s is %i, with a token or without', async (method, path, status) => {
    for (const token of [api.tokens.write, null]) {
      const answer = await api.request(method, path, { token });
      expect(answer.status).toBe(status);
      expect(sentence(answer)).toMatch(/\S/);
      if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET/);
    }
  });

  test.each(['%00', '%ff', 'a'.repeat(300), '..%2f..', '%F0%9F%92%A5', '0', '-1', "'--"])(
    'an id that is none (%s) is 404',
    async (id) => {
      for (const path of [
        `/v1/agents/${id}`,
        `/v1/agents/${own.agent}/runs/${id}`,
        `/v1/agents/${own.agent}/versions/${id}`,
        `/v1/custom-tools/${id}`,
        `/v1/workspaces/${id}`,
        `/public-api/executions/${id}`,
      ]) {
        expect([path, (await api.request('GET', path)).status]).toEqual([path, 404]);
      }
    },
  );

  test('a run under another agent’s id is 404', async () => {
    const other = await createApiObjects(api, api.workspace.id);
    const answer = await api.request('GET', `/v1/agents/${other.agent}/runs/${own.run}`);
    expect(answer.status).toBe(404);
  });
});

describe('queries', () => {
  test.each([
    ['/v1/agents', 'limit=0', 'limit'],
    ['/v1/agents', 'limit=101', 'limit'],
    ['/v1/agents', 'limit=ten', 'limit'],
    ['/v1/agents', 'limit=', 'limit'],
    ['/v1/agents', 'limit=1&limit=2', 'limit'],
    ['/v1/agents', 'cursor=page-token', 'cursor'],
    ['/v1/agents', 'cursor=', 'cursor'],
    ['/v1/runs', 'status=done', 'status'],
    ['/v1/runs', 'disposition=great', 'disposition'],
    ['/v1/runs', 'from=yesterday', 'from'],
    ['/v1/runs', 'min_cost=-1', 'min_cost'],
    ['/v1/runs', 'min_cost=1e400', 'min_cost'],
    ['/v1/runs', 'q=', 'q'],
    ['/v1/runs', 'q=%00', 'q'],
    ['/v1/runs', 'conversation_id=%00', 'conversation_id'],
  ])('%s?%s is 400 and names %s', async (path, query, field) => {
    const answer = await api.request('GET', `${path}?${query}`);
    expect([answer.status, sentence(answer)]).toEqual([400, expect.stringContaining(field)]);
  });

  test('a cursor is refused with other filters, by another list, and by another workspace', async () => {
    await createApiObjects(api, api.workspace.id);
    const first = await api.request('GET', '/v1/runs?limit=1');
    const cursor = encodeURIComponent(first.json.next_cursor);
    expect(first.json.has_more).toBe(true);
    const ok = await api.request('GET', `/v1/runs?limit=5&cursor=${cursor}`);
    expect(ok.status).toBe(200);
    for (const path of [
      `/v1/runs?status=failed&cursor=${cursor}`,
      `/v1/agents?cursor=${cursor}`,
      `/v1/runs?workspace_id=${api.otherWorkspace.id}&cursor=${cursor}`,
    ]) {
      const answer = await api.request('GET', path, { token: api.tokens.both });
      expect([path, answer.status]).toEqual([path, 400]);
    }
  });

  test('pages show everything once, newest first', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const at: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { json } = await api.request('GET', `/v1/runs?limit=2${at}`);
      seen.push(...json.data.map((run: { id: string }) => run.id));
      cursor = json.next_cursor;
    }
    const all = (await api.request('GET', '/v1/runs?limit=100')).json.data;
    expect(seen).toEqual(all.map((run: { id: string }) => run.id));
  });
});

describe('fields', () => {
  const agent = () => ({
    workspace_id: own.workspace,
    name: 'A',
    description: 'd',
    instructions: 'i',
  });

  test.each([
    [{ name: undefined }, 'name is required'],
    [{ name: '' }, 'name'],
    [{ name: 7 }, 'name must be a string, not a number'],
    [{ operation_mode: 'auto' }, 'operation_mode must be one of'],
    [{ custom_response_delay_ms: -1 }, 'custom_response_delay_ms must be at least 0'],
    [{ limits: { max_step: 3 } }, 'max_step'],
    [
      { triggers: [{ name: 'T', type: 'cron', config: { expression: 'daily' } }] },
      'triggers[0].config.expression',
    ],
    [{ triggers: [{ name: 'T', type: 'webhook', config: { verfy: 'none' } }] }, 'verfy'],
    [{ triggers: [{ name: 'T', type: 'mail', config: {} }] }, 'triggers[0].type'],
    [{ output_schema: [{ name: 'x', type: 'text' }] }, 'output_schema[0].type'],
    [{ workspace_id: undefined }, 'workspace_id'],
  ])('POST /v1/agents with %j is 400 and says %s', async (fields, words) => {
    const before = (await api.request('GET', '/v1/agents?limit=100')).json.data.length;
    const answer = await api.request('POST', '/v1/agents', { body: { ...agent(), ...fields } });
    expect([answer.status, sentence(answer)]).toEqual([400, expect.stringContaining(words)]);
    expect((await api.request('GET', '/v1/agents?limit=100')).json.data).toHaveLength(before);
  });

  test('the workspace of a body is judged like one of a query', async () => {
    for (const [workspace_id, status, error] of [
      ['nonsense', 400, 'Invalid workspace id'],
      [null, 400, 'Invalid workspace id'],
      [7, 400, 'Invalid workspace id'],
      [api.otherWorkspace.id, 403, expect.any(String)],
    ]) {
      const answer = await api.request('POST', '/v1/agents', {
        body: { ...agent(), workspace_id },
      });
      expect([answer.status, answer.json]).toEqual([status, { error }]);
    }
  });

  test('what Postgres cannot store as it is comes back as it was given', async () => {
    const name = 'a\u0000b\ud800c\ue000';
    const { status, json } = await api.request('POST', '/v1/agents', {
      body: { ...agent(), name },
    });
    expect([status, json.data.name]).toEqual([201, name]);
  });

  test('unknown fields of an agent are ignored, those of a tool are refused', async () => {
    const made = await api.request('POST', '/v1/agents', { body: { ...agent(), colour: 'red' } });
    expect([made.status, 'colour' in made.json.data]).toEqual([201, false]);
    const tool = {
      workspace_id: own.workspace,
      name: 'x',
      language: 'python',
      code: 'c',
      colour: 1,
    };
    const refused = await api.request('POST', '/v1/custom-tools', { body: tool });
    expect([refused.status, sentence(refused)]).toEqual([400, expect.stringContaining('colour')]);
  });

  test('arguments that do not fit the tool are 400 with the field', async () => {
    for (const [parameters, words] of [
      [{ order_id: 7 }, 'parameters.order_id'],
      [{ other: 'x' }, 'parameters.other'],
      [JSON.parse('{"__proto__": {"x": 1}}'), '__proto__'],
    ]) {
      const answer = await api.request('POST', `/v1/custom-tools/${own.tool}/run`, {
        body: { parameters },
      });
      expect([answer.status, sentence(answer)]).toEqual([400, expect.stringContaining(words)]);
    }
  });
});

describe('states', () => {
  test('a run is cancelled once, and retried only after its end', async () => {
    const { agent, run } = await createApiObjects(api, api.workspace.id);
    const path = `/v1/agents/${agent}/runs/${run}`;
    expect((await api.request('POST', `${path}/retry`)).status).toBe(409);
    const cancelled = await api.request('POST', `${path}/cancel`);
    expect([cancelled.status, cancelled.json.data]).toEqual([
      200,
      expect.objectContaining({ status: 'failed', stop_reason: 'cancelled', disposition: null }),
    ]);
    expect(cancelled.json.data.error).toMatch(/^Cancelled by /);
    expect((await api.request('POST', `${path}/cancel`)).status).toBe(409);
    const retried = await api.request('POST', `${path}/retry`);
    expect([retried.status, retried.json.data.retry_of]).toEqual([201, run]);
  });

  test('a name that is taken is 409, and nothing is stored', async () => {
    const body = { workspace_id: own.workspace, name: 'twice', language: 'python', code: 'c' };
    expect((await api.request('POST', '/v1/custom-tools', { body })).status).toBe(201);
    expect((await api.request('POST', '/v1/custom-tools', { body })).status).toBe(409);
  });

  test('a workspace that holds something is not deleted', async () => {
    const path = `/v1/workspaces/${own.workspace}`;
    expect((await api.request('DELETE', path, { token: api.tokens.admin })).status).toBe(409);
  });
});
