import { type HttpMethod, httpMethods, safeMethods } from '../../core/http-credential.ts';
import { isObject } from '../../core/is-object.ts';
import type { OpenApiOperation, SkippedOperation, SourceTool } from '../../core/tool-source.ts';
import { toolNameOf } from '../sources/tool-names.ts';
import { createResolver, DocumentProblem, type Json, type Resolver, shown } from './document.ts';
import { readParameters, Unsupported } from './parameters.ts';
import { type Effort, toJsonSchema } from './schema.ts';
import { readSecurity, securitySchemes } from './security.ts';

// Operations of a document as tools. One is named by its `operationId`, or by method and path where it has
// none. Each parameter is an argument of its name, the body is the argument `body`.

export const operationLimits = {
  operations: 500,
  nameChars: 256,
  descriptionChars: 2_048,
  schemaChars: 65_536,
  allSchemasChars: 4_194_304,
  /** Schemas visited in one document. */
  effort: 400_000,
  skipped: 100,
} as const;

/** Levels of schemas in schemas: fewer where they would be too large. */
const depths = [12, 6, 3, 1] as const;

export interface ReadOperations {
  readonly tools: readonly SourceTool[];
  readonly skipped: readonly SkippedOperation[];
}

interface Found {
  readonly id: string;
  readonly at: string;
  readonly method: HttpMethod;
  readonly path: string;
  readonly operation: Json;
  readonly pathItem: Json;
}

/** The chosen operations (null: all) as tools of the source. Throws `DocumentProblem`. */
export function readOperations(
  document: Json,
  source: { readonly name: string; readonly allowedTools: readonly string[] | null },
): ReadOperations {
  const resolver = createResolver(document);
  const found = findOperations(document, resolver);
  const { allowedTools } = source;
  const unknown = allowedTools?.find((id) => !found.has(id));
  if (unknown !== undefined) {
    throw new DocumentProblem(
      'paths',
      `have no operation ${shown(unknown)}, which "allowed_tools" names; they have ${listed(found)}`,
    );
  }
  const chosen = [...found.values()].filter(({ id }) => allowedTools?.includes(id) ?? true);
  if (chosen.length > operationLimits.operations) {
    throw new DocumentProblem(
      'paths',
      `have ${chosen.length} operations, and at most ${operationLimits.operations} can be tools: choose some with "allowed_tools"`,
    );
  }
  return toTools(chosen, { document, resolver, source });
}

function toTools(
  chosen: readonly Found[],
  given: {
    readonly document: Json;
    readonly resolver: Resolver;
    readonly source: { readonly name: string; readonly allowedTools: readonly string[] | null };
  },
): ReadOperations {
  const { document, resolver, source } = given;
  const schemes = securitySchemes(document, resolver);
  const security = readSecurity(document.security ?? [], 'security', schemes);
  const facts = { resolver, schemes, security, effort: { left: operationLimits.effort } };
  const tools = new Map<string, SourceTool>();
  const skipped: SkippedOperation[] = [];
  let chars = 0;
  for (const one of chosen) {
    try {
      const tool = toTool(one, toolNameOf(source.name, one.id), facts);
      if (tools.has(tool.name)) {
        throw new DocumentProblem(one.at, `would be a second tool named "${tool.name}"`);
      }
      chars += JSON.stringify(tool).length;
      if (chars > operationLimits.allSchemasChars) {
        throw new DocumentProblem(
          'paths',
          'are too large together: choose some with "allowed_tools"',
        );
      }
      tools.set(tool.name, tool);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      // Who named it is told; who takes all there is gets the rest.
      if (source.allowedTools !== null) throw new DocumentProblem(one.at, error.message);
      if (skipped.length < operationLimits.skipped)
        skipped.push({ operation: one.id.toWellFormed(), reason: error.message });
    }
  }
  return { tools: [...tools.values()], skipped };
}

