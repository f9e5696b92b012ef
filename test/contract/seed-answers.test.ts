import { afterAll, beforeAll, expect, test } from 'vitest';
import { SandboxBusy } from '../../src/core/sandbox.ts';
import {
  createTestApi,
  stubSandbox,
  type TestApi,
  type TestRequest,
  type TestResponse,
} from '../support/api.ts';
import { type ApiObjects, createApiObjects } from '../support/api-objects.ts';
import { DrivenRun, drivenByTest } from '../support/driven-run.ts';
import { readSeed, validatorOf } from '../support/openapi.ts';

// What the server really answers to the seed operations, success and every error that the seeds name,
// against the seeds' own schemas.

let api: TestApi;
let own: ApiObjects;
let ended: ApiObjects;
let kinds: Readonly<Record<'conversational' | 'disabled' | 'webhookOnly' | 'failing', string>>;

beforeAll(async () => {
  const sandbox = stubSandbox({
    run: async (call) =>
      call.code.includes('raise')
        ? { ok: false, failure: 'threw', error: 'ValueError: no', logs: 'printed\n', runTimeMs: 2 }
        : { ok: true, message: 'done', resultJson: '{"message":"done"}', logs: null, runTimeMs: 1 },
  });
  api = await createTestApi({ engine: drivenByTest, sandbox });
  own = await createApiObjects(api, api.workspace.id);
  ended = await createApiObjects(api, api.workspace.id);
  const driven = new DrivenRun(api, ended.run);
  await driven.model('Let me look.');
  await driven.toolStarts('look-up', input);
  await driven.toolEnds('look-up', input, output);
  await driven.ends();
  kinds = {
    conversational: await agentWith({ triggers: [{ name: 'T', type: 'message', config: {} }] }),
    disabled: await agentWith({ triggers: [webhook], enabled: false }),
    webhookOnly: await agentWith({ triggers: [webhook] }),
    failing: await failingTool(),
  };
});
afterAll(() => api[Symbol.asyncDispose]());

// Order of keys and digits that no JavaScript object would keep.
const input = '{"reservation_id":"res_123","2":1,"1":12345678901234567890}';
const output = '{"message":"confirmed","rawData":{"z":1.0,"0":1}}';

const webhook = { name: 'T', type: 'webhook', config: {} };

async function agentWith(fields: object): Promise<string> {
  const body = {
    workspace_id: own.workspace,
    name: 'A',
    description: 'd',
    instructions: 'i',
    ...fields,
  };
  return (await api.request('POST', '/v1/agents', { body })).json.data.id;
}

async function failingTool(): Promise<string> {
  const code = 'def main():\n    raise ValueError("no")\n    return {}\n';
  const body = { workspace_id: own.workspace, name: 'failing', language: 'python', code };
  return (await api.request('POST', '/v1/custom-tools', { body })).json.data.id;
}

interface Case {
  readonly status: number;
  readonly path: () => string;
  readonly send?: () => TestRequest;
  /** What a success must show for the case to be worth anything. */
  readonly shows?: object;
}

const nowhere = 'ws00000000000000000000000000000x'.slice(0, 32);
const unknown = (kind: string) => `${kind}${'0'.repeat(30)}`;
const withQuery = (path: string) => [
  { status: 400, path: () => `${path}?workspace_id=nonsense` },
  { status: 400, path: () => `${path}?workspace_id=${nowhere}` },
  { status: 401, path: () => path, send: () => ({ token: null }) },
  { status: 403, path: () => `${path}?workspace_id=${api.otherWorkspace.id}` },
];

const runPath = () => `/v1/agents/${own.agent}/run`;
const toolPath = () => `/v1/custom-tools/${own.tool}/run`;
const runNow = (agent: string) => `/public-api/agents/${agent}/run-now`;
const entity = (more: TestRequest = {}) => ({ body: { target_entity_id: 'T1' }, ...more });

const operations: Readonly<
  Record<string, { readonly method: string; readonly path: string; readonly cases: () => Case[] }>
