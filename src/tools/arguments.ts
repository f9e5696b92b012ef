import { isDeepStrictEqual } from 'node:util';
import type { ToolParameter, ToolParameters } from '../core/custom-tool.ts';

// Arguments against a tool's parameters. Nothing is coerced. Only own members count and results are
// built from the parameters' names, so that a `__proto__` in the arguments reaches no prototype.

export type CheckedArguments =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  /** Path of the argument (`guests.0.name`, empty for the whole) → what is wrong and what to do. */
  | { readonly ok: false; readonly problems: Record<string, string> };

/** Checks the arguments of a call and fills in defaults. */
export function checkArguments(parameters: ToolParameters, given: unknown): CheckedArguments {
  const problems: Problems = new Map();
  const value = checkMembers(parameters, given, '', problems);
  if (problems.size === 0) return { ok: true, value };
  return { ok: false, problems: Object.fromEntries(problems) };
}

/** Why a value does not fit a parameter, by path under it; empty when it does. */
export function checkValue(parameter: ToolParameter, value: unknown): ReadonlyMap<string, string> {
  const problems: Problems = new Map();
  checkOne(parameter, value, '', problems);
  return problems;
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

type Problems = Map<string, string>;

function checkMembers(
  parameters: ToolParameters,
  given: unknown,
  at: string,
  problems: Problems,
): Record<string, unknown> {
  if (!isObject(given)) {
    problems.set(at, `Must be an object, not ${kindOf(given)}.`);
    return {};
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(parameters, name)) continue;
    const known = Object.keys(parameters);
    const hint = known.length === 0 ? 'None are known.' : `Known are: ${known.join(', ')}.`;
    problems.set(join(at, name), `Is not known. ${hint}`);
  }
  const checked: [string, unknown][] = [];
  for (const [name, parameter] of Object.entries(parameters)) {
    if (Object.hasOwn(given, name)) {
      checked.push([name, checkOne(parameter, given[name], join(at, name), problems)]);
    } else if (parameter.required === true) {
      problems.set(join(at, name), `Is required: give ${describe(parameter)}.`);
    } else if (parameter.default !== undefined) {
      checked.push([name, checkOne(parameter, parameter.default, join(at, name), problems)]);
    }
  }
  return Object.fromEntries(checked);
}

function checkOne(
  parameter: ToolParameter,
  value: unknown,
  at: string,
  problems: Problems,
): unknown {
  if (!hasType(parameter, value)) {
    problems.set(at, `Must be ${describe(parameter)}, not ${kindOf(value)}.`);
    return value;
  }
  if (parameter.enum !== undefined && !parameter.enum.some((each) => isSame(each, value))) {
    const choices = parameter.enum.map((each) => JSON.stringify(each)).join(', ');
    problems.set(at, `Must be one of ${choices}.`);
    return value;
  }
  if (parameter.type === 'object' && parameter.properties !== undefined) {
    return checkMembers(parameter.properties, value, at, problems);
  }
  const { items } = parameter;
  if (Array.isArray(value) && items !== undefined) {
    return value.map((each, index) => checkOne(items, each, join(at, String(index)), problems));
  }
  return value;
}

function hasType(parameter: ToolParameter, value: unknown): boolean {
  switch (parameter.type) {
    case 'string':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isInteger(value);
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
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return `the ${typeof value} ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`;
}

function describe(parameter: ToolParameter): string {
  return `${/^[aio]/.test(parameter.type) ? 'an' : 'a'} ${parameter.type}`;
}

function join(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
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
