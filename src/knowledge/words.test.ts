import { expect, test } from 'vitest';
import { questionWords, searchableText } from './words.ts';

const formsOf = (word: string) => questionWords(word)[0]?.forms;

test('texts are searched in lower case, whatever the locale of the server', () => {
  expect(searchableText('Östlich der **ÉCOLE**')).toBe('östlich der école');
  // A Turkish capital has its dot, which is no letter of its own.
  expect(searchableText('İSLAM Devleti’nin')).toBe('islam devleti nin');
});

test('a word of a question counts once, however it is written', () => {
  expect(questionWords('Pool? pool! İpek ipek').map(({ word }) => word)).toEqual(['pool', 'ipek']);
});

test('Turkish is asked with both letters i, other languages with the one that is written', () => {
  const plain = { language: null, isStopWord: false };
  const turkish = { language: 'turkish', isStopWord: false };
  expect(formsOf('Işık')).toEqual([
    { form: 'işık', ...plain },
    { form: 'ışık', ...turkish },
    { form: 'işik', ...turkish },
  ]);
  expect(formsOf('pişik')).toEqual([{ form: 'pişik', ...plain }]);
});

test('words that say nothing are known where Postgres has no list of them', () => {
  const ignored = (word: string) =>
    formsOf(word)?.flatMap(({ language, isStopWord }) => (isStopWord ? [language] : []));
  expect([ignored('التي'), ignored('hangi'), ignored('piscina')]).toEqual([
    ['arabic'],
    ['turkish'],
    [],
  ]);
});
