import { ZodObject, type ZodType } from 'zod';
import { ApiError } from '../core/errors.ts';
import { type Problems, refuse, validate } from '../core/validate.ts';

/** The query as an object; a name given more than once has an array. Throws on text that no field can hold. */
export function readQuery(url: string): Readonly<Record<string, unknown>> {
  const query: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of new URL(url).searchParams) {
    if (value.includes('\0')) {
      throw new ApiError('validation_error', `Invalid request: ${name} contains a NUL character.`);
    }
    query[name] = name in query ? [query[name], value].flat() : value;
  }
  return query;
}

/** The query in the schema's output form. Of what is given twice nobody knows which one counts: it is refused. */
export function validQuery(schema: ZodObject, query: Readonly<Record<string, unknown>>): unknown {
  const problems: Problems = new Map();
  for (const name of Object.keys(schema.shape)) {
    if (Array.isArray(query[name])) problems.set(name, 'must be given only once');
  }
  refuse(problems);
  return validate(schema, query);
}

/** The path's parameters. What cannot be an id names nothing: `not_found`, not a bad request. */
export function readParams(schema: ZodObject, params: Record<string, string>): unknown {
  const valid = Object.values(params).every((value) => /^[\x20-\x7e]{1,200}$/.test(value));
  if (!valid) throw new ApiError('not_found', 'Nothing is found under this path.');
  return validate(schema, params);
}

/** Members of the body that the schema does not know, and that are ignored. */
export function unknownFields(
  schema: ZodType | undefined,
  body: Readonly<Record<string, unknown>> | null | undefined,
): readonly string[] {
  if (!(schema instanceof ZodObject) || !body) return [];
  return Object.keys(body).filter((name) => !Object.hasOwn(schema.shape, name));
}
