import { describe, expect, it } from 'vitest';
import type { FilterComparison } from './filter.ts';
import { whyImpossible } from './impossible-filter.ts';

type Short = readonly [op: string, value: unknown, field?: string];

function filterOf(...comparisons: readonly Short[]): FilterComparison[] {
  return comparisons.map(([op, value, field = 'a']) => ({ field, op, value }) as FilterComparison);
}

describe('a filter that nothing can pass', () => {
  it.each<[string, readonly Short[], number]>([
    [
      'two values at once',
      [
        ['eq', 1],
        ['eq', 2],
      ],
      1,
    ],
    [
      'the same in two types',
      [
        ['eq', 1],
        ['eq', '1'],
      ],
      1,
    ],
    [
      'a value that is ruled out',
      [
        ['eq', 'x'],
        ['ne', 'x'],
      ],
      1,
    ],
    [
      'all of a list ruled out',
      [
        ['in', ['x', 'y']],
        ['ne', 'x'],
        ['not_in', ['y', 'z']],
      ],
      2,
    ],
    [
      'two lists without a common value',
      [
        ['in', [1, 2]],
        ['in', [3]],
      ],
      1,
    ],
    [
      'an empty range',
      [
        ['gt', 5],
        ['lt', 3],
      ],
      1,
    ],
    [
      'a range without its only value',
      [
        ['gte', 5],
        ['lt', 5],
      ],
      1,
    ],
    [
      'a single value that is ruled out',
      [
        ['gte', 5],
        ['lte', 5],
        ['ne', 5],
      ],
      2,
    ],
    [
      'numbers and texts',
      [
        ['gt', 5],
        ['lt', 'x'],
      ],
      1,
    ],
    [
      'a number that begins with something',
      [
        ['gt', 5],
        ['starts_with', 'x'],
      ],
      1,
    ],
    [
      'two beginnings',
      [
        ['starts_with', 'ab'],
        ['starts_with', 'ac'],
      ],
      1,
    ],
    [
      'two endings',
      [
        ['ends_with', 'ab'],
        ['ends_with', 'cb'],
      ],
      1,
    ],
    [
      'a beginning below the range',
      [
        ['gt', 'm'],
        ['starts_with', 'a'],
      ],
      1,
    ],
    [
      'a beginning above the range',
      [
        ['lt', 'm'],
        ['starts_with', 'z'],
      ],
      1,
    ],
    [
      'absent and yet a value',
      [
        ['exists', false],
        ['eq', 1],
      ],
      1,
    ],
    [
      'absent and there',
      [
        ['exists', true],
        ['exists', false],
      ],
      1,
    ],
    [
      'absent and in a range',
      [
        ['gt', 5],
        ['exists', false],
      ],
      1,
    ],
    [
      'a value with a field in it',
      [
        ['eq', 'x'],
        ['exists', true, 'a.b'],
      ],
      1,
    ],
  ])('%s', (_, comparisons, index) => {
    expect(whyImpossible(filterOf(...comparisons))?.index).toBe(index);
  });

  it('is told in a sentence', () => {
    expect(whyImpossible(filterOf(['gt', 5], ['lt', 3]))?.problem).toBe(
      'can never hold beside > 5: no value of a passes all',
    );
  });
});

describe('a filter that something passes', () => {
  it.each<[string, readonly Short[]]>([
    ['none', []],
    ['one value', [['eq', null]]],
    [
      'the same value twice',
      [
        ['eq', 1],
        ['in', [1, 2]],
      ],
    ],
    [
      'a range',
      [
        ['gt', 3],
        ['lte', 5],
        ['ne', 4],
      ],
    ],
    [
      'a single value',
      [
        ['gte', 5],
        ['lte', 5],
      ],
    ],
    [
      'nested beginnings',
      [
        ['starts_with', 'a'],
        ['starts_with', 'ab'],
        ['ends_with', 'z'],
      ],
    ],
    [
      'a beginning within the range',
      [
        ['gt', 'a'],
        ['lt', 'b'],
        ['starts_with', 'ab'],
      ],
    ],
    [
      'a beginning at the range’s edge',
      [
        ['lte', 'ab'],
        ['starts_with', 'ab'],
      ],
    ],
    [
      'absent or another',
      [
        ['ne', 1],
        ['exists', false],
      ],
    ],
    [
      'other fields',
      [
        ['eq', 1],
        ['eq', 2, 'b'],
        ['exists', true, 'c.d'],
      ],
    ],
    [
      'an array that contains',
      [
        ['contains', 'x'],
        ['exists', true, 'a.0'],
      ],
    ],
  ])('%s', (_, comparisons) => {
    expect(whyImpossible(filterOf(...comparisons))).toBeNull();
  });
});
