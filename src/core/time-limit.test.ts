import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { timeLimit } from './time-limit.ts';

test('fires when its time is over, as a timeout', async () => {
  using limit = timeLimit(5);
  await once(limit.signal, 'abort');
  expect(limit.signal.reason).toMatchObject({ name: 'TimeoutError' });
});

test('never fires once it is disposed, and takes the longest of times', async () => {
  const limit = timeLimit(5);
  limit[Symbol.dispose]();
  using long = timeLimit(Number.MAX_SAFE_INTEGER);
  await sleep(30);
  expect([limit.signal.aborted, long.signal.aborted]).toEqual([false, false]);
});
