/** `undefined` for what is not there; a field may hold null. `a.b.0` reaches into objects and arrays. */
export function valueAtPath(payload: unknown, path: readonly string[]): unknown {
  let at = payload;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    if (Array.isArray(at) && !/^(?:0|[1-9]\d{0,8})$/.test(part)) return undefined;
    if (!Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

/** The steps of a JSON pointer (RFC 6901) such as `/event/id`. */
export function pointerPath(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}
