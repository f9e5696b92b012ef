import { array, assert, constantFrom, integer, property, string, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CapturedLogs } from './captured-logs.ts';
import { createMask } from './mask.ts';

const value = 'sk/live+51 Hé"c\\x\'~!';
const mask = createMask({ KEY: value, OTHER: 'another-value', SHORT: 'seven77' });

describe('a secret is masked', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  test.each([
    ['as it is', value],
    ['in JSON', JSON.stringify({ a: value })],
    ['in JSON that is ASCII', `"${JSON.stringify(value).slice(1, -1).replace('é', '\\u00e9')}"`],
    ['as a component of a URL', `?a=${encodeURIComponent(value)}&b`],
    [
      'as a URL with lower-case escapes',
      encodeURIComponent(value).replace(/%../g, (c) => c.toLowerCase()),
    ],
    ['as a form', new URLSearchParams({ a: value }).toString()],
    ['in base64', base64(value)],
    ['in base64 without padding', base64(value).replace(/=+$/, '')],
    ['in base64url', Buffer.from(value).toString('base64url')],
    ['within base64, after one character', base64(`u${value}`)],
    ['within base64, after two', base64(`us${value}`)],
    ['within base64, after three', base64(`use${value} and more`)],
    ['in Basic authorization', `Basic ${base64(`user:${value}`)}`],
    ['in hexadecimal', Buffer.from(value).toString('hex')],
  ])('%s', (_, text) => {
    const masked = mask.text(`before ${text} after`);
    expect(masked).toContain('[secret KEY]');
    expect(masked.length).toBeLessThan(text.length + 40);
    for (const core of ['live', 'c2svbGl2Z', base64(value).slice(8, 16)])
      expect(masked).not.toContain(core);
  });

  test('line by line, when it has lines', () => {
    const lines = createMask({ PEM: '-----BEGIN-----\nQUJDREVGRw==\nshort\n' });
    expect(lines.text('x QUJDREVGRw== y short')).toBe('x [secret PEM] y short');
  });

  test('in bytes that are no text', () => {
    const long = `ü${'é'.repeat(70)}`;
    const bytes = createMask({ KEY: 'pässwort-geheim', LONG: long }).bytes(
      Buffer.concat([Buffer.from([255, 0]), Buffer.from('pässwort-geheim'), Buffer.from(long)]),
    );
    expect(bytes.toString('latin1')).toBe('\u00ff\0[secret KEY][secret LONG]');
  });

  test('where it overlaps with another', () => {
    const two = createMask({ A: 'aaaabbbb', B: 'bbbbcccc' });
    expect(two.text('x aaaabbbbcccc y')).toBe('x [secret A] y');
  });

  test('where its end was cut off', () => {
    expect(mask.text('said another-va\n… 5 more', 15)).toBe('said [secret OTHER]\n… 5 more');
    expect(mask.text('said another-va\n… 5 more')).toBe('said another-va\n… 5 more');
  });

  test('as far as it stands there, when it is long', () => {
    const long = createMask({ LONG: 'abcdefgh'.repeat(100) });
    expect(long.text(`x${'abcdefgh'.repeat(100)}y`)).toBe('x[secret LONG]y');
    expect(long.text(`x${'abcdefgh'.repeat(20)}y`)).toBe('x[secret LONG]y');
    expect(long.text('x abcdefghabcdefgh y')).toBe('x abcdefghabcdefgh y');
  });

  test('in time, also in a text that is almost it, over and over', () => {
    const secrets = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`K${n}`, `${'a'.repeat(30_000)}${n}`]),
    );
    const many = createMask(secrets);
    const startedAt = performance.now();
    many.text('a'.repeat(60).concat('b').repeat(17_000));
    many.json(JSON.stringify(Array.from({ length: 80_000 }, () => 'aaaaaaaaab')));
    expect(many.text('a'.repeat(1_000_000)).length).toBeLessThan(1_000);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('never, when it has fewer than 8 characters', () => {
    expect(mask.text('seven77 is short')).toBe('seven77 is short');
  });
});

describe('JSON', () => {
  test('stays as it was where nothing is found', () => {
    const json = '{"a": 1.50, "b" : [12345678901234567890, "\\u00e9", "a\\/b"]}';
    expect(mask.json(json)).toBe(json);
  });

  test('is masked within strings, keys and numbers, and stays JSON', () => {
    const numeric = createMask({ PIN: '1234567890', ODD: '","message":"' });
    const json =
      '{"message":"a","rawData":[1234567890,"1234567890",{"x1234567890":"\\",\\"message\\":\\""}]}';
    expect(JSON.parse(numeric.json(json))).toEqual({
      message: 'a',
      rawData: ['[secret PIN]', '[secret PIN]', { 'x[secret PIN]': '[secret ODD]' }],
    });
  });

  test('never holds a value afterwards, whatever was in it', async () => {
    const secret = string({ unit: 'binary', minLength: 8, maxLength: 20 });
    await assert(
      property(
        uniqueArray(secret, { minLength: 1, maxLength: 3 }),
        constantFrom('', 'x', '"', '\\'),
        (values, glue) => {
          const some = createMask(Object.fromEntries(values.map((text, n) => [`K${n}`, text])));
          const masked = some.json(JSON.stringify({ message: values.join(glue), rawData: values }));
          const found = JSON.stringify(JSON.parse(masked));
          for (const text of values.map((t) => JSON.stringify(t).slice(1, -1))) {
            if (!'{"message":"[secret K0]","rawData":[]}'.includes(text))
              expect(found).not.toContain(text);
          }
        },
      ),
    );
  });

  test('never holds a form of a value, in whatever pieces it was printed and wherever it was cut', async () => {
    const secret = string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 24 });
    await assert(
      property(
        secret,
        constantFrom('', 'u', 'us', 'user:', 'x"'),
        array(integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
        (value, before, sizes) => {
          const core = (text: string, offset: number) => {
            const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
            return bytes
              .toString('base64')
              .replace(/=+$/, '')
              .slice(offset === 0 ? 0 : offset + 1, -1);
          };
          const forms = [
            value,
            Buffer.from(before + value).toString('base64'),
            Buffer.from(before + value).toString('base64url'),
            encodeURIComponent(before + value),
            new URLSearchParams({ q: before + value }).toString(),
            Buffer.from(value).toString('hex'),
            JSON.stringify(before + value),
          ];
          const mask = createMask({ K: value });
          for (const form of forms) {
            const printed = Buffer.from(`begin ${form} end`);
            const logs = new CapturedLogs(printed.length);
            for (let at = 0, n = 0; at < printed.length; n += 1) {
              const size = sizes[n % sizes.length] ?? 1;
              logs.add(printed.subarray(at, at + size));
              at += size;
            }
            const masked = mask.text(logs.text() ?? '');
            expect(masked).toContain('[secret K]');
            const secretForms = [
              value,
              core(value, Buffer.byteLength(before) % 3),
              encodeURIComponent(value),
            ];
            for (const text of secretForms)
              expect(masked.includes(text) && !'begin [secret K] end'.includes(text)).toBe(false);
            // Cut by us: what is left of it is masked from its fourth character on.
            const cutAt = 6 + Math.max(4, form.length - 3);
            const text = `begin ${form}`.slice(0, cutAt);
            if (form === value) expect(mask.text(text, text.length)).toBe('begin [secret K]');
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
