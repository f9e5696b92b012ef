import { valueAtPath } from './payload-path.ts';

// Comparisons of an event trigger's filter with a payload. Nothing is converted: "5" is not 5. Numbers are
// ordered as numbers, texts by their code units (so ISO 8601 times in one zone by time); what has another type is
// not in any order, and does not match. A field that is not there matches `ne`, `not_in` and
// `exists: false`, and nothing else.

export type Scalar = string | number | boolean | null;

export type FilterComparison =
  | { readonly field: string; readonly op: 'eq' | 'ne'; readonly value: Scalar }
  | {
      readonly field: string;
      readonly op: 'gt' | 'gte' | 'lt' | 'lte';
      readonly value: number | string;
    }
  | { readonly field: string; readonly op: 'in' | 'not_in'; readonly value: readonly Scalar[] }
  | {
      readonly field: string;
      /** `contains` also finds an item of an array. */
      readonly op: 'contains' | 'starts_with' | 'ends_with';
      readonly value: string;
    }
  | { readonly field: string; readonly op: 'exists'; readonly value: boolean };

/** One comparison as it was made. */
export interface Comparison {
  readonly field: string;
  readonly op: string;
  readonly expected: unknown;
  /** What was there: a scalar as it is (text cut), words for anything else; absent when nothing was there. */
  readonly actual?: unknown;
  readonly matched: boolean;
}

/** All comparisons of a filter, made: it matches when each does. */
export function compareAll(
  filter: readonly FilterComparison[],
  payload: unknown,
): readonly Comparison[] {
  return filter.map((comparison) => {
    const { field, op, value: expected } = comparison;
    const actual = valueAtPath(payload, field.split('.'));
    const matched = matches(comparison, actual);
    const shown = actual === undefined ? {} : { actual: bounded(actual) };
    return { field, op, expected: boundedExpectation(expected), ...shown, matched };
  });
}

/** Whether a value (`undefined`: none there) is what the comparison wants. */
export function matches(comparison: FilterComparison, actual: unknown): boolean {
  switch (comparison.op) {
    case 'eq':
      return actual === comparison.value;
    case 'ne':
      return actual !== comparison.value;
    case 'in':
      return comparison.value.some((value) => value === actual);
    case 'not_in':
      return !comparison.value.some((value) => value === actual);
    case 'exists':
      return (actual !== undefined) === comparison.value;
    case 'contains':
      if (Array.isArray(actual)) return actual.includes(comparison.value);
      return typeof actual === 'string' && actual.includes(comparison.value);
    case 'starts_with':
      return typeof actual === 'string' && actual.startsWith(comparison.value);
    case 'ends_with':
      return typeof actual === 'string' && actual.endsWith(comparison.value);
    default:
      return isOrdered(comparison.op, actual, comparison.value);
  }
}

function isOrdered(
  op: 'gt' | 'gte' | 'lt' | 'lte',
  actual: unknown,
  bound: number | string,
): boolean {
  if (typeof actual !== typeof bound) return false;
  const value = actual as typeof bound;
  switch (op) {
    case 'gt':
      return value > bound;
    case 'gte':
      return value >= bound;
    case 'lt':
      return value < bound;
    case 'lte':
      return value <= bound;
  }
}

const longestShown = 200;
const mostShown = 5;

/** A value as it is kept beside a verdict: no more of it than explains. */
export function bounded(value: unknown): unknown {
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : value;
}

function boundedExpectation(expected: FilterComparison['value']): unknown {
  if (!Array.isArray(expected)) return bounded(expected);
  const shown = expected.slice(0, mostShown).map(bounded);
  const left = expected.length - shown.length;
  return left === 0 ? shown : [...shown, `… and ${left} more`];
}

function cut(text: string): string {
  return text.length <= longestShown ? text : `${text.slice(0, longestShown - 1)}…`;
}
