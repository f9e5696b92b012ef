import { expect, test } from 'vitest';
import { forecast, monthAt } from './month.ts';

test('a month is that of the moment, if none is named, and knows how much of it is over', () => {
  expect(monthAt(new Date('2026-04-16T00:00:00Z'))).toEqual({
    name: '2026-04',
    from: new Date('2026-04-01T00:00:00Z'),
    to: new Date('2026-05-01T00:00:00Z'),
    isCurrent: true,
    elapsedShare: 0.5,
  });
});

test.each([
  ['2025-12', '2026-01-01T00:00:00.000Z', 1],
  ['2026-06', '2026-07-01T00:00:00.000Z', 0],
])('%s is not the current one', (name, to, elapsedShare) => {
  const month = monthAt(new Date('2026-04-16T00:00:00Z'), name);
  expect(month).toMatchObject({ to: new Date(to), isCurrent: false, elapsedShare });
});

test('a forecast goes on as it went, and says what there is at the first moment', () => {
  expect(forecast(3, { elapsedShare: 0.25 })).toBe(12);
  expect(forecast(3, monthAt(new Date('2026-04-01T00:00:00Z')))).toBe(3);
});
