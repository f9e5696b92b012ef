import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { startEveryProvider } from '../../test/support/every-provider.ts';
import {
  type FakeProvider,
  fakeApiKey,
  startFakeProvider,
} from '../../test/support/fake-provider.ts';
import { createInstantClock } from '../../test/support/instant-clock.ts';
import { modelProviders } from '../core/model-entry.ts';
import { createModelClient } from '../models/client.ts';
import { stepsOf } from '../runs/steps.ts';
import { addressesIn, isPublicAddress } from '../sandbox/egress/address.ts';
import { createGuard } from '../sandbox/egress/guard.ts';
import { readJournal } from '../store/journal.ts';
import { createModelFetch } from './guarded-fetch.ts';
import { ModelLimiter } from './model-limiter.ts';
import { createWorkspaceModels, type RegistryClient } from './workspace-models.ts';

const isPrivateAllowed = addressesIn(['127.0.0.1']);
const reach = { isPublic: isPublicAddress, isPrivateAllowed, hasPrivate: true };

let api: TestApi;
let fake: FakeProvider;
let client: RegistryClient;
let limiter: ModelLimiter;

beforeAll(async () => {
  fake = await startFakeProvider();
  const own = { db: null as unknown as TestApi['deps']['db'] };
  api = await createTestApi({
    modelRegistry: {
      get db() {
        return own.db;
      },
      reach,
      client: {
        callEntry: (...call) => client.callEntry(...call),
        whyUnusable: (model) => client.whyUnusable(model),
      },
    },
  });
  own.db = api.deps.db;
  limiter = new ModelLimiter({ db: api.deps.db, patienceMs: 100 });
  client = createWorkspaceModels({
    db: api.deps.db,
    secretBox: api.deps.secretBox,
    client: createModelClient({
      clock: createInstantClock(),
      retry: { attempts: 2 },
      providers: { openai: { apiKey: 'the key of the server' } },
      fetch: () => Promise.reject(new Error('The server’s own providers are not asked here.')),
    }),
    fetch: createModelFetch({
      guard: createGuard({ isAllowedAddress: (at) => isPublicAddress(at) || isPrivateAllowed(at) }),
      plainGuard: createGuard({ isAllowedAddress: isPrivateAllowed }),
      authorities: [],
    }),
    limiter,
  });
  await api.request('PUT', '/v1/secrets/FAKE_KEY', { body: { value: fakeApiKey } });
});
afterAll(async () => {
  await limiter[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

const openai = () => ({
  provider: 'openai',
  model: 'gpt-5-mini',
  base_url: `${fake.url}/v1`,
  secret: 'FAKE_KEY',
});

let count = 0;
async function make(fields: object = {}) {
  const body = { name: `m${++count}`, ...openai(), ...fields };
  const made = await api.request('POST', '/v1/models', { body });
  if (made.status !== 201) throw new Error(made.text);
  return made.json.data;
}

describe('a model', () => {
  test('has no NUL in what names it, and is deleted beside agents that have one in their texts', async () => {
    const model = await make();
    await insertAgent(api.deps.db, { instructions: 'a\0b \ud800' }, api.workspace.id);
    const wrong = { name: 'nul', ...openai(), model: 'gpt\0' };
    const refused = await api.request('POST', '/v1/models', { body: wrong });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('model')]);
    const fallback = { body: { fallbacks: ['openai/a\0'] } };
    expect((await api.request('PATCH', `/v1/models/${model.id}`, fallback)).status).toBe(400);
    expect((await api.request('DELETE', `/v1/models/${model.id}`)).status).toBe(200);
  });

  test('is made, read by id and by name, changed, listed and deleted', async () => {
    const model = await make({ description: 'For short answers.', limits: { max_concurrent: 3 } });
    expect(model).toEqual({
      id: expect.stringMatching(/^md[0-9a-z]{30}$/),
      workspace_id: api.workspace.id,
      name: model.name,
      description: 'For short answers.',
      ...openai(),
      key_expires_at: null,
      settings: {},
      limits: { requests_per_minute: null, tokens_per_minute: null, max_concurrent: 3 },
      fallbacks: [],
      fallback_on: expect.arrayContaining(['overloaded', 'rate_limited']),
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const byName = await api.request('GET', `/v1/models/${model.name}`);
    expect(byName.json.data).toEqual(model);
    const asAdmin = () =>
      api.request('GET', `/v1/models/${model.name}`, { token: api.tokens.admin });
    expect((await asAdmin()).json.data).toEqual(model);
    const token = api.tokens.admin;
    const elsewhere = { workspace_id: api.otherWorkspace.id, name: model.name };
    const body = { ...elsewhere, provider: 'openai', model: 'gpt-5' };
    const { json: twin } = await api.request('POST', '/v1/models', { token, body });
    expect((await asAdmin()).status).toBe(404);
    const gone = await api.request('DELETE', `/v1/models/${twin.data.id}`, { token });
    expect(gone.status).toBe(200);
    const patched = await api.request('PATCH', `/v1/models/${model.id}`, {
      body: { model: 'gpt-5', key_expires_at: '2035-04-03T09:00:00Z' },
    });
    expect(patched.json.data).toMatchObject({
      model: 'gpt-5',
      key_expires_at: '2035-04-03T09:00:00.000Z',
      limits: { max_concurrent: 3 },
    });
    const list = await api.request('GET', '/v1/models?limit=1');
    expect(list.json.data).toHaveLength(1);
    expect(await api.request('DELETE', `/v1/models/${model.id}`)).toMatchObject({ status: 200 });
    expect(await api.request('GET', `/v1/models/${model.id}`)).toMatchObject({ status: 404 });
  });

  test.each([
    [{ name: 'has/slash' }, /name must be 1 to 64/],
    [{ provider: 'nobody' }, /provider must be one of/],
    [{ secret: 'NOT_THERE' }, /secret names no secret.*PUT \/v1\/secrets\/NOT_THERE/],
    [{ secret: null }, /secret is required with base_url/],
    [{ base_url: 'http://10.0.0.1/v1' }, /10\.0\.0\.1.*SIGNALBOX_MODEL_PRIVATE_NETWORKS/],
    [{ base_url: 'https://localhost/v1' }, /must not name this machine/],
    [{ base_url: 'https://a:b@example.com' }, /must not hold credentials/],
    [{ base_url: 'http://93.184.215.14/' }, /must use https/],
    [{ settings: { region: 'eu-central-1' } }, /settings\.region is a setting of bedrock/],
    [{ settings: { tempreture: 1 } }, /settings\.?tempreture|settings/],
    [{ provider: 'azure', base_url: null }, /settings\.resource_name is required/],
    [{ provider: 'azure', settings: { resource_name: 'evil.test/x' } }, /resource_name/],
    [{ provider: 'openai-compatible', base_url: null }, /base_url is required/],
    [{ fallbacks: ['nobody'] }, /fallbacks\[0\] names no model of this workspace/],
    [{ fallbacks: ['anthropic/x'] }, /fallbacks\[0\] cannot be used.*ANTHROPIC_API_KEY/],
    [{ limits: { requests_per_minute: 0 } }, /limits\.requests_per_minute/],
    [{ fallback_on: ['sometimes'] }, /fallback_on\[0\]/],
  ])('is refused with %j', async (change, message) => {
    const body = { name: 'refused', ...openai(), ...change };
    const answer = await api.request('POST', '/v1/models', { body });
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringMatching(message)]);
  });

  test('has a name once, and stays while it is named', async () => {
    const spare = await make();
    const twice = await api.request('POST', '/v1/models', {
      body: { name: spare.name, ...openai() },
    });
    expect([twice.status, twice.json.error]).toEqual([409, expect.stringContaining(spare.name)]);
    const first = await make({ fallbacks: [spare.name] });
    const refused = await api.request('DELETE', `/v1/models/${spare.id}`);
    expect([refused.status, refused.json.error]).toEqual([
      409,
      expect.stringContaining(`model "${first.name}"`),
    ]);
    const { agentId } = await insertAgent(api.deps.db, { model: first.name }, api.workspace.id);
    expect(await api.request('DELETE', `/v1/models/${first.id}`)).toMatchObject({ status: 409 });
    const renamed = await api.request('PATCH', `/v1/models/${first.id}`, {
      body: { name: 'another' },
    });
    expect(renamed.status).toBe(409);
    await api.request('DELETE', `/v1/agents/${agentId}`);
    expect(await api.request('DELETE', `/v1/models/${first.id}`)).toMatchObject({ status: 200 });
  });

  test('is tested with its own key and address, once, and says what is wrong', async () => {
    const model = await make({ settings: { max_output_tokens: 50 } });
    fake.answerWith([{ text: 'pong', usage: { input: 12, output: 3 } }]);
    const before = fake.requests.length;
    const well = await api.request('POST', `/v1/models/${model.id}/test`);
    expect(well.json.data).toMatchObject({
      ok: true,
      text: 'pong',
      token_usage: { input: 12, output: 3 },
      cost_usd: expect.any(Number),
      time_to_first_chunk_ms: expect.any(Number),
      error: null,
    });
    const seen = fake.requests[before];
    expect(seen?.headers.authorization).toBe(`Bearer ${fakeApiKey}`);
    expect(seen?.body).toMatchObject({ model: 'gpt-5-mini', max_completion_tokens: 50 });
    fake.answerWith(() => ({ status: 500, message: 'out of order' }));
    const at = fake.requests.length;
    const ill = await api.request('POST', `/v1/models/${model.id}/test`);
    expect(ill.json.data).toMatchObject({ ok: false, text: null, cost_usd: null });
    expect(ill.json.data.error.message).toMatch(/HTTP 5\d\d/);
    expect(fake.requests.length - at).toBe(1);
    const unkeyed = await make({ provider: 'openai-compatible', secret: null });
    fake.answerWith(() => ({ text: 'pong' }));
    const refused = await api.request('POST', `/v1/models/${unkeyed.id}/test`);
    expect(refused.json.data).toMatchObject({ ok: false, error: { kind: 'unauthorized' } });
    expect(refused.text).not.toContain(fakeApiKey);
  });
});

test('a model of every provider is called at its address with its secret as the key, and counted', async () => {
  await using every = await startEveryProvider({ text: 'pong', usage: { input: 12, output: 3 } });
  const bearer = { authorization: `Bearer ${fakeApiKey}` };
  const region = 'eu-central-1';
  const signed = expect.stringMatching(
    /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d+\/eu-central-1\/bedrock\//,
  );
  const cases: readonly (readonly [string, object, string, string, object])[] = [
    ['openai', {}, '/v1', '/chat/completions', bearer],
    ['openai', { api: 'responses' }, '/v1', '/responses', bearer],
    ['anthropic', {}, '', '/v1/messages', { 'x-api-key': fakeApiKey }],
    ['google', {}, '/v1beta', '/models/m:streamGenerateContent', { 'x-goog-api-key': fakeApiKey }],
    ['azure', {}, '/openai/v1', '/responses', { 'api-key': fakeApiKey }],
    ['azure', { api: 'chat' }, '/openai/v1', '/chat/completions', { 'api-key': fakeApiKey }],
    ['bedrock', { region }, '', '/model/m/converse-stream', bearer],
    [
      'bedrock',
      { region, access_key_id: 'AKIAIOSFODNN7EXAMPLE' },
      '',
      '/model/m/converse-stream',
      { authorization: signed },
    ],
    ['mistral', {}, '/v1', '/chat/completions', bearer],
    ['groq', {}, '/openai/v1', '/chat/completions', bearer],
    ['openrouter', {}, '/api/v1', '/chat/completions', bearer],
    ['openai-compatible', {}, '/v1', '/chat/completions', bearer],
  ];
  expect(new Set(cases.map(([provider]) => provider))).toEqual(new Set(modelProviders));
  for (const [provider, settings, base, path, headers] of cases) {
    const base_url = `${every.url}/${provider}${base}`;
    const model = await make({ provider, model: 'm', base_url, settings });
    const tested = await api.request('POST', `/v1/models/${model.id}/test`);
    expect(tested.json.data, tested.text).toMatchObject({
      ...{ ok: true, text: 'pong', error: null },
      token_usage: { input: 12, output: 3 },
    });
    expect(tested.text).not.toContain(fakeApiKey);
    expect(every.requests.at(-1)).toMatchObject({ path: `/${provider}${base}${path}`, headers });
  }
  expect(every.requests).toHaveLength(cases.length);
});

describe('a run', () => {
  const engineOf = () => startTestEngine({ db: api.deps.db, models: client });
  const runOf = async (definition: Parameters<typeof insertAgent>[1]) => {
    await using engine = await engineOf();
    await engine.start();
    const { agentId } = await insertAgent(api.deps.db, definition, api.workspace.id);
    const id = await engine.dispatch(agentId);
    const run = await engine.ended(id);
    return { run, steps: stepsOf(id, await readJournal(api.deps.db, id)) };
  };

  test('asks the model behind a name, and its trace says which one answered', async () => {
    const model = await make();
    fake.answerWith([{ text: 'Done.', usage: { input: 1_000, output: 100 } }]);
    const { run, steps } = await runOf({ model: model.name });
    expect(run).toMatchObject({ status: 'completed', model: model.name, response: 'Done.' });
    expect(steps[0]).toMatchObject({
      name: 'openai/gpt-5-mini',
      output: { asked_as: model.name },
    });
    // Listed at 0.25 and 2 USD a million.
    expect(run.costUsd).toBeCloseTo((1_000 * 0.25 + 100 * 2) / 1e6, 10);
  });

  test('goes down the chain, in order, and the trace has every failure', async () => {
    const last = await make({ model: 'gpt-5' });
    const second = await make({ model: 'gpt-5-nano', fallbacks: [last.name] });
    const first = await make({ fallbacks: [second.name] });
    fake.answerWith((request) =>
      request.model === 'gpt-5' ? { text: 'The third one.' } : { status: 503, message: 'no room' },
    );
    const { run, steps } = await runOf({ model: first.name });
    expect(run).toMatchObject({ status: 'completed', response: 'The third one.' });
    expect(steps.map((step) => [step.name, step.status])).toEqual([
      [first.name, 'failed'],
      [second.name, 'failed'],
      ['openai/gpt-5', 'done'],
    ]);
  });

  test('does not go down the chain after an error that the model keeps to itself', async () => {
    const spare = await make({ model: 'gpt-5' });
    const first = await make({ fallbacks: [spare.name], fallback_on: ['overloaded'] });
    const before = fake.requests.length;
    fake.answerWith(() => ({ status: 401, message: 'no' }));
    const { run } = await runOf({ model: first.name });
    expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('401') });
    expect(fake.requests.slice(before).map((request) => request.model)).toEqual(['gpt-5-mini']);
  });

  test('fails with a sentence when the name is gone', async () => {
    const { run } = await runOf({ model: 'gone' });
    expect(run).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('no model "gone"'),
    });
  });

  test('costs what the workspace says that its model costs', async () => {
    const model = await make({ model: 'gpt-5-nano' });
    const set = await api.request('POST', '/v1/prices', {
      body: {
        model: 'openai/gpt-5-nano',
        input: 10,
        output: 20,
        cached_input: 1,
        tiers: [{ above_input_tokens: 2_000, input: 100, output: 200 }],
        source: 'our contract',
      },
    });
    expect(set.status).toBe(201);
    fake.answerWith(() => ({ text: 'ok', usage: { input: 1_000, output: 10, cached: 400 } }));
    const { run } = await runOf({ model: model.name });
    expect(run.costUsd).toBeCloseTo((600 * 10 + 400 * 1 + 10 * 20) / 1e6, 10);
    fake.answerWith(() => ({ text: 'ok', usage: { input: 3_000, output: 10 } }));
    const large = await runOf({ model: model.name });
    expect(large.run.costUsd).toBeCloseTo((3_000 * 100 + 10 * 200) / 1e6, 10);
    const inForce = await api.request('GET', '/v1/prices/in-force?model=openai/gpt-5-nano');
    expect(inForce.json.data).toMatchObject({ from: 'workspace', source: 'our contract' });
    await api.request('DELETE', `/v1/prices/${set.json.data.id}`);
    const listed = await api.request('GET', '/v1/prices/in-force?model=openai/gpt-5-nano');
    expect(listed.json.data).toMatchObject({ from: 'list', date: expect.any(String) });
  });

  test('waits as a row at a limit of its model, and that is no trouble of the provider', async () => {
    const model = await make({ limits: { requests_per_minute: 1 } });
    fake.answerWith(() => ({ text: 'ok' }));
    await (await limiter.admit({ ...model, id: model.id }, 1)).end(1);
    await using engine = await startTestEngine({ db: api.deps.db, models: client });
    await engine.start();
    const { agentId } = await insertAgent(api.deps.db, { model: model.name }, api.workspace.id);
    const id = await engine.dispatch(agentId);
    await expect
      .poll(async () => (await readJournal(api.deps.db, id)).at(-1), { timeout: 20_000 })
      .toMatchObject({ type: 'delay', data: { isOwnLimit: true } });
  });
});
