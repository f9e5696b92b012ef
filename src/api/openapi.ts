import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { ZodObject, ZodType } from 'zod';
import type { Dialect, DialectDocument } from './dialect.ts';
import type { Route, RouteResponse } from './route.ts';

// The documents are made of the schemas that validate, so they cannot promise anything else.

type PathConfig = Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0];

/** The dialect's OpenAPI document over its routes. */
export function openApiDocument(dialect: Dialect, routes: readonly Route[]): object {
  const about = dialect.document;
  if (about === null) throw new Error(`The dialect ${dialect.name} has no document`);
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearerAuth', {
    type: 'http',
    scheme: 'bearer',
    ...about.bearerAuth,
  });
  const keyConflict = dialect.statusOf.idempotency_conflict;
  for (const route of routes) {
    app.openAPIRegistry.registerPath(pathOf(route, { about, keyConflict }));
  }
  const head = {
    openapi: about.openapi,
    info: { title: about.title, version: about.version, description: about.description },
    servers: [{ url: '/' }],
    security: [],
    tags: about.tags.map((tag) => ({ ...tag })),
  };
  const document =
    about.openapi === '3.0.0'
      ? app.getOpenAPIDocument({ ...head, openapi: '3.0.0' })
      : app.getOpenAPI31Document({ ...head, openapi: '3.1.0' });
  return JSON.parse(JSON.stringify(document, withoutFlags)) as object;
}

// The generator writes a pattern's flags after a slash, which JSON Schema would read as part of it.
function withoutFlags(name: string, value: unknown): unknown {
  const isPattern = name === 'pattern' && typeof value === 'string';
  return isPattern ? value.replace(/\/[dgimsuvy]+$/, '') : value;
}

interface Documented {
  readonly about: DialectDocument;
  /** What a key that was used with another request is answered with. */
  readonly keyConflict: number;
}

function pathOf(route: Route, documented: Documented): PathConfig {
  const headers = headersOf(route);
  return {
    method: route.method,
    path: route.path,
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: route.right === 'public' ? [] : [{ bearerAuth: [] }],
    request: {
      ...(route.params === undefined ? {} : { params: route.params }),
      ...(queryOf(route) === undefined ? {} : { query: queryOf(route) as ZodObject }),
      ...(headers === undefined ? {} : { headers }),
      ...(route.body === undefined ? bytesOf(route) : { body: bodyOf(route, route.body) }),
    },
    responses: answersOf(route, documented),
  } as PathConfig;
}

function bodyOf(route: Route, schema: ZodType) {
  const example = route.bodyExample === undefined ? {} : { example: route.bodyExample };
  return {
    required: Boolean(route.bodyRequired),
    content: { 'application/json': { schema, ...example } },
  };
}

function bytesOf({ bodyContentType }: Route) {
  if (bodyContentType === undefined) return {};
  const schema = z.string().openapi({ format: 'binary' });
  return { body: { required: true, content: { [bodyContentType]: { schema } } } };
}

const workspaceQuery = z.string().optional().openapi({
  description: 'Id of the workspace that the request is about.',
});

function queryOf(route: Route): ZodObject | undefined {
  if (route.workspace === 'none' || route.workspace.from !== 'query') return route.query;
  return z.object({ workspace_id: workspaceQuery, ...route.query?.shape });
}

function headersOf(route: Route): ZodObject | undefined {
  const shape: Record<string, ZodType> = {};
  if (route.workspace !== 'none' && route.workspace.from === 'header') {
    shape['X-Workspace-Id'] = z.string().optional().openapi({
      description: 'Id of the workspace; needed by a token that reaches several.',
    });
  }
  if (route.idempotent !== undefined) {
    shape['Idempotency-Key'] = z.string().min(1).max(255).optional().openapi({
      description:
        'The first request with a key is carried out; a repeat gets its answer, for 24 hours.',
    });
  }
  return Object.keys(shape).length === 0 ? undefined : z.object(shape);
}

type Answers = Readonly<
  Record<
    string,
    { readonly description: string; readonly content?: Readonly<Record<string, object>> }
  >
>;

/** A page may say of a refusal what the dialect's envelope says of those that come before its handler. */
function answersOf(route: Route, documented: Documented): Answers {
  const answers: Answers = successesOf(route, documented.about);
  const errors: Answers = errorsOf(route, documented);
  const both = Object.entries(errors).map(([status, error]) => {
    const content = { ...answers[status]?.content, ...error.content };
    const { description } = answers[status] ?? error;
    return [status, Object.keys(content).length === 0 ? error : { description, content }];
  });
  return { ...answers, ...Object.fromEntries(both) };
}

function successesOf(route: Route, about: DialectDocument) {
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, response]) => [
      status,
      { description: response.description, ...contentOf(response, about) },
    ]),
  );
}

/** Of answers outside the envelope that are more than text; a stream's is that of one event. */
const shapes: Readonly<Record<string, ZodType>> = {
  'application/json': z.looseObject({}),
  'text/event-stream': z.object({
    id: z.string().optional(),
    event: z.string().optional(),
    data: z.string().optional(),
    retry: z.unknown().optional(),
  }),
};

function contentOf(response: RouteResponse, about: DialectDocument) {
  if (response.contentType !== undefined) {
    const schema = shapes[response.contentType] ?? z.string();
    return { content: { [response.contentType]: { schema } } };
  }
  if (response.data === undefined) return {};
  const schema = about.envelope(response.data, response.kind ?? 'one');
  return { content: { 'application/json': { schema } } };
}

/** What a route without a token can answer all the same; what cannot be an id is found by none. */
function withoutRights(errors: DialectDocument['errors'], route: Route): DialectDocument['errors'] {
  const none = route.params === undefined ? ['401', '403', '404'] : ['401', '403'];
  return Object.fromEntries(Object.entries(errors).filter(([status]) => !none.includes(status)));
}

function errorsOf(route: Route, { about, keyConflict }: Documented) {
  const errors: Readonly<Record<number, string>> = {
    ...(route.idempotent === undefined
      ? {}
      : { [keyConflict]: 'The Idempotency-Key was used with another request' }),
    ...(route.body === undefined ? {} : { 413: 'The body is larger than 1 MiB' }),
    ...(route.right === 'public' ? withoutRights(about.errors, route) : about.errors),
    ...route.errors,
  };
  const described = Object.entries(errors).map(([status, description]) => [
    status,
    { description, content: { 'application/json': { schema: about.errorSchema } } },
  ]);
  // The server's own answer, given before there is a request to speak of.
  const tooLong = { description: 'The URL and the headers are larger than 16 KiB together' };
  return { ...Object.fromEntries(described), 431: tooLong };
}
