import { expect, test } from 'vitest';
import { judgeRecord, type KnownState } from './record-change.ts';

const known: KnownState = { version: 3, sourceHash: 'a', isDeleted: false };
const told = { version: 4, sourceHash: 'b', isDeletion: false };

test('a newer version with other content is a change; an older one is late, whatever it says', () => {
  expect(judgeRecord(known, told)).toEqual({ outcome: 'updated' });
  expect(judgeRecord(known, { ...told, version: 2 })).toEqual({ outcome: 'late' });
  expect(judgeRecord(known, { ...told, version: 2, isDeletion: true })).toEqual({
    outcome: 'late',
  });
});

test('the same content is no change, and a newer version of it is remembered', () => {
  expect(judgeRecord(known, { ...told, version: 3, sourceHash: 'a' })).toEqual({
    outcome: 'repeated',
  });
  expect(judgeRecord(known, { ...told, sourceHash: 'a' })).toEqual({
    outcome: 'repeated',
    advances: true,
  });
});

test('one version with two contents, and none where there was one, are refused', () => {
  expect(judgeRecord(known, { ...told, version: 3 })).toEqual({ problem: 'ambiguous' });
  expect(judgeRecord(known, { ...told, version: null })).toEqual({ problem: 'unversioned' });
});

test('what was deleted comes back by a newer version only', () => {
  const gone = { ...known, isDeleted: true };
  expect(judgeRecord(gone, { ...told, version: 3, sourceHash: 'a' })).toEqual({ outcome: 'late' });
  expect(judgeRecord(gone, told)).toEqual({ outcome: 'created' });
  expect(judgeRecord(gone, { ...told, isDeletion: true })).toEqual({
    outcome: 'repeated',
    advances: true,
  });
  expect(judgeRecord(known, { ...told, version: null, isDeletion: true })).toEqual({
    outcome: 'deleted',
  });
});

test('a deletion that overtakes the creation leaves a mark that the creation is late for', () => {
  expect(judgeRecord(null, { ...told, isDeletion: true })).toEqual({
    outcome: 'repeated',
    advances: true,
  });
});

test('without versions, the last one counts', () => {
  const plain = { ...known, version: null };
  expect(judgeRecord(plain, { ...told, version: null })).toEqual({ outcome: 'updated' });
  expect(judgeRecord(plain, { ...told, version: null, sourceHash: 'a' })).toMatchObject({
    outcome: 'repeated',
  });
});
