import { expect, test } from 'vitest';
import { readRetryAfterMs } from './retry-after.ts';

const now = Date.UTC(2026, 4, 1, 12, 0, 0);

test.each([
  [undefined, null],
  [{}, null],
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
  [{ 'retry-after': 'Fri, 01 May 2026 12:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Fri, 01 May 2026 11:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, null],
  [{ 'retry-after': '-5' }, null],
  [{ 'retry-after-ms': 'x', 'retry-after': '1' }, 1000],
])('%o asks to wait %s ms', (headers, expected) => {
  expect(readRetryAfterMs(headers as Record<string, string> | undefined, now)).toBe(expected);
});
