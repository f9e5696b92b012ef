import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutJson } from './layout-json.ts';

describe('JSON for people', () => {
  test('takes one line where it fits', () => {
    const value = { a: 1, b: [true, null], c: {}, d: [] };
    expect(layoutJson(value, 60)).toEqual(['{ "a": 1, "b": [true, null], "c": {}, "d": [] }']);
  });

  test('puts as many members on a line as fit, and what is nested on lines of its own', () => {
    const value = {
      guest: 'Ada Lovelace',
      room: 'Garden room',
      nights: 4,
      rates: [
        { night: '2027-04-05', rate: 145 },
        { night: '2027-04-06', rate: 145 },
      ],
      total: 580,
    };
    expect(`\n${layoutJson(value, 50).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      { "guest": "Ada Lovelace", "room": "Garden room",
        "nights": 4,
        "rates":
          [ { "night": "2027-04-05", "rate": 145 },
            { "night": "2027-04-06", "rate": 145 } ],
        "total": 580 }
      "
    `);
  });

  test('is still the same JSON, within the columns if no text is longer', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 10, max: 100 }), (value, columns) => {
        expect(JSON.parse(layoutJson(value, columns).join('\n'))).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
    const small = fc.array(fc.array(fc.integer({ min: 0, max: 999 })));
    fc.assert(
      fc.property(small, fc.integer({ min: 20, max: 100 }), (value, columns) => {
        for (const line of layoutJson(value, columns)) {
          expect(line.length).toBeLessThanOrEqual(columns);
        }
      }),
    );
  });
});