> = {
  '000-run-agent': {
    method: 'post',
    path: '/v1/agents/{id}/run',
    cases: () => [
      {
        status: 200,
        path: runPath,
        shows: { data: { dispatched: true, trigger_type: 'webhook' } },
      },
      ...withQuery(runPath()),
      { status: 400, path: runPath, send: () => ({ body: '{"payload":' }) },
      { status: 403, path: runPath, send: () => ({ token: api.tokens.read }) },
      { status: 404, path: () => `/v1/agents/${unknown('ag')}/run` },
      { status: 422, path: () => `/v1/agents/${kinds.conversational}/run` },
      { status: 422, path: () => `/v1/agents/${kinds.disabled}/run` },
    ],
  },
  '002-get-agent-run': {
    method: 'get',
    path: '/v1/agents/{id}/runs/{run_id}',
    cases: () => [
      {
        status: 200,
        path: () => `/v1/agents/${ended.agent}/runs/${ended.run}`,
        shows: {
          data: {
            status: 'completed',
            disposition: 'resolved',
            token_usage: { input: 20, output: 5 },
            total_cost: 0.0125,
            tool_trace: [
              {
                name: 'look-up',
                input: { reservation_id: 'res_123' },
                output: { message: 'confirmed' },
                error: null,
              },
            ],
          },
        },
      },
      {
        status: 200,
        path: () => `/v1/agents/${own.agent}/runs/${own.run}`,
        shows: {
          data: { disposition: null, completed_at: null, duration_ms: null, tool_trace: [] },
        },
      },
      ...withQuery(`/v1/agents/${own.agent}/runs/${own.run}`),
      { status: 404, path: () => `/v1/agents/${own.agent}/runs/${unknown('ar')}` },
    ],
  },
  '003-get-agent': {
    method: 'get',
    path: '/v1/agents/{id}',
    cases: () => [
      {
        status: 200,
        path: () => `/v1/agents/${own.agent}`,
        shows: { data: { version: 'v2', guardrails: [{}], output_schema: [{}], triggers: [{}] } },
      },
      ...withQuery(`/v1/agents/${own.agent}`),
      { status: 404, path: () => `/v1/agents/${unknown('ag')}` },
    ],
  },
  '004-run-custom-tool': {
    method: 'post',
    path: '/v1/custom-tools/{id}/run',
    cases: () => [
      {
        status: 200,
        path: toolPath,
        shows: { data: { success: true, result: { message: 'done' } } },
      },
      {
        status: 200,
        path: () => `/v1/custom-tools/${kinds.failing}/run`,
        shows: { data: { success: false, result: null, message: null, logs: 'printed\n' } },
      },
      { status: 400, path: toolPath, send: () => ({ body: { workspace_id: 'nonsense' } }) },
      { status: 400, path: toolPath, send: () => ({ body: { parameters: { order_id: 7 } } }) },
      { status: 401, path: toolPath, send: () => ({ token: null }) },
      { status: 403, path: toolPath, send: () => ({ token: api.tokens.read }) },
      {
        status: 403,
        path: toolPath,
        send: () => ({ body: { workspace_id: api.otherWorkspace.id } }),
      },
      { status: 404, path: () => `/v1/custom-tools/${unknown('kg')}/run` },
    ],
  },
  '001-run-now': {
    method: 'post',
    path: '/public-api/agents/{agent_id}/run-now',
    cases: () => [
      {
        status: 202,
        path: () => runNow(own.agent),
        send: entity,
        shows: { data: { execution_id: expect.stringMatching(/^run_/), status: 'queued' } },
      },
      { status: 400, path: () => runNow(kinds.conversational), send: entity },
      { status: 400, path: () => runNow(own.agent), send: () => ({ body: '{' }) },
      { status: 401, path: () => runNow(own.agent), send: () => ({ token: null }) },
      {
        status: 403,
        path: () => runNow(own.agent),
        send: () => entity({ token: api.tokens.read }),
      },
      { status: 404, path: () => runNow(unknown('ag')), send: entity },
      { status: 409, path: () => runNow(kinds.disabled), send: entity },
      { status: 422, path: () => runNow(kinds.webhookOnly) },
      {
        status: 422,
        path: () => runNow(own.agent),
        send: () => ({ body: { target_entity_id: 7 } }),
      },
    ],
  },
};

