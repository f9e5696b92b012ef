import { expect, test } from 'vitest';
import { givenFields } from './given-fields.ts';

test('what is undefined is not given, and null is', () => {
  const patch = { name: 'Desk', limit: undefined, parent: null };
  expect(Object.keys(givenFields(patch))).toEqual(['name', 'parent']);
});
