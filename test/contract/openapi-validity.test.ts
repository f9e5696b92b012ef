import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { ZodObject } from 'zod';
import { apiRoutes } from '../../src/api/app.ts';
import { conduitDialect } from '../../src/api/conduit/dialect.ts';
import { neoDialect } from '../../src/api/neo/dialect.ts';
import { openApiDocument } from '../../src/api/openapi.ts';
import type { Route } from '../../src/api/route.ts';
import { type OpenApiDocument, resolve, shapeOf } from '../support/openapi.ts';

// Both documents against the OpenAPI Initiative's own schemas, and against what every route can answer.

describe.each([
  { dialect: conduitDialect, version: '3.0' },
  { dialect: neoDialect, version: '3.1' },
])('$dialect.prefix/openapi.json', ({ dialect, version }) => {
  const routes = apiRoutes()
    .filter((one) => one.dialect.name === dialect.name)
    .map(({ route }) => route);
  const document = openApiDocument(dialect, routes) as OpenApiDocument;

  function statusesOf(route: Route): string[] {
    return Object.keys(document.paths[route.path]?.[route.method]?.responses ?? {});
  }

  test(`is a valid document of OpenAPI ${version}`, async () => {
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(JSON.stringify(document)));
    expect(result.errors ?? []).toEqual([]);
    expect([result.valid, validator.version]).toEqual([true, version]);
  });

  test('says of every route with a body that it can be too large', () => {
    for (const route of routes.filter(({ body }) => body !== undefined)) {
      expect([route.path, statusesOf(route)]).toEqual([
        route.path,
        expect.arrayContaining(['413']),
      ]);
    }
  });

  test('says of every route with keys how a key that was used otherwise is refused', () => {
    const status = String(dialect.statusOf.idempotency_conflict);
    for (const route of routes.filter(({ idempotent }) => idempotent !== undefined)) {
      expect([route.path, statusesOf(route)]).toEqual([
        route.path,
        expect.arrayContaining([status]),
      ]);
    }
  });

  test('says of every route for tokens what it answers when the server fails', () => {
    for (const route of routes.filter(({ right }) => right !== 'public')) {
      expect([route.path, statusesOf(route)]).toEqual([
        route.path,
        expect.arrayContaining(['401', '403', '429', '500', '503']),
      ]);
    }
  });

  test('says of every field of a body whether it can be null', () => {
    const wrong: string[] = [];
    for (const { path, method, body } of routes) {
      const content = document.paths[path]?.[method]?.requestBody?.content['application/json'];
      if (!(body instanceof ZodObject) || content === undefined) continue;
      const { properties = {} } = resolve(document, content.schema);
      for (const [name, field] of Object.entries(body.shape)) {
        const documented = properties[name];
        if (documented === undefined) continue;
        const { types, nullable } = shapeOf(document, documented);
        const isAnything = types.length === 0;
        if (field.safeParse(null).success !== (nullable || isAnything))
          wrong.push(`${method} ${path}: ${name}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
