import type { Tool } from '@modelcontextprotocol/server';
import { conduitDialect } from '../conduit/dialect.ts';
import { openApiDocument } from '../openapi.ts';
import type { Resource, Route } from '../route.ts';

// Tools of the Model Context Protocol, made of routes: the name is the operation's, the schema of the arguments is what
// the OpenAPI document says of path, query and body, all in one object.

export interface McpTool {
  readonly name: string;
  readonly route: Route;
  readonly description: string;
  readonly inputSchema: Tool['inputSchema'];
  readonly annotations: {
    readonly title: string;
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
}

type Schema = Readonly<Record<string, unknown>>;

/**
 * What models outside have a use for. What people decide (approvals), who may do what (tokens, members) and the
 * operation of the server are not among it.
 */
const offered: readonly Resource[] = [
  'workspace',
  'inbox_type',
  'agent',
  'run',
  'trigger_event',
  'custom_tool',
  'tool',
  'contact',
  'conversation',
  'conversation_tag',
  'channel',
  'escalation',
  'schedule',
  'usage',
  'knowledge',
  'skill',
  'memory',
  'template',
  'record',
  'record_kind',
];
/** Of these only what reads: their other writes are those of integrations, and decisions of people. */
const lookedUp: readonly Resource[] = ['record'];

/** A tool for every route that takes and gives JSON, of what is offered. */
export function describeTools(routes: readonly Route[]): readonly McpTool[] {
  const chosen = routes.filter(isOffered);
  const { document } = conduitDialect;
  if (document === null) throw new Error('There is no document to make tools of');
  // 3.1: its schemas are JSON Schema as it is.
  const dialect = { ...conduitDialect, document: { ...document, openapi: '3.1.0' as const } };
  const shown = openApiDocument(dialect, chosen) as Document;
  return chosen.map((route) => {
    const operation = shown.paths[route.path]?.[route.method];
    if (operation === undefined) throw new Error(`${route.operationId} is not in the document`);
    const { summary, description } = operation;
    return {
      name: toolNameOf(route),
      route,
      description: description === undefined ? summary : `${summary}. ${description}`,
      inputSchema: inputOf(operation, shown.components?.schemas ?? {}),
      annotations: {
        title: summary,
        readOnlyHint: route.right === 'read',
        destructiveHint: route.method === 'delete',
        idempotentHint: route.right === 'read' || ['put', 'delete'].includes(route.method),
        openWorldHint: false,
      },
    };
  });
}

/** `runCustomTool` is called `run_custom_tool`. */
export function toolNameOf({ operationId }: Pick<Route, 'operationId'>): string {
  return operationId.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isOffered(route: Route): boolean {
  const isJson = Object.values(route.responses).every(
    ({ contentType }) => contentType === undefined,
  );
  const isKnown =
    route.right === 'read' || (route.right === 'write' && !lookedUp.includes(route.resource));
  return offered.includes(route.resource) && isKnown && isJson && route.readsBody !== true;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
}

function inputOf(
  operation: Operation,
  schemas: Readonly<Record<string, Schema>>,
): McpTool['inputSchema'] {
  const body = bodyOf(operation, schemas);
  const properties: Record<string, Schema> = { ...body.properties };
  const required = [...(body.required ?? [])];
  for (const { name, schema, description, ...parameter } of operation.parameters ?? []) {
    if (parameter.in === 'header') continue;
    properties[name] = description === undefined ? schema : { ...schema, description };
    if (parameter.required === true && !required.includes(name)) required.push(name);
  }
  const input = { type: 'object' as const, properties, required };
  const $defs = definitionsOf(input, schemas);
  const whole = Object.keys($defs).length === 0 ? input : { ...input, $defs };
  return JSON.parse(
    JSON.stringify(whole).replaceAll('"#/components/schemas/', '"#/$defs/'),
  ) as McpTool['inputSchema'];
}

interface BodySchema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

function bodyOf(operation: Operation, schemas: Readonly<Record<string, Schema>>): BodySchema {
  const schema = operation.requestBody?.content['application/json']?.schema ?? {};
  const [named] = referencesIn(schema);
  return (typeof schema.$ref === 'string' && named !== undefined ? schemas[named] : schema) ?? {};
}

/** What the schema refers to, and what that refers to. */
function definitionsOf(schema: unknown, schemas: Readonly<Record<string, Schema>>) {
  const found: Record<string, Schema> = {};
  const waiting = referencesIn(schema);
  for (const name of waiting) {
    const definition = schemas[name];
    if (definition === undefined || name in found) continue;
    found[name] = definition;
    waiting.push(...referencesIn(definition));
  }
  return found;
}

function referencesIn(schema: unknown): string[] {
  const text = JSON.stringify(schema);
  return [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name);
}
