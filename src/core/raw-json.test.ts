import { anything, assert, property } from 'fast-check';
import { expect, test } from 'vitest';
import { RawJson, stringifyJson } from './raw-json.ts';

test('writes raw JSON unchanged, at any depth', () => {
  const raw = new RawJson('{"2":1,"1":12345678901234567890}');
  expect(stringifyJson({ a: [raw, null], b: raw, c: undefined })).toBe(
    '{"a":[{"2":1,"1":12345678901234567890},null],"b":{"2":1,"1":12345678901234567890}}',
  );
});

test('otherwise writes what JSON.stringify writes', async () => {
  await assert(
    property(anything({ withDate: true, withNullPrototype: true }), (value) => {
      expect(stringifyJson(value)).toBe(JSON.stringify(value) ?? 'null');
    }),
  );
});
