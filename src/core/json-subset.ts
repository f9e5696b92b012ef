import { isDeepStrictEqual } from 'node:util';
import { isObject } from './is-object.ts';

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
