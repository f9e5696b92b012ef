import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { startServices, type TestServices } from '../../../test/support/egress.ts';

// Documents that were made to hurt or were never right: each is refused, with the place in it.

let services: TestServices;
let api: TestApi;

beforeAll(async () => {
  services = await startServices();
  api = await createTestApi({ openOutlet: services.egress.outlet });
}, 60_000);
afterAll(async () => {
  await api.deps.mcp[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

let count = 0;
const add = (document: unknown, more: object = {}) =>
  api.request('POST', '/v1/openapi-tools', {
    body: {
      workspace_id: api.workspace.id,
      name: `source-${count++}`,
      ...(document === null
        ? {}
        : { document: typeof document === 'string' ? document : JSON.stringify(document) }),
      ...more,
    },
  });

const servers = [{ url: 'https://api.example.com' }];
const of = (paths: object, more: object = {}) => ({ openapi: '3.1.0', servers, paths, ...more });
const get = (operation: object = {}) => of({ '/x': { get: operation } });
const at = (url: string) => ({ ...get(), servers: [{ url }] });
const withBody = (schema: object, schemas: object = {}) =>
  of(
    { '/x': { post: { requestBody: { content: { 'application/json': { schema } } } } } },
    { components: { schemas } },
  );

const bomb = `openapi: 3.0.0
a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]
e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]
paths: {}
`;

describe('a document', () => {
  test.each<[string, unknown, RegExp]>([
    ['bad YAML', 'openapi: 3.0.0\n  paths: [', /document cannot be read as YAML/],
    ['bad JSON', '{"openapi": "3.0.0",', /document cannot be read as JSON/],
    ['a key twice', 'openapi: 3.0.0\nopenapi: 3.1.0\npaths: {}', /cannot be read as YAML.*unique/],
    ['aliases that multiply', bomb, /cannot be read as YAML.*alias/i],
    [
      'more aliases than can be looked up',
      `openapi: [${Array.from({ length: 20_000 }, (_, i) => `&a${i} 1, *a${i}`).join(',')}]`,
      /cannot be read as YAML: it has more than 100 anchors and aliases/,
    ],
    ['nesting without brackets', '- '.repeat(100_000), /more than 64 levels deep/],
    ['endless nesting', `openapi: ${'['.repeat(200_000)}`, /cannot be read as YAML/],
    ['text', 'hello', /must be an OpenAPI document/],
    ['an older version', { swagger: '2.0', paths: {} }, /document\.openapi .*Swagger 2/],
    ['a version to come', { openapi: '4.0.0', paths: {} }, /document\.openapi .*"4\.0\.0"/],
    ['no paths', { openapi: '3.1.0' }, /document\.paths must be an object/],
    ['a path that is none', of({ 'https://evil.test/': { get: {} } }), /must begin with "\/"/],
    ['a path that climbs', of({ '/../x': { get: {} } }), /document\.paths.*must be a plain path/],
    [
      'a name twice',
      of({ '/a': { get: { operationId: 'x' } }, '/b': { get: { operationId: 'x' } } }),
      /document\.paths\.\/b\.get\.operationId is "x", as of paths\.\/a\.get/,
    ],
    ['a name that is none', get({ operationId: 7 }), /operationId must be text/],
    [
      'more operations than can be tools',
      of(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`/p${i}`, { get: {} }]))),
      /document\.paths have 10000 operations, and at most 500.*allowed_tools/,
    ],
    [
      'a reference to another document',
      withBody({ $ref: 'http://169.254.169.254/latest#/x' }),
      /schema\.\$ref must lead to a place in the document/,
    ],
    ['a reference to a file', withBody({ $ref: 'file:///etc/passwd' }), /is not followed/],
    ['a reference to nothing', withBody({ $ref: '#/components/x' }), /leads nowhere/],
    [
      'a reference by way of a prototype',
      withBody({ $ref: '#/constructor/prototype' }),
      /leads nowhere/,
    ],
    [
      'a parameter that is itself',
      of(
        { '/x': { get: { parameters: [{ $ref: '#/components/parameters/A' }] } } },
        { components: { parameters: { A: { $ref: '#/components/parameters/A' } } } },
      ),
      /parameters\[0\]\.\$ref leads over more than 16 references/,
    ],
    ['a path parameter without one', of({ '/x/{id}': { get: {} } }), /declare no "id"/],
    ['a scheme that is not there', get({ security: [{ a: [] }] }), /security\[0\]\.a is not in/],
    ['no servers', { openapi: '3.1.0', paths: { '/x': { get: {} } } }, /servers.*base_url/],
    ['a relative server', at('/v1'), /servers\[0\]\.url has the relative URL.*base_url/],
    ['a private server', at('http://10.0.0.1/'), /servers\[0\]\.url.*not an address/],
    ['a server in numbers', at('http://2130706433/'), /servers\[0\]\.url.*not an address/],
    ['this machine', at('http://localhost:8080/'), /servers\[0\]\.url has a host/],
    ['metadata', at('http://metadata.google.internal/'), /servers\[0\]\.url.*public internet/],
    ['a server of files', at('file:///etc'), /servers\[0\]\.url must be an absolute http/],
    ['credentials in its server', at('https://a:b@api.example.com'), /must not hold credentials/],
    ['a variable that is not there', at('https://{h}.example.com'), /variables\.h is not declared/],
  ])('with %s is refused', async (_, document, problem) => {
    const made = await add(document);
    expect([made.status, made.json.error]).toEqual([400, expect.stringMatching(problem)]);
  });

  test.each<[string, object, RegExp]>([
    ['no document', {}, /document is required/],
    ['two', { document: '{}', document_url: 'https://api.test/' }, /must not be given beside/],
    ['a document elsewhere', { document_url: 'http://127.0.0.1/' }, /document_url.*not an address/],
    [
      'a document that leads inside',
      { document_url: 'https://evil.test/' },
      /not a public address/,
    ],
    ['an unknown field', { document: '{}', verify: false }, /unknown fields: verify/],
    ['a base that is private', { document: '{}', base_url: 'http://[::1]/' }, /base_url/],
  ])('given with %s is refused', async (_, more, problem) => {
    const made = await add(null, more);
    expect([made.status, made.json.error]).toEqual([400, expect.stringMatching(problem)]);
  });

  test('with an unknown choice, or credentials that do not fit, is refused', async () => {
    const secure = {
      ...get({ operationId: 'x' }),
      components: { securitySchemes: { k: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
    };
    const bearer = { type: 'bearer', secret: 'API_KEY' };
    const header = { type: 'header', name: 'X-Key', secret: 'API_KEY' };
    for (const [more, problem] of [
      [{ allowed_tools: ['y'] }, /no operation "y", which "allowed_tools" names; they have "x"/],
      [{ credentials: { other: bearer } }, /credentials\.other is no security scheme.*: k/],
      [{ credentials: { k: bearer } }, /credentials\.k must be of type "header"/],
      [
        { credentials: { k: { ...header, name: 'X' } } },
        /credentials\.k must have the name "X-Key"/,
      ],
      [{ credentials: { k: header }, base_url: 'http://api.test' }, /base_url must be https/],
      [{ server_variables: { a: 'b' } }, /variables has no "a"/],
    ] as const) {
      const made = await add(secure, more);
      expect([made.status, made.json.error]).toEqual([400, expect.stringMatching(problem)]);
    }
  });

  test('of dense YAML is read beside everything else', async () => {
    const paths = Array.from(
      { length: 4_000 },
      (_, n) => `  /p${n}: {get: {operationId: op${n}, tags: [a, b, c], responses: {}}}`,
    );
    const delays = monitorEventLoopDelay({ resolution: 5 });
    delays.enable();
    const startedAt = performance.now();
    const text = `openapi: 3.1.0\npaths:\n${paths.join('\n')}\n`;
    const made = await add(text, { base_url: 'https://api.example.com' });
    const tookMs = performance.now() - startedAt;
    delays.disable();
    expect([201, 400]).toContain(made.status);
    // Read in place it is nearly all of the time, on however busy a machine.
    expect(delays.max / 1e6).toBeLessThan(Math.max(tookMs * 0.6, 200));
  });

  test('whose schemas lead into themselves, and multiply, becomes bounded tools', async () => {
    const wide = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [
        `S${i}`,
        {
          type: 'object',
          properties: Object.fromEntries(
            Array.from({ length: 8 }, (_, j) => [
              `p${j}`,
              { $ref: `#/components/schemas/S${(i + j + 1) % 30}` },
            ]),
          ),
        },
      ]),
    );
    const made = await add(withBody({ $ref: '#/components/schemas/S0' }, wide));
    expect([made.status, made.text]).toEqual([400, expect.stringMatching(/too large/)]);
    const tree = {
      type: 'object',
      properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } },
    };
    const small = await add(withBody({ $ref: '#/components/schemas/Tree' }, { Tree: tree }));
    expect(small.status).toBe(201);
    const tools = await api.request('GET', `/v1/openapi-tools/${small.json.data.id}/tools`);
    expect(tools.json.data[0].input_schema.properties.body).toEqual({
      type: 'object',
      properties: { children: { type: 'array', items: { type: 'object' } } },
    });
  });
});
