import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { timeLimit } from './time-limit.ts';

const never = new AbortController().signal;

test('fires when its time is over, as a timeout', async () => {
  using limit = timeLimit(5, never);
  await once(limit.signal, 'abort');
  expect(limit.signal.reason).toMatchObject({ name: 'TimeoutError' });
});

test('never fires once it is disposed, and takes the longest of times', async () => {
  const limit = timeLimit(5, never);
  limit[Symbol.dispose]();
  using long = timeLimit(Number.MAX_SAFE_INTEGER, never);
  await sleep(30);
  expect([limit.signal.aborted, long.signal.aborted]).toEqual([false, false]);
});

test('fires with the other signal, for its reason, before and after it was made', () => {
  const stop = new AbortController();
  using limit = timeLimit(60_000, stop.signal);
  const disposed = timeLimit(60_000, stop.signal);
  disposed[Symbol.dispose]();
  stop.abort('enough');
  using late = timeLimit(60_000, stop.signal);
  expect([limit.signal.reason, late.signal.reason]).toEqual(['enough', 'enough']);
  expect(disposed.signal.aborted).toBe(false);
});
