import { expect, test } from 'vitest';
import type { JournalEntry } from '../core/journal.ts';
import { replyWithSources } from './citations.ts';

const found = (results: readonly object[]) =>
  ({
    ...{ type: 'tool', state: 'done', seq: 2, step: 2, createdAt: new Date(0) },
    data: {
      name: 'search_knowledge',
      outputJson: JSON.stringify({ message: '', rawData: { results } }),
    },
  }) as unknown as JournalEntry;
const entries = [
  found([{ cite: '[kc:aaaaaa]', context: 'Pets › Dogs', url: null }]),
  found([{ cite: '[kc:bbbbbb]', context: 'Pool', url: 'https://example.com/pool' }]),
];
const reply =
  'Open at nine [kc:bbbbbb]. Dogs may come [kc:aaaaaa], says the page [kc:bbbbbb] [kc:cccccc].';

test('a reply ends with the sources it cites, and only those that the run has found', () => {
  expect(replyWithSources({ cite_sources: true }, entries, reply)).toBe(
    'Open at nine [1]. Dogs may come [2], says the page [1].\n\nSources:\n[1] Pool: https://example.com/pool\n[2] Pets › Dogs',
  );
});

test('a reply of an agent that wants no sources is left as it is', () => {
  expect(replyWithSources({ cite_sources: false }, entries, 'Yes.')).toBe('Yes.');
  expect(replyWithSources({ cite_sources: true }, [], 'Yes [kc:aaaaaa].')).toBe('Yes.');
});
