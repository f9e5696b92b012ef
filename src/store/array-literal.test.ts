import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { withArrayLiterals } from './array-literal.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function echoed(type: string, array: readonly unknown[]): Promise<unknown> {
  const rows = await database.db.query<{ value: unknown }>({
    text: `SELECT to_jsonb($1::${type}[]) AS value`,
    values: [array],
  });
  return rows[0]?.value;
}

test('texts come back as they were given, whatever is in them', async () => {
  const parts = ['"', '\\', ',', '{', '}', '\n', '\u0001', '\t', 'NULL', ' ', 'é', '😀', '\u2028'];
  const random = seededRandom(11);
  const texts = Array.from({ length: 400 }, () =>
    Array.from({ length: Math.floor(random() * 5) }, () => {
      return parts[Math.floor(random() * parts.length)];
    }).join(''),
  );
  const given = [...texts, null, 'null', '', JSON.stringify({ a: '"\\"' })];
  expect(await echoed('text', given)).toEqual(given);
});

test('numbers, booleans and nulls come back, and empty arrays', async () => {
  expect(await echoed('float8', [0, -1.5, 1e-9, 2 ** 53, null])).toEqual([
    0,
    -1.5,
    1e-9,
    2 ** 53,
    null,
  ]);
  expect(await echoed('bool', [true, false, null])).toEqual([true, false, null]);
  expect(await echoed('text', [])).toEqual([]);
});

test('the driver is left what it alone can write: dates, bytes, arrays in arrays, values without an array', () => {
  const left = [[new Date(0)], [Buffer.from('a')], [['a']], 'a', 1, null, Buffer.from('a')];
  expect(withArrayLiterals(left)).toEqual(left);
});
