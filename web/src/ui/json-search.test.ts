import { expect, test } from 'vitest';
import { createMatcher } from './json-search.ts';
import { parseJson } from './parse-json.ts';

test('names and values are found without regard to case, places in arrays are not', () => {
  const value = { Order: { id: 'A-17', lines: ['order', 1, null] }, other: false };
  expect(createMatcher('order').count(value)).toBe(2);
  expect(createMatcher('a-17').count(value)).toBe(1);
  expect(createMatcher('null').contains(value)).toBe(true);
  expect(createMatcher('0').contains(value)).toBe(false);
});

test('JSON that cannot be read says why', () => {
  expect(parseJson('{"a": [1]}')).toEqual({ value: { a: [1] }, problem: null });
  expect(parseJson('{').problem).toMatch(/JSON/);
});
