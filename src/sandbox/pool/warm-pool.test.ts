import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SandboxUnavailable } from '../../core/sandbox.ts';
import type { RunnerProcess } from '../runner-process.ts';
import { type RunnerKind, WarmPool, type WarmPoolOptions } from './warm-pool.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Processes that exist in name only, and how they came and went. */
function createKind(more: Partial<RunnerKind> = {}) {
  const alive = new Map<RunnerProcess, (how: { status: number }) => void>();
  const slots = new Set<number>();
  let started = 0;
  const kind: RunnerKind = {
    residentBytes: 10,
    startMs: 20,
    keep: 0,
    start: async (slot) => {
      if (slots.has(slot)) throw new Error(`slot ${slot} is taken twice`);
      slots.add(slot);
      started += 1;
      const ended = Promise.withResolvers<{ status: number }>();
      const runner: RunnerProcess = {
        pid: 1,
        request: new PassThrough(),
        frames: new PassThrough(),
        prints: [],
        closed: ended.promise,
        kill: async () => {
          slots.delete(slot);
          alive.delete(runner);
          ended.resolve({ status: 137 });
        },
      };
      alive.set(runner, ended.resolve);
      return runner;
    },
    ...more,
  };
  const dieByItself = () => [...alive.keys()].forEach((runner) => void runner.kill());
  return { kind, alive, dieByItself, started: () => started };
}

const windowMs = 1_000;
const open = (kinds: Record<string, RunnerKind>, more: Partial<WarmPoolOptions> = {}) =>
  new WarmPool({
    kinds: new Map(Object.entries(kinds)),
    maxBytes: 100,
    maxWaiting: 8,
    slots: 16,
    windowMs,
    ...more,
  });

async function takeAtOnce(pool: WarmPool, name: string, count: number): Promise<void> {
  const taken = await Promise.all(Array.from({ length: count }, () => pool.take(name)));
  for (const { runner } of taken) await runner.kill();
}

describe('a warm pool', () => {
  test('keeps what it was told to keep, and gives it to the next call', async () => {
    const python = createKind({ keep: 1 });
    await using pool = open({ python: python.kind });
    await vi.advanceTimersByTimeAsync(1);
    expect(pool.waiting).toEqual({ count: 1, bytes: 10 });
    const { wasWaiting, runner } = await pool.take('python');
    expect([wasWaiting, python.started()]).toEqual([true, 1]);
    expect((await pool.take('python')).wasWaiting).toBe(false);
    await runner.kill();
  });

  test('starts nothing right away when one is taken: the call goes first', async () => {
    const python = createKind({ keep: 1 });
    await using pool = open({ python: python.kind });
    await vi.advanceTimersByTimeAsync(50);
    await pool.take('python');
    await vi.advanceTimersByTimeAsync(19);
    expect(python.started()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(python.started()).toBe(2);
  });

  test('grows to as many as were in use at once, one by one', async () => {
    const python = createKind();
    await using pool = open({ python: python.kind });
    await takeAtOnce(pool, 'python', 3);
    await vi.advanceTimersByTimeAsync(1);
    expect(pool.waiting.count).toBe(1);
    await vi.advanceTimersByTimeAsync(20);
    expect(pool.waiting.count).toBe(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(pool.waiting.count).toBe(3);
  });

  test('shrinks when two windows have passed without as much use', async () => {
    const python = createKind({ keep: 1 });
    await using pool = open({ python: python.kind });
    await takeAtOnce(pool, 'python', 3);
    await vi.advanceTimersByTimeAsync(windowMs + 100);
    expect(pool.waiting.count).toBe(3);
    await vi.advanceTimersByTimeAsync(windowMs);
    expect([pool.waiting.count, python.alive.size]).toEqual([1, 1]);
  });

  test('never has more memory waiting than its bound; what is used last stays', async () => {
    const [python, javascript] = [createKind(), createKind({ residentBytes: 40 })];
    await using pool = open({ python: python.kind, javascript: javascript.kind });
    await takeAtOnce(pool, 'javascript', 4);
    await vi.advanceTimersByTimeAsync(200);
    expect(pool.waiting).toEqual({ count: 2, bytes: 80 });
    await takeAtOnce(pool, 'python', 4);
    await vi.advanceTimersByTimeAsync(200);
    expect([python.alive.size, javascript.alive.size]).toEqual([4, 1]);
    expect(pool.waiting.bytes).toBeLessThanOrEqual(100);
  });

  test('with no memory to wait in starts each for its call', async () => {
    const python = createKind({ keep: 1 });
    await using pool = open({ python: python.kind }, { maxBytes: 0 });
    await vi.advanceTimersByTimeAsync(200);
    await takeAtOnce(pool, 'python', 2);
    await vi.advanceTimersByTimeAsync(200);
    expect([pool.waiting.count, python.started()]).toEqual([0, 2]);
  });

  test('does not hand out what died while it waited, nor replace it over and over', async () => {
    const python = createKind({ keep: 1 });
    await using pool = open({ python: python.kind });
    await vi.advanceTimersByTimeAsync(1);
    python.dieByItself();
    await vi.advanceTimersByTimeAsync(windowMs - 10);
    expect([pool.waiting.count, python.started()]).toEqual([0, 1]);
    expect((await pool.take('python')).wasWaiting).toBe(false);
  });

  test('says what stopped a start, and tries again for the next call', async () => {
    let isBroken = true;
    const python = createKind();
    const start = (slot: number) =>
      isBroken ? Promise.reject(new SandboxUnavailable('broken')) : python.kind.start(slot);
    await using pool = open({ python: { ...python.kind, start, keep: 1 } }, { slots: 1 });
    await expect(pool.take('python')).rejects.toThrow('broken');
    isBroken = false;
    expect((await pool.take('python')).wasWaiting).toBe(false);
    await expect(pool.take('python')).rejects.toThrow('no room');
  });

  test('ends all that waits, and all that is being started, when it closes', async () => {
    const python = createKind({ keep: 1 });
    const pool = open({ python: python.kind });
    await takeAtOnce(pool, 'python', 3);
    await vi.advanceTimersByTimeAsync(200);
    expect(python.alive.size).toBe(3);
    await pool[Symbol.asyncDispose]();
    expect(python.alive.size).toBe(0);
    await expect(pool.take('python')).rejects.toThrow('closed');
  });
});
