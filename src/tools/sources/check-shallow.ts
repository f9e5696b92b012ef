import { isRawNumber } from '../../core/exact-json.ts';
import { isObject } from '../../core/is-object.ts';
import type { CheckedToolArguments } from '../tool.ts';

// Arguments of tools whose schemas strangers wrote. Only what costs nothing is checked here: a schema is not
// compiled and its patterns are not run, since either can be made to take forever. The other end checks the rest.

/** Whether it is an object with the required members, of the right kinds, and with none that is not known. */
export function checkShallow(
  schema: Readonly<Record<string, unknown>>,
  value: unknown,
): CheckedToolArguments {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, problem: 'The arguments must be an object.' };
  }
  const given = value as Record<string, unknown>;
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const problems = [
    ...required
      .filter((name) => typeof name === 'string' && !Object.hasOwn(given, name))
      .map((name) => `${name} is required`),
    ...Object.entries(given).flatMap(([name, one]) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (property === undefined) {
        return schema.additionalProperties === false
          ? [`${name} is not known; known are ${Object.keys(properties).join(', ') || 'none'}`]
          : [];
      }
      return isObject(property) ? kindProblem(name, property.type, one) : [];
    }),
  ];
  if (problems.length === 0) return { ok: true, value: given };
  return { ok: false, problem: `The arguments do not fit: ${problems.slice(0, 5).join('; ')}.` };
}

function kindProblem(name: string, type: unknown, value: unknown): string[] {
  const types = (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string');
  if (types.length === 0 || types.some((one) => isOf(one, value))) return [];
  return [`${name} must be of type ${types.join(' or ')}`];
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    // Long ones are kept as their text.
    case 'integer':
    case 'number':
      return typeof value === 'number' || isRawNumber(value);
    case 'string':
    case 'boolean':
      return typeof value === type;
    default:
      return true;
  }
}
