import { isObject } from '../../core/is-object.ts';
import type { OpenApiParameter } from '../../core/tool-source.ts';
import { refusedHeaders } from '../http/http-request.ts';
import { DocumentProblem, type Json, type Resolver } from './document.ts';

// What an operation takes. An argument has its parameter's name, with `_` for characters that models' providers
// do not take. A name that is there already, or is `body`, gets the place appended: `id_query`, then numbers.

/** The operation is well, and cannot be a tool. */
export class Unsupported extends Error {}

export interface ReadParameter extends OpenApiParameter {
  readonly at: string;
  readonly required: boolean;
  readonly schema: unknown;
}

export interface ReadBody {
  readonly at: string;
  readonly kind: 'json' | 'form';
  readonly mediaType: string;
  readonly required: boolean;
  readonly schema: unknown;
}

interface Given {
  readonly at: string;
  readonly path: string;
  readonly method: string;
  readonly operation: Json;
  readonly pathItem: Json;
}

const styles: Readonly<Record<string, readonly string[]>> = {
  path: ['simple'],
  header: ['simple'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
};
/** The document's are not looked at (OpenAPI 3.0.3, Parameter Object); and no cookies are sent. */
const ignoredHeaders = ['accept', 'content-type', 'authorization', 'cookie'];
const maxParameters = 100;

/** Throws `DocumentProblem`, and `Unsupported`. */
export function readParameters(
  given: Given,
  facts: { readonly resolver: Resolver; readonly schemes: ReadonlyMap<string, Json> },
): { readonly parameters: readonly ReadParameter[]; readonly body: ReadBody | null } {
  const all = new Map<string, { readonly one: Json; readonly at: string }>();
  for (const [owner, at] of [
    [given.pathItem, given.at.replace(/\.[a-z]+$/, '')],
    [given.operation, given.at],
  ] as const) {
    const list = owner.parameters ?? [];
    if (!Array.isArray(list)) throw new DocumentProblem(`${at}.parameters`, 'must be a list');
    for (const [i, item] of list.entries()) {
      const place = `${at}.parameters[${i}]`;
      const one = facts.resolver.object(item, place);
      if (typeof one.name !== 'string' || one.name === '' || one.name.length > 256) {
        throw new DocumentProblem(`${place}.name`, 'must be text of 1 to 256 characters');
      }
      // Those of the operation take the place of the path's.
      all.set(`${String(one.in)} ${one.name}`, { one, at: place });
    }
  }
  if (all.size > maxParameters) {
    throw new DocumentProblem(`${given.at}.parameters`, `are more than ${maxParameters}`);
  }
  const taken = new Set(['body']);
  const parameters = [...all.values()].flatMap(({ one, at }) => {
    const parameter = readParameter(one, at, { ...facts, taken });
    return parameter === null ? [] : [parameter];
  });
  requireTemplate(given, parameters);
  return { parameters, body: readBody(given, facts.resolver) };
}

function readParameter(
  one: Json,
  at: string,
  facts: { readonly schemes: ReadonlyMap<string, Json>; readonly taken: Set<string> },
): ReadParameter | null {
  const name = String(one.name);
  const required = one.required === true || one.in === 'path';
  if (one.in === 'cookie') {
    if (required) throw new Unsupported(`it needs the cookie "${name}", and cookies are not sent`);
    return null;
  }
  if (one.in !== 'path' && one.in !== 'query' && one.in !== 'header') {
    throw new DocumentProblem(`${at}.in`, 'must be "path", "query" or "header"');
  }
  if (isCredential(one, facts.schemes)) return null;
  if (one.in === 'header') {
    if (ignoredHeaders.includes(name.toLowerCase())) return null;
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(name) || refusedHeaders.test(name)) {
      if (required) throw new Unsupported(`it needs the header "${name}", which cannot be set`);
      return null;
    }
  }
  const { style, schema } = shapeOf(one, at);
  if (style !== 'json' && styles[one.in]?.includes(style) !== true) {
    if (required) throw new Unsupported(`its parameter "${name}" has the style "${style}"`);
    return null;
  }
  const argument = argumentName(name, one.in, facts.taken);
  const described =
    typeof one.description === 'string' && isObject(schema)
      ? { ...schema, description: one.description }
      : schema;
  const explode = typeof one.explode === 'boolean' ? one.explode : style === 'form';
  return {
    argument,
    name,
    in: one.in,
    explode,
    style,
    required,
    schema: described,
    at: `${at}.schema`,
  };
}

