import type { ZodType, z } from 'zod';
import { ApiError } from './errors.ts';

// Zod's issues in words that name the field, what is wrong with it and what would be right.

type Issue = z.core.$ZodIssue;

/** Field, as people write it (`triggers[0].name`) → what is wrong with it, to be read after its name. */
export type Problems = Map<string, string>;

/** The `validation_error` with a line for every field. */
export function refusal(problems: ReadonlyMap<string, string>): ApiError {
  const lines = [...problems].map(([field, problem]) => `${field} ${problem.replace(/\.$/, '')}`);
  return new ApiError('validation_error', `Invalid request: ${lines.slice(0, 5).join('; ')}.`, {
    details: Object.fromEntries(problems),
  });
}

/** Throws the refusal, unless there are no problems. */
export function refuse(problems: ReadonlyMap<string, string>): void {
  if (problems.size > 0) throw refusal(problems);
}

/** The value in the schema's output form. Throws the refusal of what is wrong with it. */
export function validate<S extends ZodType>(schema: S, value: unknown): z.output<S> {
  const problems: Problems = new Map();
  const valid = collect(schema, { value, at: [], problems });
  if (problems.size > 0) throw refusal(problems);
  return valid as z.output<S>;
}

/** The same for a part of a request, whose problems are added to others; null when it has any. */
export function collect<S extends ZodType>(
  schema: S,
  part: {
    readonly value: unknown;
    readonly at: readonly PropertyKey[];
    readonly problems: Problems;
  },
): z.output<S> | null {
  const result = schema.safeParse(part.value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const field = fieldName([...part.at, ...issue.path]);
    if (part.problems.has(field)) continue;
    part.problems.set(field, problemOf(issue, valueAt(part.value, issue.path)));
  }
  return null;
}

/** A path as people write it: `triggers[0].config.expression`. */
export function fieldName(path: readonly PropertyKey[]): string {
  const name = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('');
  return name === '' ? 'body' : name.replace(/^\./, '');
}

function problemOf(issue: Issue, value: unknown): string {
  if (value === undefined && issue.code !== 'custom') return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)}, not ${article(typeName(value))}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}`;
    case 'too_small':
      if (issue.minimum === 1 && sizeUnit(issue.origin) !== '') return 'must not be empty';
      return `must ${sizeVerb(issue.origin)} at least ${issue.minimum}${sizeUnit(issue.origin)}`;
    case 'too_big':
      return `must ${sizeVerb(issue.origin)} at most ${issue.maximum}${sizeUnit(issue.origin)}`;
    case 'unrecognized_keys':
      return `has unknown fields: ${issue.keys.join(', ')}; remove them`;
    case 'invalid_union':
      return unionProblem(issue, value);
    case 'invalid_format':
      return !issue.message.startsWith('Invalid')
        ? issue.message
        : `must be ${issue.format === 'regex' ? `of the form ${issue.pattern}` : article(issue.format)}`;
    default:
      return issue.message;
  }
}

function unionProblem(issue: Extract<Issue, { code: 'invalid_union' }>, value: unknown): string {
  if ('options' in issue && Array.isArray(issue.options)) return `must be ${oneOf(issue.options)}`;
  const best = issue.errors.toSorted((a, b) => a.length - b.length)[0]?.[0];
  return best === undefined
    ? 'has none of the accepted forms'
    : problemOf(best, valueAt(value, best.path));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return at;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const expectedNames: Readonly<Record<string, string>> = {
  int: 'integer',
  record: 'object',
  nan: 'number',
};

function article(type: string): string {
  const name = expectedNames[type] ?? type;
  if (name === 'null') return name;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.map((value) => JSON.stringify(value)).join(', ');
  return values.length === 1 ? shown : `one of ${shown}`;
}

function sizeVerb(origin: string): string {
  return origin === 'string' || origin === 'array' ? 'have' : 'be';
}

function sizeUnit(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' items' : '';
}
