import { isDeepStrictEqual } from 'node:util';

/**
 * Whether all that `part` says of a JSON value is so: members of objects are looked for one by one, at any
 * depth; everything else must be equal.
 */
export function isJsonSubset(part: unknown, whole: unknown): boolean {
  if (!isObject(part)) return isDeepStrictEqual(part, whole);
  if (!isObject(whole)) return false;
  return Object.entries(part).every(
    ([name, value]) => Object.hasOwn(whole, name) && isJsonSubset(value, whole[name]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
