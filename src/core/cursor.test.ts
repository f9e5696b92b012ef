import { expect, test } from 'vitest';
import { type CursorContext, decodeCursor, encodeCursor } from './cursor.ts';

const position = {
  createdAt: new Date('2026-04-03T03:14:15.926Z'),
  id: 'ar77c0dy0mgdpzmqz6tesry8w184002s',
};
const context: CursorContext = {
  key: Buffer.alloc(32, 7),
  list: 'agents',
  filters: { workspace_id: 'ws1', status: undefined },
};

test('a cursor gives back the position it was made of', () => {
  expect(decodeCursor(encodeCursor(position, context), context)).toEqual(position);
});

test('filters are compared by value, whatever their order, and absent ones do not count', () => {
  const cursor = encodeCursor(position, { ...context, filters: { a: 1, b: 'x' } });
  expect(decodeCursor(cursor, { ...context, filters: { b: 'x', c: undefined, a: 1 } })).toEqual(
    position,
  );
});

test.each([
  ['another list', { list: 'runs' }],
  ['other filters', { filters: { workspace_id: 'ws2' } }],
  ['an added filter', { filters: { workspace_id: 'ws1', status: 'failed' } }],
  ['another key', { key: Buffer.alloc(32, 8) }],
])('a cursor is refused for %s', (_, change) => {
  expect(decodeCursor(encodeCursor(position, context), { ...context, ...change })).toBeNull();
});

test('a cursor with any character changed, cut or added is refused', () => {
  const cursor = encodeCursor(position, context);
  for (let at = 0; at < cursor.length; at++) {
    const other = cursor[at] === 'A' ? 'B' : 'A';
    expect(decodeCursor(cursor.slice(0, at) + other + cursor.slice(at + 1), context)).toBeNull();
    expect(decodeCursor(cursor.slice(0, at), context)).toBeNull();
  }
  expect(decodeCursor(`${cursor}A`, context)).toBeNull();
  expect(decodeCursor(`${cursor}=`, context)).toBeNull();
});

test('text that was never a cursor is refused', () => {
  for (const text of ['', 'page-token', '💥', 'a'.repeat(10_000)]) {
    expect(decodeCursor(text, context)).toBeNull();
  }
});
