import { isObject } from '../../core/is-object.ts';

/** Objects merge, null takes a key away, scalars and lists replace. */
export function merged(
  before: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const after: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(patch)) {
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    if (value === null) delete after[name];
    else after[name] = isObject(value) ? merged(isObject(old) ? old : {}, value) : value;
  }
  return after;
}
