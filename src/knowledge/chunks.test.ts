import { describe, expect, test } from 'vitest';
import { chunksOf } from './chunks.ts';

const words = (count: number) =>
  Array.from({ length: count }, (_, n) => `Sentence number ${n} says little.`).join(' ');

describe('chunks of Markdown', () => {
  test('never go across a heading, and know all headings above them', () => {
    const body =
      'Before.\n\n# House *rules*\n\n## Pets\n\nDogs only.\n\n## Noise\n\n### At night\n\nFrom ten.\n\n# End';
    expect(chunksOf(body, 'markdown')).toEqual([
      { headings: [], text: 'Before.' },
      { headings: ['House rules', 'Pets'], text: 'Dogs only.' },
      { headings: ['House rules', 'Noise', 'At night'], text: 'From ten.' },
      { headings: [], text: 'End' },
    ]);
  });

  test('hold short paragraphs together, and cut long ones at their sentences', () => {
    expect(chunksOf('One.\n\nTwo.\n\nThree.', 'markdown')).toEqual([
      { headings: [], text: 'One.\n\nTwo.\n\nThree.' },
    ]);
    const chunks = chunksOf(words(200), 'markdown');
    expect(chunks.length).toBeGreaterThan(4);
    for (const { text } of chunks) {
      expect(text).toMatch(/^Sentence number .*says little\.$/s);
      expect(text.length).toBeLessThanOrEqual(1_200);
    }
    expect(chunks.map(({ text }) => text).join(' ')).toBe(words(200));
  });

  test.each([
    ['list', Array.from({ length: 60 }, (_, n) => `- Step ${n} of a list that is long`)],
    ['table', ['| Day | Opens |', '| --- | --- |', ...Array(80).fill('| Monday | nine o’clock |')]],
    ['piece of code', ['```', ...Array(80).fill('  print("one line of many")'), '```']],
  ])('keep a %s whole that is longer than a paragraph may be', (_, lines) => {
    const text = lines.join('\n');
    expect(text.length).toBeGreaterThan(1_800);
    const chunks = chunksOf(`# Head\n\n${words(30)}\n\n${text}\n\nAfter.`, 'markdown');
    const holding = chunks.filter((chunk) => chunk.text.includes(lines[2] ?? ''));
    expect(holding).toEqual([{ headings: ['Head'], text: expect.stringContaining(text) }]);
  });

  test('repeat the head of a table that no model could read at once, and cut between rows', () => {
    const rows = Array.from({ length: 300 }, (_, n) => `| Item ${n} of the list | ${n} |`);
    const head = '| Item | Price |\n| --- | --- |';
    const chunks = chunksOf(`${head}\n${rows.join('\n')}`, 'markdown');
    expect(chunks.length).toBeGreaterThan(3);
    const kept = chunks.flatMap(({ text }) => {
      expect(text.startsWith(`${head}\n| Item `)).toBe(true);
      return text.split('\n').slice(2);
    });
    expect(kept).toEqual(rows);
  });
});

test('plain text is cut at its blank lines, and what looks like a heading is text', () => {
  expect(chunksOf('# No heading\n\n\nText.', 'text')).toEqual([
    { headings: [], text: '# No heading\n\nText.' },
  ]);
});
