import { isObject } from '../../core/is-object.ts';
import { DocumentProblem, type Json, type Resolver } from './document.ts';

// Schemas of the document as a tool's input schema: whole in itself, without references, of JSON Schema's words
// alone, and bounded. A schema that leads back into itself, or deeper than there is room for, ends in one
// that takes anything: the API checks the rest.

const numbers =
  'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems minProperties maxProperties';
const numberWords = new Set(numbers.split(' '));
const types = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);
const maxTextChars = 1_024;
const maxEnum = 200;

/** Steps that are left for reading one document. */
export interface Effort {
  left: number;
}

interface Place {
  readonly resolver: Resolver;
  readonly effort: Effort;
  readonly depth: number;
  readonly refs: readonly string[];
}

/** Throws `DocumentProblem`. `depth`: levels of schemas in schemas. */
export function toJsonSchema(
  schema: unknown,
  at: string,
  given: { readonly resolver: Resolver; readonly effort: Effort; readonly depth: number },
): Json {
  return expanded(schema, at, { ...given, refs: [] });
}

function expanded(schema: unknown, at: string, place: Place): Json {
  if (--place.effort.left < 0) {
    throw new DocumentProblem(at, 'is too large; choose fewer operations with "allowed_tools"');
  }
  if (schema === true || schema === undefined) return {};
  if (schema === false) return { not: {} };
  if (!isObject(schema)) throw new DocumentProblem(at, 'must be a schema, an object');
  const { $ref } = schema;
  if ($ref !== undefined) {
    const target = place.resolver.follow($ref, at);
    const ref = String($ref);
    if (place.refs.includes(ref) || place.refs.length >= 32) return ending(target);
    const whole = expanded(target, at, { ...place, refs: [...place.refs, ref] });
    return typeof schema.description === 'string'
      ? { ...whole, description: text(schema.description) }
      : whole;
  }
  if (place.depth <= 0) return ending(schema);
  return words(schema, at, { ...place, depth: place.depth - 1 });
}

/** As much as can be said without going further. */
function ending(schema: unknown): Json {
  if (!isObject(schema)) return {};
  const { type, description } = schema;
  return {
    ...(typeof type === 'string' && types.has(type) ? { type } : {}),
    ...(typeof description === 'string' ? { description: text(description) } : {}),
  };
}

function words(schema: Json, at: string, place: Place): Json {
  const found: Record<string, unknown> = {};
  const one = (word: string) => expanded(schema[word], `${at}.${word}`, place);
  for (const [word, value] of Object.entries(schema)) {
    if (numberWords.has(word) && typeof value === 'number') found[word] = value;
    else if (['title', 'description', 'format'].includes(word) && typeof value === 'string')
      found[word] = text(value);
    else if (word === 'pattern' && typeof value === 'string' && isPattern(value))
      found[word] = value;
    else if (word === 'uniqueItems' && typeof value === 'boolean') found[word] = value;
    else if ((word === 'default' || word === 'const') && isScalar(value)) found[word] = value;
    else if (word === 'enum' && Array.isArray(value) && value.length > 0 && value.every(isScalar))
      found[word] = value.length <= maxEnum ? value : undefined;
    else if (['items', 'not'].includes(word) && value !== undefined) found[word] = one(word);
    else if (word === 'additionalProperties')
      found[word] = typeof value === 'boolean' ? value : one(word);
    else if (['allOf', 'anyOf', 'oneOf', 'prefixItems'].includes(word) && Array.isArray(value))
      found[word] = value.map((part, i) => expanded(part, `${at}.${word}[${i}]`, place));
  }
  Object.assign(found, typeOf(schema), boundsOf(schema), membersOf(schema, at, place));
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function membersOf(schema: Json, at: string, place: Place): Json {
  if (schema.properties === undefined) {
    const required = Array.isArray(schema.required)
      ? schema.required.filter((name) => typeof name === 'string')
      : [];
    return required.length > 0 ? { required } : {};
  }
  if (!isObject(schema.properties))
    throw new DocumentProblem(`${at}.properties`, 'must be an object');
  const properties = Object.entries(schema.properties)
    // What only the API writes is not for sending.
    .filter(([, value]) => !(isObject(value) && value.readOnly === true))
    .map(([name, value]) => [name, expanded(value, `${at}.properties.${name}`, place)] as const);
  const names = new Set(properties.map(([name]) => name));
  const required = Array.isArray(schema.required)
    ? schema.required.filter((name) => typeof name === 'string' && names.has(name))
    : [];
  return {
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required: [...new Set(required)] } : {}),
  };
}

/** With `nullable` of 3.0 in the words of JSON Schema. */
function typeOf({ type, nullable }: Json): Json {
  const given = (Array.isArray(type) ? type : [type]).filter(
    (one): one is string => typeof one === 'string' && types.has(one),
  );
  if (given.length === 0) return {};
  const all = [...new Set(nullable === true ? [...given, 'null'] : given)];
  return { type: all.length === 1 ? all[0] : all };
}

/** With the exclusive bounds of 3.0, which were true or false. */
function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Json): Json {
  return {
    ...(exclusiveMinimum === true && typeof minimum === 'number'
      ? { exclusiveMinimum: minimum, minimum: undefined }
      : {}),
    ...(exclusiveMaximum === true && typeof maximum === 'number'
      ? { exclusiveMaximum: maximum, maximum: undefined }
      : {}),
  };
}

/** Models' providers refuse a schema with one that is none. */
function isPattern(pattern: string): boolean {
  if (pattern.length > maxTextChars) return false;
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= maxTextChars;
  return value === null || ['number', 'boolean'].includes(typeof value);
}

function text(given: string): string {
  return given.slice(0, maxTextChars).toWellFormed();
}
