import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SandboxBusy } from '../core/sandbox.ts';
import { Places } from './places.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('slots are distinct while they are taken, and come back', async () => {
  const places = new Places(2);
  const first = await places.take();
  const second = await places.take();
  expect(new Set([first.slot, second.slot])).toEqual(new Set([0, 1]));
  const third = places.take();
  first[Symbol.dispose]();
  expect((await third).slot).toBe(first.slot);
});

test('a full sandbox is busy after ten seconds, not before', async () => {
  const places = new Places(1);
  const held = await places.take();
  const refused = vi.fn();
  const waiting = places.take().catch(refused);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(refused).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
  expect(refused).toHaveBeenCalledExactlyOnceWith(expect.any(SandboxBusy));
  held[Symbol.dispose]();
  expect((await places.take()).slot).toBe(0);
});

test('who gave up waiting takes no place', async () => {
  const places = new Places(1);
  const held = await places.take();
  const cancel = new AbortController();
  const given = places.take(cancel.signal);
  const next = places.take();
  cancel.abort(new Error('cancelled'));
  held[Symbol.dispose]();
  await expect(given).rejects.toThrow('cancelled');
  expect((await next).slot).toBe(0);
  await expect(places.take(AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
});
