import { describe, expect, it } from 'vitest';
import { compareAll, type FilterComparison } from './filter.ts';

const payload = {
  reservation: { status: 'confirmed', nights: 3, note: null, tags: ['vip', 'late'], id: '7' },
  when: '2026-04-03T03:14:15Z',
};

function holds(field: string, op: string, value: unknown): boolean {
  const [comparison] = compareAll([{ field, op, value } as FilterComparison], payload);
  return comparison?.matched === true;
}

describe('a comparison', () => {
  it.each([
    ['reservation.status', 'eq', 'confirmed', true],
    ['reservation.id', 'eq', 7, false],
    ['reservation.note', 'eq', null, true],
    ['reservation.gone', 'eq', null, false],
    ['reservation.status', 'ne', 'cancelled', true],
    ['reservation.gone', 'ne', 'cancelled', true],
    ['reservation.nights', 'gt', 3, false],
    ['reservation.nights', 'gte', 3, true],
    ['reservation.nights', 'lt', '4', false],
    ['when', 'gt', '2026-01-01', true],
    ['reservation.gone', 'lt', 4, false],
    ['reservation.status', 'in', ['a', 'confirmed'], true],
    ['reservation.gone', 'in', [null], false],
    ['reservation.gone', 'not_in', [null], true],
    ['reservation.tags', 'contains', 'vip', true],
    ['reservation.tags', 'contains', 'vi', false],
    ['reservation.status', 'contains', 'firm', true],
    ['reservation.nights', 'contains', '3', false],
    ['reservation.status', 'starts_with', 'con', true],
    ['reservation.status', 'ends_with', 'con', false],
    ['reservation.note', 'exists', true, true],
    ['reservation.gone', 'exists', false, true],
    ['reservation.tags.1', 'eq', 'late', true],
    ['reservation.tags.length', 'exists', true, false],
    ['constructor', 'exists', true, false],
    ['__proto__', 'exists', true, false],
  ])('%s %s %j is %s', (field, op, value, expected) => {
    expect(holds(field, op, value)).toBe(expected);
  });

  it('shows what was there, and no more of it than explains', () => {
    const long = 'x'.repeat(1_000);
    const shown = compareAll(
      [
        { field: 'long', op: 'eq', value: long },
        { field: 'gone', op: 'eq', value: 1 },
        { field: 'list', op: 'eq', value: 1 },
        { field: 'long', op: 'in', value: Array.from({ length: 200 }, (_, n) => n) },
      ],
      { long, list: [1, 2] },
    );
    expect(shown[0]?.matched).toBe(true);
    expect(JSON.stringify(shown).length).toBeLessThan(1_500);
    expect(shown[1]).not.toHaveProperty('actual');
    expect(shown[2]?.actual).toBe('an array of 2');
  });
});
