import pg from 'pg';

const oid = { int8: 20, int8Array: 1016, date: 1082 } as const;

/** How columns become values: `bigint` a number, `date` its text, all else as `pg` does it. */
export const getTypeParser: typeof pg.types.getTypeParser = (type, format) => {
  const usual =
    format === undefined ? pg.types.getTypeParser(type) : pg.types.getTypeParser(type, format);
  if (format === 'binary') return usual;
  switch (Number(type)) {
    case oid.int8:
      return parseInt8;
    case oid.int8Array:
      return (text: string) => parseNested(usual(text));
    case oid.date:
      return (text: string) => text;
    default:
      return usual;
  }
};

function parseNested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(parseNested);
  return value === null ? null : parseInt8(String(value));
}

function parseInt8(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`The database holds the integer ${text}, which is beyond 2^53.`);
}
