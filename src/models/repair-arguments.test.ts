import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { repairArguments } from './repair-arguments.ts';

function outcomeOf(text: string): unknown {
  const result = repairArguments(text);
  return result.ok ? result.value : result.problem;
}

test('valid JSON is taken as it is', () => {
  expect(repairArguments(' {"a": [1, "x"], "b": null} ')).toEqual({
    ok: true,
    value: { a: [1, 'x'], b: null },
    repaired: false,
  });
});

test('no text at all is a call without arguments', () => {
  expect(repairArguments('')).toEqual({ ok: true, value: {}, repaired: true });
});

describe('what can be read in one way is mended', () => {
  test.each([
    ['a trailing comma', '{"a": 1, "b": [1, 2,],}', { a: 1, b: [1, 2] }],
    ['a missing comma', '{"a": 1 "b": 2}', { a: 1, b: 2 }],
    ['a missing closing brace', '{"a": {"b": "x"}', { a: { b: 'x' } }],
    ['missing brackets of both kinds', '{"a": ["x", "y"', { a: ['x', 'y'] }],
    ['a missing closing quote', '{"city": "Paris}', { city: 'Paris' }],
    ['a brace too many', '{"a": "x"}}', { a: 'x' }],
    ['single quotes', "{'a': 'x', 'b': 2}", { a: 'x', b: 2 }],
    ['typographic quotes', '{“a”: “x”}', { a: 'x' }],
    ['names without quotes', '{a: "x", b_2: 1}', { a: 'x', b_2: 1 }],
    ['Python literals', '{"a": True, "b": None, "c": [False]}', { a: true, b: null, c: [false] }],
    ['a code fence', '```json\n{"a": 1,}\n```', { a: 1 }],
    ['JSON within a string', '"{\\"a\\": \\"x\\"}"', { a: 'x' }],
    ['a line break within a string', '{"a": "one\ntwo"}', { a: 'one\ntwo' }],
  ])('%s', (_, text, value) => {
    expect(outcomeOf(text)).toEqual(value);
    expect(repairArguments(text)).toMatchObject({ repaired: true });
  });
});

describe('what could be read in several ways is refused', () => {
  test.each([
    ['a value cut off within a string', '{"city": "Par', /ends within a string/],
    ['a value cut off within a string with a brace', '{"code": "if (a) {', /ends within a string/],
    ['a number that may go on', '{"amount": 12', /ends within a number/],
    ['a text that ends after a comma', '{"a": "x",', /ends in the middle/],
    ['a text that ends after a colon', '{"a":', /ends in the middle/],
    ['a name at the end', '{"a"', /name has no value/],
    ['two colons', '{"a"::1}', /value is missing/],
    ['a value that is missing', '{"a": , "b": 1}', /value is missing/],
    ['quotes within a string', '{"a": "he said "hi" to me"}', /not escaped/],
    ['an apostrophe between single quotes', "{'a': 'it's'}", /not escaped|ends within/],
    ['a string without quotes', '{"city": Paris}', /Paris is neither/],
    ['an ellipsis', '{"ids": [1, 2, ...]}', /neither/],
    ['NaN', '{"a": NaN}', /NaN is neither/],
    ['two objects', '{"a": 1}{"b": 2}', /more text after/],
    ['words before the object', 'Here you are: {"a": 1,}', /one JSON object/],
    ['brackets that do not match', '{"a": [{"b": 1,}, "c": 2}', /do not match/],
    ['a regular expression', '{"a": "\\d+",}', /backslash/],
    ['an array', '[1]', /not an array/],
    ['a number', '5', /not a number/],
    ['a plain string', '"hello"', /not a string/],
  ])('%s', (_, text, problem) => {
    expect(repairArguments(text)).toMatchObject({ ok: false });
    expect(outcomeOf(text)).toMatch(problem);
  });
});

test('a repair that invents names or loses required ones is refused', () => {
  const schema = { properties: { a: {}, b: {} }, required: ['b'] };
  expect(repairArguments("{'a': 1, 'c': 2, 'b': 3}", schema)).toMatchObject({ ok: false });
  expect(repairArguments("{'a': 1}", schema)).toMatchObject({ ok: false });
  expect(repairArguments("{'b': 1}", schema)).toMatchObject({ ok: true });
});

test('any object survives, and none of its beginnings is mistaken for another one', () => {
  // With brackets in strings a beginning can look like a whole text that only lacks its quote.
  const strings = fc.string().filter((text) => !/[[\]{}]/.test(text));
  const objects = fc.dictionary(
    strings,
    fc.oneof(
      strings,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.oneof(strings, fc.integer())),
    ),
  );
  fc.assert(
    fc.property(objects, fc.nat(), (object, cut) => {
      const text = JSON.stringify(object);
      expect(outcomeOf(text)).toEqual(JSON.parse(text));
      const result = repairArguments(text.slice(0, 1 + (cut % text.length)));
      if (!result.ok) return;
      // A beginning may lack what came later, but every value that is there is one that was meant.
      for (const [key, value] of Object.entries(result.value)) {
        expect(Object.keys(JSON.parse(text))).toContain(key);
        if (!Array.isArray(value)) expect(value).toEqual(JSON.parse(text)[key]);
      }
    }),
    { numRuns: 2000 },
  );
});