test.each(Object.entries(operations))(
  '%s: every answer is as the seed has it',
  async (name, operation) => {
    const method = operation.method.toUpperCase();
    const seen = new Set<number>();
    for (const { status, path, send, shows } of operation.cases()) {
      const answer = await api.request(method, path(), send?.());
      expect([path(), answer.status], answer.text).toEqual([path(), status]);
      expectSeed(name, answer);
      if (shows !== undefined) expect(answer.json).toMatchObject(shows);
      seen.add(status);
    }
    await expectRest(name, { method, path: operation.cases()[0]?.path() ?? '', seen });
  },
);

/** Answers that need a server in another state: limited, full, broken. */
async function expectRest(
  name: string,
  {
    method,
    path,
    seen,
  }: { readonly method: string; readonly path: string; readonly seen: Set<number> },
): Promise<void> {
  await using limited = await createTestApi({ rateLimit: 1 });
  await limited.request(method, path);
  const refused = await limited.request(method, path);
  expect([name, refused.status]).toEqual([name, 429]);
  expectSeed(name, refused);
  seen.add(429);
  const broken = { ...api.deps.logger };
  if (name === '001-run-now') {
    await using failing = await createTestApi({
      models: {
        ...api.deps.models,
        whyUnusable: () => {
          throw new Error('ours');
        },
      },
      logger: broken,
    });
    const { agent } = await objectsWithoutRun(failing);
    const answer = await failing.request('POST', runNow(agent), entity());
    expect(answer.status).toBe(500);
    expectSeed(name, answer);
    seen.add(500);
  }
  const named = Object.keys(operationOf(name).responses).map(Number);
  expect([...seen].sort()).toEqual(named.sort());
}

async function objectsWithoutRun(on: TestApi): Promise<{ readonly agent: string }> {
  const body = {
    workspace_id: on.workspace.id,
    name: 'A',
    description: 'd',
    instructions: 'i',
    triggers: [webhook],
  };
  return { agent: (await on.request('POST', '/v1/agents', { body })).json.data.id };
}

test('a trace and its steps show what a tool was given and gave, character by character', async () => {
  const path = `/v1/agents/${ended.agent}/runs/${ended.run}`;
  for (const answer of [
    await api.request('GET', path),
    await api.request('GET', `${path}/steps`),
    await api.request('GET', `/public-api/executions/${ended.run}/steps`),
  ]) {
    expect(answer.text).toContain(`"input":${input}`);
    expect(answer.text).toContain(`"output":${output}`);
  }
});

test('the check itself finds a field that is missing, null or of another type', () => {
  const { schema = {} } =
    operationOf('000-run-agent').responses[200]?.content?.['application/json'] ?? {};
  const validate = validatorOf(readSeed('000-run-agent'), schema);
  const data = { dispatched: true, trigger_id: 'tr', trigger_type: 'cron' };
  expect(validate({ data })).toBe(true);
  for (const wrong of [
    { trigger_id: undefined },
    { trigger_id: null },
    { trigger_type: 'message' },
  ]) {
    expect(validate(JSON.parse(JSON.stringify({ data: { ...data, ...wrong } })))).toBe(false);
  }
});

test('a full sandbox is told as the seed tells of limits', async () => {
  let isFull = false;
  const free = stubSandbox();
  const sandbox = stubSandbox({
    run: (call) => (isFull ? Promise.reject(new SandboxBusy('full')) : free.run(call)),
  });
  await using full = await createTestApi({ sandbox });
  const { tool } = await createApiObjects(full, full.workspace.id);
  isFull = true;
  const answer = await full.request('POST', `/v1/custom-tools/${tool}/run`);
  expect(answer.status).toBe(429);
  expectSeed('004-run-custom-tool', answer);
});

function operationOf(name: string) {
  const operation = operations[name];
  const found = readSeed(name).paths[operation?.path ?? '']?.[operation?.method ?? ''];
  if (found === undefined) throw new Error(`${name} has no such operation`);
  return found;
}

function expectSeed(name: string, { status, json }: TestResponse): void {
  const schema = operationOf(name).responses[status]?.content?.['application/json']?.schema;
  if (schema === undefined) throw new Error(`${name} names no ${status}`);
  const validate = validatorOf(readSeed(name), schema);
  expect([status, validate(json), validate.errors]).toEqual([status, true, null]);
}
