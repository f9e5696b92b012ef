import { z } from 'zod';
import { isObject } from '../core/is-object.ts';
import {
  type RecordData,
  type RecordField,
  type RecordFieldType,
  type RecordKind,
  recordMaxima,
} from '../core/record.ts';
import { fieldName, type Problems } from '../core/validate.ts';

// What a record says, held against its kind.

const isDate = (value: unknown) => z.iso.date().safeParse(value).success;
const isDatetime = (value: unknown) => z.iso.datetime({ offset: true }).safeParse(value).success;

const checks: Readonly<
  Record<RecordFieldType, readonly [is: (value: unknown) => boolean, problem: string]>
> = {
  string: [(value) => typeof value === 'string', 'must be a string'],
  number: [(value) => Number.isFinite(value), 'must be a number'],
  integer: [(value) => Number.isSafeInteger(value), 'must be an integer'],
  boolean: [(value) => typeof value === 'boolean', 'must be a boolean'],
  date: [isDate, 'must be a date such as 2026-04-03'],
  datetime: [isDatetime, 'must be a time such as 2026-04-03T03:14:15Z'],
  array: [Array.isArray, 'must be an array'],
  object: [isObject, 'must be an object'],
  contact: [(value) => typeof value === 'string', 'must be the id of a contact'],
};

/** Adds what is wrong with the data to `problems`, under `at`. Whether contacts exist is not judged here. */
export function checkData(
  kind: RecordKind,
  data: RecordData,
  { at, problems }: { readonly at: readonly PropertyKey[]; readonly problems: Problems },
): void {
  const tell = (name: string, problem: string) => problems.set(fieldName([...at, name]), problem);
  for (const field of kind.fields) {
    const value = fieldOf(data, field.name);
    if (value === null) {
      if (field.required) tell(field.name, 'is required');
      continue;
    }
    const problem = problemOf(field, value, kind);
    if (problem !== null) tell(field.name, problem);
  }
  if (kind.isClosed) {
    const known = new Set(kind.fields.map(({ name }) => name));
    const unknown = Object.keys(data).filter((name) => !known.has(name));
    for (const name of unknown) tell(name, 'is not a field of this kind; describe it first');
  }
  if (JSON.stringify(data).length > recordMaxima.data) {
    problems.set(fieldName(at), `must be at most ${recordMaxima.data} characters of JSON`);
  }
}

function problemOf(field: RecordField, value: unknown, kind: RecordKind): string | null {
  const [is, problem] = checks[field.type];
  if (!is(value)) return problem;
  if (field.options !== null && !field.options.some((option) => option === value)) {
    return `must be one of ${field.options.map((option) => JSON.stringify(option)).join(', ')}`;
  }
  const isFilter = kind.filters.some((filter) => filter.field === field.name);
  if (isFilter && String(value).length > recordMaxima.key) {
    return `must have at most ${recordMaxima.key} characters, since lists are filtered by it`;
  }
  return null;
}

/** What the data says of a field; null when it says nothing. */
export function fieldOf(data: RecordData, name: string): unknown {
  return Object.hasOwn(data, name) ? (data[name] ?? null) : null;
}

/** What the data says of each field that the kind describes; null where it says nothing. */
export function fieldsOf({ fields }: RecordKind, data: RecordData): Record<string, unknown> {
  return Object.fromEntries(fields.map(({ name }) => [name, fieldOf(data, name)]));
}

/** By what lists of the kind order it; null: by when it was first heard of. */
export function orderTimeOf({ orderBy }: RecordKind, data: RecordData): Date | null {
  const value = orderBy === null ? null : fieldOf(data, orderBy);
  return typeof value === 'string' ? new Date(value) : null;
}

/** The values that lists filter it by, in the order of the kind's filters. */
export function facetsOf({ filters }: RecordKind, data: RecordData): readonly (string | null)[] {
  return filters.map(({ field }) => {
    const value = fieldOf(data, field);
    return value === null ? null : String(value);
  });
}

/** The field that names the contact; null: records of the kind are about none. */
export function contactFieldOf({ fields }: RecordKind): string | null {
  return fields.find(({ type }) => type === 'contact')?.name ?? null;
}

/** The contact that it is about; null: none. */
export function contactOf(kind: RecordKind, data: RecordData): string | null {
  const field = contactFieldOf(kind);
  const value = field === null ? null : fieldOf(data, field);
  return typeof value === 'string' ? value : null;
}
