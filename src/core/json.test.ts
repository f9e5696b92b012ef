import { assert, json as jsonText, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonStrict, rawMember } from './json.ts';

function parse(text: string, maxDepth = 64) {
  return parseJsonStrict(text, { maxDepth });
}

describe('parseJsonStrict', () => {
  test('agrees with JSON.parse on any JSON', async () => {
    await assert(
      property(jsonText(), (text) => {
        expect(parse(text, 1_000)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  test('agrees with JSON.parse on what is not JSON', async () => {
    await assert(
      property(string({ unit: 'binary', maxLength: 12 }), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(parse(text).ok).toBe(valid);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['', 'unexpected end of the text at line 1, column 1'],
    ['{"a": 1', 'unexpected end of the text at line 1, column 8'],
    ['{"a": 1,\n  b: 2}', 'expected a member name in double quotes at line 2, column 3'],
    ['{"a" 1}', 'expected `:` at line 1, column 6'],
    ['[1 2]', 'expected `,` or `]` at line 1, column 4'],
    ['{"a": nul}', 'expected a JSON value at line 1, column 7'],
    ['"\\x"', 'bad escape in a string at line 1, column 2'],
    ['{} {}', 'unexpected text after the value at line 1, column 4'],
    ['01', 'unexpected text after the value at line 1, column 2'],
    ['"ab', 'unexpected end of the text at line 1, column 4'],
  ])('says what is wrong with %j and where', (text, problem) => {
    expect(parse(text)).toEqual({ ok: false, problem });
  });

  test('allows the given depth and not one more', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parse(nested(64)).ok).toBe(true);
    expect(parse(nested(65))).toEqual({
      ok: false,
      problem: 'nested too deeply at line 1, column 65',
    });
    expect(parse('['.repeat(1_000_000)).ok).toBe(false);
  });

  test('keeps __proto__ as a member and changes no prototype', () => {
    const result = parse('{"__proto__": {"polluted": true}}');
    const value = result.ok ? (result.value as Record<string, unknown>) : {};
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(value.polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('rawMember', () => {
  test('gives the text as it stands, with order of keys and digits', () => {
    const payload = '{"b" : 12345678901234567890.10, "2":1,  "1": [ ]}';
    expect(rawMember(`{"x": {"payload": 1}, "payload" : ${payload} , "y": 2}`, 'payload')).toBe(
      payload,
    );
  });

  test('takes the last of repeated members and sees through escapes in names', () => {
    expect(rawMember('{"payload": 1, "pay\\u006coad": 2}', 'payload')).toBe('2');
  });

  test('tells an absent member from null', () => {
    expect(rawMember('{"other": {"payload": 1}}', 'payload')).toBeNull();
    expect(rawMember('{"payload": null}', 'payload')).toBe('null');
    expect(rawMember('[1]', 'payload')).toBeNull();
  });
});
