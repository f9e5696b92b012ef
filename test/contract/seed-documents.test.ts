import { describe, expect, test } from 'vitest';
import { apiRoutes } from '../../src/api/app.ts';
import { conduitDialect } from '../../src/api/conduit/dialect.ts';
import { neoDialect } from '../../src/api/neo/dialect.ts';
import { openApiDocument } from '../../src/api/openapi.ts';
import {
  type OpenApiDocument,
  type Operation,
  readSeed,
  resolve,
  type Schema,
  shapeOf,
} from '../support/openapi.ts';

// Our documents promise what the seeds promise: the same operations, parameters, fields, enums,
// nullability and statuses. More is allowed, where a client of the seed would not notice.

const documents = { conduit: documentOf('conduit'), neo: documentOf('neo') };

function documentOf(name: 'conduit' | 'neo'): OpenApiDocument {
  const routes = apiRoutes().filter(({ dialect }) => dialect.name === name);
  const dialect = name === 'conduit' ? conduitDialect : neoDialect;
  const document = openApiDocument(
    dialect,
    routes.map(({ route }) => route),
  );
  return JSON.parse(JSON.stringify(document)) as OpenApiDocument;
}

const seeds = [
  '000-run-agent',
  '001-run-now',
  '002-get-agent-run',
  '003-get-agent',
  '004-run-custom-tool',
];
const operations = seeds.flatMap((name) => {
  const seed = readSeed(name);
  const ours = name === '001-run-now' ? documents.neo : documents.conduit;
  return Object.entries(seed.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      seed,
      theirs: operation,
      ours,
      own: ours.paths[path]?.[method] as Operation,
    })),
  );
});

describe.each(operations)('$name', ({ seed, theirs, ours, own }) => {
  test('is there, under its operation id, tags and security', () => {
    expect(own).toBeDefined();
    if (theirs.operationId !== undefined) expect(own.operationId).toBe(theirs.operationId);
    expect(own.tags).toEqual(theirs.tags);
    expect(own.security).toEqual(theirs.security);
    expect(ours.openapi).toBe(seed.openapi);
    expect(ours.info).toMatchObject(seed.info);
    expect(tagsOf(ours)).toEqual(expect.arrayContaining(tagsOf(seed)));
    expect(ours.components.securitySchemes).toMatchObject(seed.components.securitySchemes);
  });

  test('takes the same parameters, and demands no other', () => {
    for (const theirParameter of theirs.parameters ?? []) {
      const parameter = own.parameters?.find(
        (one) => one.name === theirParameter.name && one.in === theirParameter.in,
      );
      expect(parameter, theirParameter.name).toBeDefined();
      if (parameter === undefined) continue;
      expect(parameter.required ?? false).toBe(theirParameter.required ?? false);
      expect(shapeOf(ours, parameter.schema)).toEqual(shapeOf(seed, theirParameter.schema));
    }
    const known = new Set(theirs.parameters?.map((one) => one.name));
    const demanded = own.parameters?.filter((one) => one.required === true && !known.has(one.name));
    expect(demanded ?? []).toEqual([]);
  });

  test('takes the same body', () => {
    const schema = theirs.requestBody?.content['application/json']?.schema;
    const ownSchema = own.requestBody?.content['application/json']?.schema;
    if (schema === undefined) return expect(ownSchema).toBeUndefined();
    // A body that may be left out is taken from every client that sends one.
    if (theirs.requestBody?.required !== true)
      expect(own.requestBody?.required ?? false).toBe(false);
    expectFields({ seed, ours, theirs: schema, own: ownSchema ?? {}, at: 'body' });
    const { required = [] } = resolve(ours, ownSchema ?? {});
    expect(resolve(seed, schema).required ?? []).toEqual(expect.arrayContaining([...required]));
  });

  test('answers with the same statuses and fields', () => {
    for (const [status, response] of Object.entries(theirs.responses)) {
      expect(Object.keys(own.responses)).toContain(status);
      const schema = response.content?.['application/json']?.schema;
      const ownSchema = own.responses[status]?.content?.['application/json']?.schema;
      if (schema === undefined || ownSchema === undefined)
        throw new Error(`${status} has no schema`);
      expectFields({ seed, ours, theirs: schema, own: ownSchema, at: status });
    }
  });
});

interface Compared {
  readonly seed: OpenApiDocument;
  readonly ours: OpenApiDocument;
  readonly theirs: Schema;
  readonly own: Schema;
  readonly at: string;
}

/** Every field of theirs is ours, of the same type, nullability and values; what they require we require. */
function expectFields({ seed, ours, theirs, own, at }: Compared): void {
  const their = resolve(seed, theirs);
  const our = resolve(ours, own);
  const shape = shapeOf(seed, their);
  // Where the seed says nothing of a type, ours may say what it is.
  if (shape.types.length > 0) {
    const ownShape = shapeOf(ours, our);
    expect([at, { ...ownShape, values: shape.values && ownShape.values }]).toEqual([at, shape]);
  }
  if (!at.startsWith('body')) {
    expect([at, our.required ?? []]).toEqual([
      at,
      expect.arrayContaining([...(their.required ?? [])]),
    ]);
  }
  for (const [name, field] of Object.entries(their.properties ?? {})) {
    const ownField = our.properties?.[name];
    expect(ownField, `${at}.${name}`).toBeDefined();
    expectFields({ seed, ours, theirs: field, own: ownField ?? {}, at: `${at}.${name}` });
  }
  if (their.items !== undefined) {
    expectFields({ seed, ours, theirs: their.items, own: our.items ?? {}, at: `${at}[]` });
  }
}

test('patterns are those of JSON Schema, without flags', () => {
  const text = JSON.stringify(Object.values(documents));
  const patterns = [...text.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)];
  expect(patterns.length).toBeGreaterThan(0);
  for (const [, quoted = ''] of patterns) {
    const pattern = JSON.parse(quoted) as string;
    expect(() => new RegExp(pattern, 'u')).not.toThrow();
    expect(pattern).not.toMatch(/\/[a-z]+$/);
  }
});

test('every operation of both documents has an id, a tag that is described, and schemas that resolve', () => {
  for (const document of Object.values(documents)) {
    const tags = tagsOf(document);
    const refs = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name = ''] of refs)
      expect(Object.keys(document.components.schemas ?? {})).toContain(name);
    for (const methods of Object.values(document.paths)) {
      for (const operation of Object.values(methods)) {
        expect(operation.operationId).toMatch(/^[A-Za-z0-9_.]+$/);
        expect(tags).toEqual(expect.arrayContaining([...operation.tags]));
      }
    }
  }
});

function tagsOf(document: OpenApiDocument): string[] {
  return (document.tags ?? []).map(({ name }) => name);
}
