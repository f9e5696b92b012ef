import { fromStorableText, toStorableText } from '../core/storable-text.ts';

// JSON columns are `text` (I9).

/** The column's text for a value that JSON can hold. */
export function toJsonColumn(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError('This value has no JSON form.');
  return toStorableText(text);
}

/** The value of a column that `toJsonColumn` wrote. The caller names the type it wrote. */
export function fromJsonColumn<T>(column: string): T {
  return JSON.parse(fromStorableText(column)) as T;
}

/** SQL for the column's text as JSON that Postgres can read: it refuses some of the characters that may be escaped in it. */
export function readableJsonSql(column: string): string {
  return String.raw`regexp_replace(${column}, '\\u[0-9a-fA-F]{4}', 'n', 'g')::json`;
}
