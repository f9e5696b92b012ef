import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

// OpenAPI documents as tests read them: resolved, and as JSON Schema.

export interface Schema {
  readonly type?: string | readonly string[];
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly $ref?: string;
}

interface Content {
  readonly 'application/json'?: { readonly schema: Schema };
}

export interface Operation {
  readonly operationId?: string;
  readonly tags: readonly string[];
  readonly security: unknown;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly tags?: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas?: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

/** A seed's facts: `000-run-agent`, … */
export function readSeed(name: string): OpenApiDocument {
  const url = new URL(`../fixtures/seeds/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as OpenApiDocument;
}

/** The schema that a reference stands for. */
export function resolve(document: OpenApiDocument, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.replace('#/components/schemas/', '');
  const found = document.components.schemas?.[name];
  if (found === undefined) throw new Error(`${schema.$ref} is not in the document`);
  return resolve(document, found);
}

/** Checks values against a schema of the document. OpenAPI 3.0's `nullable` is understood. */
export function validatorOf(document: OpenApiDocument, schema: Schema): ValidateFunction {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  return ajv.compile(toJsonSchema(document, schema));
}

function toJsonSchema(document: OpenApiDocument, given: Schema): object {
  const schema = resolve(document, given);
  const each = (schemas: readonly Schema[]) => schemas.map((one) => toJsonSchema(document, one));
  const { nullable, ...rest } = schema;
  const plain: Record<string, unknown> = { ...rest };
  if (schema.properties !== undefined) {
    plain.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, one]) => [name, toJsonSchema(document, one)]),
    );
  }
  if (schema.items !== undefined) plain.items = toJsonSchema(document, schema.items);
  if (schema.anyOf !== undefined) plain.anyOf = each(schema.anyOf);
  if (schema.oneOf !== undefined) plain.oneOf = each(schema.oneOf);
  if (typeof schema.additionalProperties === 'object') {
    plain.additionalProperties = toJsonSchema(document, schema.additionalProperties);
  }
  return nullable === true && Object.keys(rest).length > 0
    ? { anyOf: [plain, { type: 'null' }] }
    : plain;
}

export interface Shape {
  readonly types: readonly string[];
  readonly nullable: boolean;
  readonly values: readonly unknown[] | null;
}

/** What a schema says of one value, in the same words for OpenAPI 3.0 and 3.1. */
export function shapeOf(document: OpenApiDocument, given: Schema): Shape {
  const schema = resolve(document, given);
  const alternatives = [schema.anyOf ?? schema.oneOf ?? [schema], schema]
    .flat()
    .map((one) => resolve(document, one));
  const types = [...new Set(alternatives.flatMap(({ type }) => type ?? []))];
  const values = schema.enum ?? (schema.const === undefined ? null : [schema.const]);
  return {
    types: types.filter((type) => type !== 'null').sort(),
    nullable: alternatives.some((one) => one.nullable === true) || types.includes('null'),
    values: values === null ? null : values.filter((value) => value !== null),
  };
}

/** The document that an app serves under the path. */
export async function documentOf(
  app: { request(path: string): Response | Promise<Response> },
  path: string,
): Promise<OpenApiDocument> {
  return (await (await app.request(path)).json()) as OpenApiDocument;
}
