import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clipped, columnsOf, padded, wrapped } from './columns.ts';
import { sanitized } from './sanitized.ts';

const texts = fc
  .string({ unit: 'grapheme', maxLength: 200 })
  .map((text) => sanitized(text).replace(/\s/g, ' '));

describe('columns', () => {
  test.each([
    ['abc', 3],
    ['naïve', 5],
    ['e\u0301', 1],
    ['日本', 4],
    ['🚉', 2],
    ['✔', 1],
  ])('counts %s as %i', (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  test('pads and clips to the same width', () => {
    expect(padded('日本', 6)).toBe('日本  ');
    expect(clipped('日本語', 5)).toBe('日本…');
    expect(clipped('short', 5)).toBe('short');
  });

  test('wraps no line beyond the width and loses nothing but spaces', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 4, max: 60 }), (text, columns) => {
        const lines = wrapped(text, columns);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
    );
  });

  test('keeps line feeds and indentation', () => {
    expect(wrapped('one\n  two three four', 11)).toEqual(['one', '  two three', '  four']);
    expect(wrapped('a\n\nb', 10)).toEqual(['a', '', 'b']);
  });

  test('breaks a word that is longer than a line', () => {
    expect(wrapped('to https://example.com/x', 10)).toEqual([
      'to',
      'https://ex',
      'ample.com/',
      'x',
    ]);
  });
});
