import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { fromStorableText, toStorableText } from './storable-text.ts';

const anyText = string({ unit: 'binary' }).map((text) => text.replaceAll('X', '\uE000'));
const awkward = ['\0', '\uD800', '\uDC00', 'a\uD83Db', '\uE000', '\uE0000000', '😀\uDE00\0', ''];

describe('storable text', () => {
  test('gives back any string, and is well-formed without NUL', async () => {
    await assert(
      property(anyText, (text) => {
        const stored = toStorableText(text);
        expect(stored.isWellFormed()).toBe(true);
        expect(stored).not.toContain('\0');
        expect(fromStorableText(stored)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  test('leaves ordinary text as it is', () => {
    expect(toStorableText('Grüße 😀\n\t"x"')).toBe('Grüße 😀\n\t"x"');
  });

  test('comes back from Postgres as it was', async () => {
    await using database = await createTestDatabase();
    const rows = await database.db.query<{ text: string }>({
      text: 'SELECT unnest($1::text[]) AS text',
      values: [awkward.map(toStorableText)],
    });
    expect(rows.map((row) => fromStorableText(row.text))).toEqual(awkward);
  });
});
