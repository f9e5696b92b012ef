import type { RecordField, RecordFieldType, RecordFilter } from '../core/record.ts';

// Fields and filters of built-in kinds, written shortly.

/** What most of them are beside. */
export const plain = { states: null, externalIdField: null, isClosed: false } as const;

type More = Partial<Pick<RecordField, 'description' | 'required' | 'options'>>;

/** Fields by name, each with its type; `more` says more of some. */
export function fields(
  types: Readonly<Record<string, RecordFieldType>>,
  more: Readonly<Record<string, More>> = {},
): readonly RecordField[] {
  return Object.entries(types).map(([name, type]) => ({
    ...{ name, type, description: '', required: false, options: null },
    ...more[name],
  }));
}

/** Filters by these fields. */
export function filters(...names: readonly string[]): readonly RecordFilter[] {
  return names.map((field) => ({ field, groups: {} }));
}
