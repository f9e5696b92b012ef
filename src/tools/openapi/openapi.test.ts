import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { startServices, type TestServices } from '../../../test/support/egress.ts';
import { startTestEngine } from '../../../test/support/engine.ts';
import { createNotedSandbox } from '../../../test/support/sandbox.ts';
import { finishTurn } from '../../../test/support/turns.ts';
import { newStandardSecret, standardKey, standardSignature } from '../../core/standard-webhooks.ts';
import { stepsOf } from '../../runs/steps.ts';
import { readJournal } from '../../store/journal.ts';
import { getToolSource } from '../../store/tool-sources.ts';
import { createConnectedTools } from '../connected-tools.ts';
import { setSecret } from '../secrets.ts';
import { createToolShelf } from '../tool-shelf.ts';
import { openApiAgentTools } from './openapi-tools.ts';

// Documents over the API, and what an agent gets of them, end to end.

const value = 'sk_live_4242424242';
let services: TestServices;
let api: TestApi;

beforeAll(async () => {
  services = await startServices();
  api = await createTestApi({ openOutlet: services.egress.outlet });
  await setSecret(api.deps, { workspaceId: api.workspace.id, name: 'API_KEY' }, value);
}, 60_000);
afterAll(async () => {
  await api.deps.mcp[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

const base = () => `https://api.test:${services.https}/v2`;
const add = (name: string, document: unknown, more: object = {}) =>
  api.request('POST', '/v1/openapi-tools', {
    body: {
      workspace_id: api.workspace.id,
      name,
      document: typeof document === 'string' ? document : JSON.stringify(document),
      ...more,
    },
  });

const yaml = () => `
openapi: 3.0.3
info: {title: Pets, version: "1"}
servers:
  - url: https://{host}/{version}
    variables:
      host: {default: "api.test:${services.https}"}
      version: {default: v1, enum: [v1, v2]}
security: [{key: []}]
paths:
  /pets/{id}:
    parameters:
      - $ref: '#/components/parameters/Id'
    get:
      operationId: getPet
      summary: One pet
      parameters:
        - {name: id, in: query, schema: {type: string}}
        - {name: 'filter[kind]', in: query, schema: {type: array, items: {type: string}}, explode: false}
        - {name: X-Of, in: header, schema: {type: string}}
        - {name: X-Key, in: header, schema: {type: string}}
        - {name: body, in: query, schema: {type: integer, minimum: 1, exclusiveMinimum: true}}
    put:
      operationId: put/pet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
  /pets:
    post:
      operationId: addPet
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
    delete:
      security: []
  /photo:
    post:
      operationId: upload
      requestBody: {required: true, content: {multipart/form-data: {schema: {type: object}}}}
    get:
      operationId: withCookie
      parameters: [{name: session, in: cookie, required: true, schema: {type: string}}]
components:
  parameters:
    Id: {name: id, in: path, required: true, schema: {type: string}}
  schemas:
    Pet:
      type: object
      required: [name, id]
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string, nullable: true}
        parent: {$ref: '#/components/schemas/Pet'}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
`;
const key = { key: { type: 'header', name: 'X-Key', secret: 'API_KEY' } };

describe('an OpenAPI document', () => {
  test('is added as tools, shown, changed and removed', async () => {
    const made = await add('pets', yaml(), {
      server_variables: { version: 'v2' },
      credentials: key,
    });
    expect([made.status, made.text]).toEqual([201, expect.any(String)]);
    expect(made.json.data).toMatchObject({
      base_url: base(),
      tool_count: 4,
      missing_credentials: [],
      skipped: [
        { operation: 'withCookie', reason: expect.stringContaining('cookie "session"') },
        { operation: 'upload', reason: expect.stringContaining('multipart/form-data') },
      ],
    });
    const { id } = made.json.data;
    const listed = await api.request('GET', `/v1/openapi-tools/${id}/tools`);
    const tools = listed.json.data;
    expect(tools.map(({ name }: { name: string }) => name)).toEqual([
      'pets__getPet',
      expect.stringMatching(/^pets__put_pet_[0-9a-f]{6}$/),
      'pets__addPet',
      expect.stringMatching(/^pets__delete__pets_[0-9a-f]{6}$/),
    ]);
    expect(tools[0]).toMatchObject({
      description: 'GET /pets/{id}\nOne pet',
      idempotent: true,
      has_effects: false,
    });
    expect(tools[0].input_schema).toEqual({
      type: 'object',
      properties: {
        id: { type: 'string' },
        id_query: { type: 'string' },
        filter_kind_: { type: 'array', items: { type: 'string' } },
        'X-Of': { type: 'string' },
        body_query: { type: 'integer', exclusiveMinimum: 1 },
      },
      required: ['id'],
      additionalProperties: false,
    });
    expect(tools[1]).toMatchObject({ idempotent: true, has_effects: true });
    expect(tools[1].input_schema.properties.body).toEqual({
      type: 'object',
      required: ['name'],
      properties: { name: { type: ['string', 'null'] }, parent: { type: 'object' } },
    });
    expect(tools[2]).toMatchObject({ idempotent: false, has_effects: true });
    const nameable = await api.request('GET', `/v1/tools?workspace_id=${api.workspace.id}`);
    expect(nameable.json.data).toContainEqual(
      expect.objectContaining({ name: 'pets__getPet', kind: 'openapi', id }),
    );
    const patched = await api.request('PATCH', `/v1/openapi-tools/${id}`, {
      body: { name: 'cats', allowed_tools: ['getPet'], enable_globally: true },
    });
    expect(patched.json.data).toMatchObject({ name: 'cats', tool_count: 1, base_url: base() });
    // Another document leaves requests and credentials where they were.
    const moved = await api.request('PATCH', `/v1/openapi-tools/${id}`, {
      body: { document: yaml().replace('https://{host}', 'https://evil.test') },
    });
    expect(moved.json.data).toMatchObject({ base_url: base(), tool_count: 1 });
    const one = await api.request('GET', `/v1/openapi-tools/${id}`);
    expect(one.json.data.document).toContain('evil.test');
    expect((await api.request('DELETE', `/v1/openapi-tools/${id}`)).status).toBe(200);
    expect((await api.request('GET', `/v1/openapi-tools/${id}`)).status).toBe(404);
  });

  test('serves an agent’s run, with its credentials, which nobody sees', async () => {
    const made = await add('shop', yaml(), { base_url: base(), credentials: key });
    expect(made.status).toBe(201);
    const agent = await api.request('POST', '/v1/agents', {
      body: {
        workspace_id: api.workspace.id,
        name: 'Shop',
        description: 'Shops.',
        instructions: 'Shop.',
        tools: ['shop__getPet', 'shop__addPet'],
        model: 'scripted/test',
      },
    });
    expect([agent.status, agent.text]).toEqual([201, expect.any(String)]);
    const { db } = api.deps;
    const deps = api.deps.mcpDeps as Parameters<typeof createConnectedTools>[0];
    const connected = createConnectedTools(deps, api.deps.mcp);
    const shelf = createToolShelf(db, createNotedSandbox(), { connected });
    const tools = await shelf.toolsFor({
      workspaceId: api.workspace.id,
      definition: { tools: ['shop__getPet', 'shop__addPet'] },
    });
    const ask = (name: string, args: Record<string, unknown>) => ({ name, arguments: args });
    const turns = [
      {
        answer: {
          text: '',
          tool_calls: [
            ask('shop__addPet', { body: { name: value } }),
            ask('shop__getPet', { id: 'a/b c', filter_kind_: ['x', 'y&z'], 'X-Of': 'me' }),
            ask('shop__getPet', { id: '../../admin' }),
            ask('shop__getPet', {}),
            ask('shop__getPet', { id: 'x', other: 1 }),
          ],
        },
      },
      finishTurn(),
    ];
    const before = services.arrived.length;
    await using engine = await startTestEngine({ db, scripts: { test: { turns } }, tools });
    await engine.start();
    const run = await engine.ended(await engine.dispatch(agent.json.data.id));
    expect([run.status, run.error]).toEqual(['completed', null]);
    const journal = await readJournal(db, run.id);
    const steps = stepsOf(run.id, journal)
      .filter(({ type }) => type === 'tool')
      .toSorted((a, b) => Number(a.callId?.split('_')[2]) - Number(b.callId?.split('_')[2]));
    expect(steps).toMatchObject([
      {
        status: 'done',
        output: {
          message: expect.stringContaining('answered 200'),
          rawData: { body: { url: '/v2/pets', body: '{"name":"[secret API_KEY]"}' } },
        },
        connections: [{ host: 'api.test', outcome: 'connected' }],
      },
      {
        status: 'done',
        output: {
          rawData: { body: { url: '/v2/pets/a%2Fb%20c?filter%5Bkind%5D=x%2Cy%26z' } },
        },
      },
      { status: 'failed', error: expect.stringContaining('id must not have a part') },
      { status: 'failed', error: expect.stringContaining('id is required') },
      { status: 'failed', error: expect.stringContaining('other is not known') },
    ]);
    expect(services.arrived).toHaveLength(before + 2);
    expect(services.lastHeaders()).toMatchObject({ 'x-key': value });
    expect(JSON.stringify(tools)).not.toContain(value);
    expect(JSON.stringify(steps.map(({ output }) => output))).not.toContain(value);
  });

  test('of version 3.1 stays at its host, and looks into the body before anything is sent', async () => {
    const schema = {
      type: 'object',
      properties: {
        kind: { type: 'string', enum: ['cat', 'dog'] },
        tags: { type: 'array', items: { type: 'string' } },
        owner: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      },
    };
    const made = await add(
      'moves',
      {
        openapi: '3.1.0',
        security: [{ token: [] }],
        components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
        paths: {
          '/redirect': { get: { operationId: 'go', parameters: [{ name: 'to', in: 'query' }] } },
          '/pets': {
            post: {
              operationId: 'add',
              requestBody: { required: true, content: { 'application/json': { schema } } },
            },
          },
        },
      },
      { base_url: base().replace('/v2', '') },
    );
    expect([made.status, made.json.data.missing_credentials]).toEqual([201, ['token']]);
    const toolsNow = async () => {
      const path = { kind: 'openapi', id: made.json.data.id } as const;
      const source = await getToolSource(api.deps.db, 'all', path);
      if (source === null) throw new Error('There is no such source.');
      const { db, secretBox } = api.deps;
      return openApiAgentTools({ db, secretBox, openOutlet: services.egress.outlet }, source);
    };
    const call = (input: object) => ({
      inputJson: JSON.stringify(input),
      key: 'ar1:4',
      signal: new AbortController().signal,
    });
    const before = services.arrived.length;
    const unsent = await (await toolsNow())[0]?.call(call({}));
    expect(unsent).toMatchObject({ ok: false, error: expect.stringContaining('for token') });
    expect(services.arrived).toHaveLength(before);
    const credentials = { token: { type: 'bearer', secret: 'API_KEY' } };
    await api.request('PATCH', `/v1/openapi-tools/${made.json.data.id}`, { body: { credentials } });
    const [go, post] = await toolsNow();
    const away = await go?.call(call({ to: `https://other.test:${services.https}/` }));
    expect(away).toMatchObject({ ok: false, error: expect.stringContaining('not the host of') });
    const near = await go?.call(call({ to: '/near' }));
    expect(near).toMatchObject({ ok: true });
    await post?.call(call({ body: { kind: 'cat', tags: ['a'], owner: { name: 'x' } } }));
    expect(services.lastHeaders()).toMatchObject({
      authorization: `Bearer ${value}`,
      'idempotency-key': 'ar1:4',
    });
    for (const [body, problem] of [
      [{ kind: 'bird' }, /body\.kind must be one of "cat", "dog"/],
      [{ tags: ['a', 1] }, /body\.tags\[1\] must be of type string/],
      [{ owner: {} }, /In body\.owner: .*name is required/],
    ] as const) {
      expect(post?.check({ body })).toEqual({ ok: false, problem: expect.stringMatching(problem) });
    }
    expect(post?.check({ body: { kind: 'cat', other: 1 } }).ok).toBe(true);
  });

  test('signs requests where the document says so, with the key of the call, and tells what is missing', async () => {
    const signed = { type: 'apiKey', in: 'header', name: 'Webhook-Signature' };
    const document = {
      openapi: '3.1.0',
      security: [{ signed: [] }],
      components: { securitySchemes: { signed } },
      paths: { '/run': { post: { operationId: 'run' } } },
    };
    const credentials = { signed: { type: 'standard_webhooks', secret: 'SIGNING_KEY' } };
    const wrong = { signed: { type: 'header', name: 'Webhook-Signature', secret: 'API_KEY' } };
    const more = { base_url: base() };
    const refused = await add('signing', document, { ...more, credentials: wrong });
    expect(refused.text).toContain('must be of type \\"standard_webhooks\\"');
    const made = await add('signing', document, { ...more, credentials });
    const source = await getToolSource(api.deps.db, 'all', {
      ...{ kind: 'openapi', id: made.json.data.id },
    });
    if (source?.kind !== 'openapi') throw new Error(made.text);
    const { db, secretBox } = api.deps;
    const deps = { db, secretBox, openOutlet: services.egress.outlet };
    const call = async (secret: string) => {
      const name = 'SIGNING_KEY';
      await setSecret(api.deps, { workspaceId: api.workspace.id, name }, secret);
      const [run] = openApiAgentTools(deps, source);
      const signal = new AbortController().signal;
      return await run?.call({ inputJson: '{}', key: 'ar1:9', signal });
    };
    expect(await call('no key at all')).toMatchObject({
      ...{ ok: false, error: expect.stringContaining('SIGNING_KEY signs nothing') },
    });
    const secret = newStandardSecret();
    const done = await call(secret);
    expect(done).toMatchObject({ ok: true });
    const headers = services.lastHeaders() as Record<string, string>;
    expect(headers).toMatchObject({ 'webhook-id': 'ar1:9', 'idempotency-key': 'ar1:9' });
    const id = headers['webhook-id'] ?? '';
    const timestamp = headers['webhook-timestamp'] ?? '';
    const key = standardKey(secret) ?? Buffer.alloc(0);
    const signature = standardSignature(key, { id, timestamp, body: '' }).toString('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
  });
});