function findOperations(document: Json, resolver: Resolver): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    const atPath = `paths.${path}`;
    if (path.startsWith('x-')) continue;
    requirePath(path, atPath);
    const pathItem = resolver.object(item, atPath);
    for (const method of httpMethods) {
      const key = method.toLowerCase();
      if (!Object.hasOwn(pathItem, key)) continue;
      const at = `${atPath}.${key}`;
      const operation = pathItem[key];
      if (!isObject(operation)) throw new DocumentProblem(at, 'must be an object');
      const id = operation.operationId ?? `${key} ${path}`;
      if (typeof id !== 'string' || id === '' || id.length > operationLimits.nameChars) {
        const problem = `must be text of 1 to ${operationLimits.nameChars} characters`;
        throw new DocumentProblem(`${at}.operationId`, problem);
      }
      const other = found.get(id);
      if (other !== undefined) {
        throw new DocumentProblem(
          `${at}.operationId`,
          `is ${shown(id)}, as of ${other.at}: every operation needs its own`,
        );
      }
      found.set(id, { id, at, method, path, operation, pathItem });
    }
  }
  return found;
}

function requirePath(path: string, at: string): void {
  if (!path.startsWith('/')) throw new DocumentProblem(at, 'must begin with "/"');
  const isPlain = !/[?#\\\s\p{Cc}]/u.test(path) && path.length <= 2_048;
  const leavesBase = path.split('/').some((part) => /^(?:\.|%2e){1,2}$/i.test(part));
  if (!isPlain || leavesBase) {
    throw new DocumentProblem(at, 'must be a plain path, without query, "." and ".."');
  }
}

interface Facts {
  readonly resolver: Resolver;
  readonly schemes: ReadonlyMap<string, Json>;
  readonly security: readonly (readonly string[])[];
  readonly effort: Effort;
}

function toTool(found: Found, name: string, facts: Facts): SourceTool {
  const { operation, pathItem, at, method, path } = found;
  if (operation.servers !== undefined || pathItem.servers !== undefined) {
    throw new Unsupported('it is at a server of its own');
  }
  const security =
    operation.security === undefined
      ? facts.security
      : readSecurity(operation.security, `${at}.security`, facts.schemes);
  const read = readParameters(found, facts);
  const isSafe = safeMethods.includes(method);
  const wellKnown: OpenApiOperation = {
    method,
    path,
    parameters: read.parameters.map(({ schema: _, required: __, ...parameter }) => parameter),
    body: read.body?.kind ?? 'none',
    mediaType: read.body?.mediaType ?? null,
    security,
  };
  return {
    name,
    remoteName: found.id,
    description: describe(found),
    inputSchema: inputSchemaOf(read, at, facts),
    idempotent: isSafe || method === 'PUT' || method === 'DELETE',
    hasEffects: !isSafe,
    operation: wellKnown,
  };
}

function inputSchemaOf(
  { parameters, body }: ReturnType<typeof readParameters>,
  at: string,
  { resolver, effort }: Facts,
): Json {
  const members = [
    ...parameters.map(({ argument, schema, required, at: place }) => ({
      argument,
      schema,
      required,
      at: place,
    })),
    ...(body === null
      ? []
      : [{ argument: 'body', schema: body.schema, required: body.required, at: body.at }]),
  ];
  const required = members.filter((one) => one.required).map(({ argument }) => argument);
  for (const depth of depths) {
    const schema = {
      type: 'object',
      properties: Object.fromEntries(
        members.map((one) => [
          one.argument,
          toJsonSchema(one.schema, one.at, { resolver, effort, depth }),
        ]),
      ),
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: false,
    };
    if (JSON.stringify(schema).length <= operationLimits.schemaChars) return schema;
  }
  throw new DocumentProblem(
    at,
    `has arguments of more than ${operationLimits.schemaChars} characters`,
  );
}

function describe({ operation, method, path }: Found): string {
  const { summary, description, deprecated } = operation;
  const parts = [
    `${method} ${path}${deprecated === true ? ' (deprecated)' : ''}`,
    ...[summary, description].filter((part) => typeof part === 'string' && part !== ''),
  ];
  return parts.join('\n').slice(0, operationLimits.descriptionChars).toWellFormed();
}

function listed(found: ReadonlyMap<string, unknown>): string {
  const names = [...found.keys()];
  const first = names
    .slice(0, 10)
    .map((name) => shown(name))
    .join(', ');
  return names.length === 0 ? 'none' : names.length > 10 ? `${first} and others` : first;
}
