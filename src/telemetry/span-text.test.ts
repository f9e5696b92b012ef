import { expect, test } from 'vitest';
import { spanText } from './span-text.ts';

test('a span is JSON whatever its values are, numbers and times as the protocol has them', () => {
  const nasty = 'a "quoted" \\ \u0000 line\n“end” \ud800';
  const text = spanText({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: null,
    name: nasty,
    kind: 'client',
    startMs: 1_764_000_000_000.25,
    endMs: 1_764_000_000_007,
    attributes: { text: nasty, whole: 3, part: 0.25, is: true, none: undefined, list: ['a', '"'] },
    error: nasty,
  });
  expect(JSON.parse(text)).toEqual({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: nasty,
    kind: 3,
    startTimeUnixNano: '1764000000000250000',
    endTimeUnixNano: '1764000000007000000',
    attributes: [
      { key: 'text', value: { stringValue: nasty } },
      { key: 'whole', value: { intValue: 3 } },
      { key: 'part', value: { doubleValue: 0.25 } },
      { key: 'is', value: { boolValue: true } },
      {
        key: 'list',
        value: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: '"' }] } },
      },
    ],
    status: { code: 2, message: nasty },
  });
});