function shapeOf(one: Json, at: string): { readonly style: string; readonly schema: unknown } {
  if (isObject(one.content)) {
    const media = one.content['application/json'];
    return { style: 'json', schema: isObject(media) ? media.schema : undefined };
  }
  const style = one.style ?? (one.in === 'query' ? 'form' : 'simple');
  if (typeof style !== 'string') throw new DocumentProblem(`${at}.style`, 'must be text');
  return { style: style.slice(0, 32), schema: one.schema };
}

/** What people store as a credential is not the model's to say. */
function isCredential(one: Json, schemes: ReadonlyMap<string, Json>): boolean {
  const name = String(one.name).toLowerCase();
  return [...schemes.values()].some(
    (scheme) =>
      scheme.type === 'apiKey' &&
      scheme.in === one.in &&
      String(scheme.name).toLowerCase() === name,
  );
}

function argumentName(name: string, place: string, taken: Set<string>): string {
  const clean = name.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 48);
  const candidates = [clean, `${clean}_${place}`];
  for (let i = 2; candidates.every((one) => taken.has(one)); i++) {
    candidates.push(`${clean}_${place}_${i}`);
  }
  const argument = candidates.find((one) => !taken.has(one)) ?? clean;
  taken.add(argument);
  return argument;
}

function requireTemplate({ at, path }: Given, parameters: readonly ReadParameter[]): void {
  const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const inTemplate = [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
  const undeclared = inTemplate.find((name) => !inPath.includes(name));
  if (undeclared !== undefined) {
    throw new DocumentProblem(`${at}.parameters`, `declare no "${undeclared}", which the path has`);
  }
  const unused = inPath.find((name) => !inTemplate.includes(name));
  if (unused !== undefined) {
    throw new DocumentProblem(
      `${at}.parameters`,
      `declare "${unused}" of the path, which has none`,
    );
  }
}

function readBody({ operation, at, method }: Given, resolver: Resolver): ReadBody | null {
  if (operation.requestBody === undefined || method === 'GET' || method === 'HEAD') return null;
  const place = `${at}.requestBody`;
  const body = resolver.object(operation.requestBody, place);
  if (!isObject(body.content)) throw new DocumentProblem(`${place}.content`, 'must be an object');
  const required = body.required === true;
  const kinds = Object.keys(body.content);
  const json = kinds.find((kind) => /^[a-z]+\/(?:[a-z0-9.+-]+\+)?json\b/i.test(kind));
  const any = kinds.find((kind) => kind === '*/*' || kind === 'application/*');
  const form = kinds.find((kind) => /^application\/x-www-form-urlencoded\b/i.test(kind));
  const chosen = json ?? form ?? any;
  if (chosen === undefined) {
    if (!required) return null;
    throw new Unsupported(
      `its body is ${kinds.slice(0, 5).join(', ') || 'of no kind'}, not JSON or a form`,
    );
  }
  const media = body.content[chosen];
  return {
    at: `${place}.content.${chosen}.schema`,
    kind: json === undefined && form !== undefined ? 'form' : 'json',
    mediaType: /^[\w.+-]+\/[\w.+-]+$/.test(chosen) ? chosen : 'application/json',
    required,
    schema: isObject(media) ? media.schema : undefined,
  };
}
