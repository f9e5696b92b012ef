import { isObject } from '../../core/is-object.ts';
import { checkShallow } from '../sources/check-shallow.ts';
import type { Json } from './document.ts';

// What is inside the arguments: kinds, required members and closed sets, at every level of the (bounded)
// schema. Patterns are not run, and alternatives are left to the API.

/** What is wrong with the value, in words for the model; null when nothing is. */
export function nestedProblem(schema: Json, value: unknown, at: string): string | null {
  if (Array.isArray(value)) {
    if (!isObject(schema.items)) return null;
    for (const [i, one] of value.entries()) {
      const problem = memberProblem(schema.items, one, `${at}[${i}]`);
      if (problem !== null) return problem;
    }
    return null;
  }
  if (!isObject(value) || !isObject(schema.properties)) return null;
  const checked = checkShallow(schema, value);
  if (!checked.ok) return at === '' ? checked.problem : `In ${at}: ${checked.problem}`;
  for (const [name, one] of Object.entries(value)) {
    const member = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (!isObject(member)) continue;
    const problem = memberProblem(member, one, at === '' ? name : `${at}.${name}`);
    if (problem !== null) return problem;
  }
  return null;
}

function memberProblem(schema: Json, value: unknown, at: string): string | null {
  const checked = checkShallow({ properties: { [at]: schema } }, { [at]: value });
  if (!checked.ok) return checked.problem;
  const isPlain = typeof value === 'string' || typeof value === 'boolean';
  if (isPlain && Array.isArray(schema.enum) && !schema.enum.includes(value)) {
    const known = schema.enum.slice(0, 20).map((one) => JSON.stringify(one));
    return `The arguments do not fit: ${at} must be one of ${known.join(', ')}.`;
  }
  return nestedProblem(schema, value, at);
}
