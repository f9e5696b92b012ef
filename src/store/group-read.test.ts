import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { GroupRead } from './group-read.ts';

/** A reader whose queries wait to be answered by the test. */
function createHeldReader(maxKeys?: number) {
  const queries: { keys: readonly string[]; answer: PromiseWithResolvers<readonly string[]> }[] =
    [];
  const reader = new GroupRead<string, string>({
    read: (keys) => {
      const answer = Promise.withResolvers<readonly string[]>();
      queries.push({ keys, answer });
      return answer.promise;
    },
    ...(maxKeys === undefined ? {} : { maxKeys }),
  });
  const answerNext = async () => {
    await until(() => queries.length > 0);
    const query = queries.shift();
    query?.answer.resolve(query.keys.map((key) => `value of ${key}`));
    return query?.keys;
  };
  return { reader, queries, answerNext };
}

test('what is asked for during a query shares the next one, each key once', async () => {
  const { reader, queries, answerNext } = createHeldReader();
  const first = reader.read('a');
  await until(() => queries.length === 1);
  const later = Promise.all([reader.read('a'), reader.read('b'), reader.read('a')]);
  expect(await answerNext()).toEqual(['a']);
  expect(await first).toBe('value of a');
  expect(await answerNext()).toEqual(['a', 'b']);
  expect(await later).toEqual(['value of a', 'value of b', 'value of a']);
});

test('nothing is kept: the same key is read again', async () => {
  const { reader, answerNext } = createHeldReader();
  for (let time = 0; time < 2; time++) {
    const value = reader.read('a');
    expect(await answerNext()).toEqual(['a']);
    expect(await value).toBe('value of a');
  }
});

test('a query has at most so many keys', async () => {
  const { reader, answerNext } = createHeldReader(2);
  const values = Promise.all(['a', 'b', 'a', 'c'].map((key) => reader.read(key)));
  expect(await answerNext()).toEqual(['a', 'b']);
  expect(await answerNext()).toEqual(['c']);
  expect(await values).toHaveLength(4);
});

test('a query that fails fails those who asked, and nobody after them', async () => {
  const { reader, queries, answerNext } = createHeldReader();
  const failed = reader.read('a');
  await until(() => queries.length === 1);
  const next = reader.read('b');
  queries.shift()?.answer.reject(new Error('gone'));
  await expect(failed).rejects.toThrow('gone');
  await answerNext();
  expect(await next).toBe('value of b');
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate();
}
