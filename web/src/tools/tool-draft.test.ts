import { expect, test } from 'vitest';
import { changesOf, inputOf, newTool } from './tool-draft.ts';

const empty = newTool(undefined);
const given = { ...empty, parameters: { order_id: { type: 'string' } } };

test('a new tool says nothing of parameters that are left empty, so that they are read from its code', () => {
  expect(inputOf(empty)).not.toHaveProperty('parameters');
  expect(inputOf(given)).toEqual(given);
});

test('a changed tool sends what differs', () => {
  expect(changesOf(given, { ...given, name: 'orders' })).toEqual({ name: 'orders' });
  expect(changesOf(empty, { ...empty, name: 'orders' })).toEqual({ name: 'orders' });
  expect(changesOf(empty, given)).toEqual({ parameters: given.parameters });
});

test('parameters that are emptied, or stay empty beside changed code, are read from the code anew', () => {
  expect(changesOf(given, empty)).toEqual({ parameters: null });
  expect(changesOf(empty, { ...empty, code: 'new' })).toEqual({ code: 'new', parameters: null });
});
