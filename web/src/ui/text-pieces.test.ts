import { expect, test } from 'vitest';
import { textPieces } from './text-pieces.ts';

test('a text of usual length stays whole', () => {
  expect(textPieces('')).toEqual(['']);
  expect(textPieces('word '.repeat(1_500))).toHaveLength(1);
});

test('a long text is cut between its paragraphs, lines or words, and nothing of it is lost', () => {
  const texts = ['one paragraph\n\n', 'one line\n', 'one word ', 'x', '😀'].map((part) =>
    part.repeat(Math.ceil(40_000 / part.length)),
  );
  for (const text of texts) {
    const pieces = textPieces(text);
    expect(pieces.length).toBeGreaterThan(4);
    expect(pieces.join('')).toBe(text);
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
  }
  expect(textPieces(texts[0] ?? '').every((piece) => piece.endsWith('\n\n'))).toBe(true);
});

test('a block of code that is cut goes on as one', () => {
  const text = `Look:\n\n\`\`\`\n${'some(code);\n'.repeat(3_000)}\`\`\`\n\nThat was it.`;
  const pieces = textPieces(text);
  expect(pieces[1]).toMatch(/^```\nsome\(code\);\n/);
  for (const piece of pieces) expect(piece.match(/```/g)).toHaveLength(2);
  expect(pieces.at(-1)).toMatch(/```\n\nThat was it\.$/);
});
