import { expect, test } from 'vitest';
import type { TestDefinition } from '../core/agent-test.ts';
import type { Run } from '../core/run.ts';
import { verdictsOf } from './verdicts.ts';

const run = {
  status: 'completed',
  disposition: 'resolved',
  response: 'The room is free.',
  error: null,
  outputJson: JSON.stringify({ guest: { name: 'Ada' }, nights: 3, rooms: [{ id: 'r-12' }] }),
} as Run;

const judged = (expected: TestDefinition['expect'], of: Partial<Run> = {}) =>
  verdictsOf(
    { expect: expected, tools: { others: 'real', results: [] } } as unknown as TestDefinition,
    { ...run, ...of },
    [],
  ).map(({ kind, passed, detail }) => [kind, passed, detail]);

test.each([
  [{ path: '/guest', equals: { name: 'Ada' } }, true, null],
  [{ path: '/nights', equals: 3 }, true, null],
  [{ path: '/nights', equals: '3' }, false, 'it is 3'],
  [{ path: '/rooms/0/id', matches: '^r-\\d+$' }, true, null],
  [{ path: '/rooms/0/id', matches: '^s' }, false, 'it is "r-12"'],
  [{ path: '/nights', matches: '3' }, false, 'it is 3'],
  [{ path: '/guest/name', exists: true }, true, null],
  [{ path: '/guest/age', exists: false }, true, null],
  [{ path: '/guest/age', exists: true }, false, 'it is not there'],
  [{ path: '/guest/age', equals: null }, false, 'it is not there'],
])('an output is held against %j', (expected, passed, detail) => {
  expect(judged({ output: [expected] })).toEqual([
    ['status', true, null],
    ['output', passed, detail],
  ]);
});

test('a run without output has nothing at any path', () => {
  const output = [{ path: '', exists: true }];
  expect(judged({ output }, { outputJson: null })[1]).toEqual(['output', false, 'it is not there']);
});

test('a case may expect that its run fails, and says why one that should not did', () => {
  const failed = { status: 'failed', error: 'It asked too often.', response: null } as const;
  expect(judged({ status: 'failed' }, failed)).toEqual([['status', true, null]]);
  expect(judged({ status: 'failed' })).toEqual([['status', false, 'it is completed']]);
  expect(judged({}, failed)).toEqual([['status', false, 'it is failed: It asked too often.']]);
});

test.each([
  [{ equals: 'The room is free.' }, true],
  [{ equals: 'the room is free.' }, false],
  [{ contains: 'free' }, true],
  [{ not_contains: 'free' }, false],
  [{ matches: 'room .+ free' }, true],
  [{ not_matches: '^The' }, false],
])('a response is held against %j', (rule, passed) => {
  expect(judged({ text: [rule] })[1]?.slice(0, 2)).toEqual(['text', passed]);
});
