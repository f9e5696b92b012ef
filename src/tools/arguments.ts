import { isDeepStrictEqual } from 'node:util';
import type { ToolParameter, ToolParameters } from '../core/custom-tool.ts';
import { isRawNumber } from '../core/exact-json.ts';
import { fieldName, type Problems } from '../core/validate.ts';

// Arguments against a tool's parameters. Nothing is coerced. Only own members count and results are
// built from the parameters' names, so that a `__proto__` in the arguments reaches no prototype. Numbers that
// a double would change may come as `RawNumber`s, and stay what they are.

export type CheckedArguments =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  /** Argument (`guests[0].name`) → what is wrong with it and what would be right. */
  | { readonly ok: false; readonly problems: Record<string, string> };

/** Checks the arguments of a call and fills in defaults. `at`: where in a request they stand. */
export function checkArguments(
  parameters: ToolParameters,
  given: unknown,
  at: Path = [],
): CheckedArguments {
  const problems: Problems = new Map();
  const value = checkMembers(parameters, given, at, problems);
  if (problems.size === 0) return { ok: true, value };
  return { ok: false, problems: Object.fromEntries(problems) };
}

/** Adds what is wrong with a value by its parameter. */
export function checkValue(
  parameter: ToolParameter,
  given: { readonly value: unknown; readonly at: Path; readonly problems: Problems },
): void {
  checkOne(parameter, given.value, given.at, given.problems);
}

/** The JSON Schema of the arguments, as models are shown it. */
export function parametersToJsonSchema(parameters: ToolParameters): Record<string, unknown> {
  const entries = Object.entries(parameters);
  const required = entries.filter(([, each]) => each.required === true).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, each]) => [name, toJsonSchema(each)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

type Path = readonly (string | number)[];

function checkMembers(
  parameters: ToolParameters,
  given: unknown,
  at: Path,
  problems: Problems,
): Record<string, unknown> {
  if (!isObject(given)) {
    problems.set(nameOf(at), `must be an object, not ${kindOf(given)}`);
    return {};
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(parameters, name)) continue;
    const known = Object.keys(parameters);
    const hint = known.length === 0 ? 'none are known' : `known are ${known.join(', ')}`;
    problems.set(nameOf([...at, name]), `is not known; ${hint}`);
  }
  const checked: [string, unknown][] = [];
  for (const [name, parameter] of Object.entries(parameters)) {
    const path = [...at, name];
    if (Object.hasOwn(given, name)) {
      checked.push([name, checkOne(parameter, given[name], path, problems)]);
    } else if (parameter.required === true) {
      problems.set(nameOf(path), `is required: give ${describe(parameter)}`);
    } else if (parameter.default !== undefined) {
      checked.push([name, checkOne(parameter, parameter.default, path, problems)]);
    }
  }
  return Object.fromEntries(checked);
}

function checkOne(parameter: ToolParameter, value: unknown, at: Path, problems: Problems): unknown {
  if (!hasType(parameter, value)) {
    problems.set(nameOf(at), `must be ${describe(parameter)}, not ${kindOf(value)}`);
    return value;
  }
  if (parameter.enum !== undefined && !parameter.enum.some((each) => isSame(each, value))) {
    const choices = parameter.enum.map((each) => JSON.stringify(each)).join(', ');
    problems.set(nameOf(at), `must be one of ${choices}`);
    return value;
  }
  if (parameter.type === 'object' && parameter.properties !== undefined) {
    return checkMembers(parameter.properties, value, at, problems);
  }
  const { items } = parameter;
  if (Array.isArray(value) && items !== undefined) {
    return value.map((each, index) => checkOne(items, each, [...at, index], problems));
  }
  return value;
}

function hasType(parameter: ToolParameter, value: unknown): boolean {
  switch (parameter.type) {
    case 'string':
      return typeof value === 'string';
    case 'number':
      return Number.isFinite(isRawNumber(value) ? Number(value.rawJSON) : value);
    case 'integer':
      return isRawNumber(value) ? /^-?\d+$/.test(value.rawJSON) : Number.isInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
  }
}

// JSON knows one zero.
function isSame(one: unknown, other: unknown): boolean {
  return one === other || isDeepStrictEqual(one, other);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value)
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (isRawNumber(value)) return rawNumber(value.rawJSON);
  if (typeof value === 'object') return 'an object';
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return `the ${typeof value} ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`;
}

function rawNumber(text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return `the number ${shown}${Number.isFinite(Number(text)) ? '' : ', which is too large'}`;
}

function describe(parameter: ToolParameter): string {
  return `${/^[aio]/.test(parameter.type) ? 'an' : 'a'} ${parameter.type}`;
}

function nameOf(at: Path): string {
  return at.length === 0 ? 'the whole' : fieldName(at);
}

function toJsonSchema(parameter: ToolParameter): Record<string, unknown> {
  const { type, description, properties, items } = parameter;
  return {
    type,
    ...(description === undefined ? {} : { description }),
    ...(parameter.enum === undefined ? {} : { enum: parameter.enum }),
    ...(parameter.default === undefined ? {} : { default: parameter.default }),
    ...(properties === undefined ? {} : parametersToJsonSchema(properties)),
    ...(items === undefined ? {} : { items: toJsonSchema(items) }),
  };
}
