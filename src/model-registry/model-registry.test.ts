import { afterAll, describe, expect, test } from 'vitest';
import { insertAgent } from '../../test/support/engine.ts';
import { startEveryProvider } from '../../test/support/every-provider.ts';
import { fakeApiKey } from '../../test/support/fake-provider.ts';
import { openModelRegistry } from '../../test/support/model-registry.ts';
import { modelProviders } from '../core/model-entry.ts';

const registry = await openModelRegistry();
afterAll(() => registry[Symbol.asyncDispose]());
const { api, fake, openai, make } = registry;

describe('a model', () => {
  test('has no NUL in what names it, and is deleted beside agents that have one in their texts', async () => {
    const model = await make();
    await insertAgent(api.deps.db, { instructions: 'a\0b \ud800' }, api.workspace.id);
    const wrong = { name: 'nul', ...openai, model: 'gpt\0' };
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
      ...openai,
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
    const body = { name: 'refused', ...openai, ...change };
    const answer = await api.request('POST', '/v1/models', { body });
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringMatching(message)]);
  });

  test('has a name once, and stays while it is named', async () => {
    const spare = await make();
    const twice = await api.request('POST', '/v1/models', {
      body: { name: spare.name, ...openai },
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
