import { expect, test } from 'vitest';
import { isRawNumber, parseExactJson } from './exact-json.ts';

test.each([
  '{"id":12345678901234567890}',
  '[-9007199254740993,[9223372036854775807]]',
  '{"x":1e400}',
  '12345678901234567890',
])('gives %s back digit by digit', (text) => {
  expect(JSON.stringify(parseExactJson(text))).toBe(text);
});

test('numbers that a double holds are numbers', () => {
  const text = '{"a":1.0,"b":9007199254740992,"c":0.1,"d":1e21,"e":100000000000000000000}';
  expect(parseExactJson(text)).toEqual(JSON.parse(text));
  expect(isRawNumber((parseExactJson('{"a":1}') as { a: unknown }).a)).toBe(false);
  expect(isRawNumber(parseExactJson('9007199254740993'))).toBe(true);
});

test('a member named __proto__ is a member like any other', () => {
  const text = '{"__proto__":{"a":1},"b":2}';
  expect(JSON.stringify(parseExactJson(text))).toBe(text);
  expect(({} as { a?: number }).a).toBeUndefined();
});
