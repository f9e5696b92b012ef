import { describe, expect, test } from 'vitest';
import { type Fault, GroupCommit, NotCommitted, UnstorableUnit } from './group-commit.ts';

class Failure extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault);
    this.fault = fault;
  }
}

function committer(
  execute: (units: readonly number[]) => Promise<readonly string[]>,
  options: {
    giveUpAfterMs?: number;
    maxUnits?: number;
    maxWaiting?: number;
    maxBytes?: number;
  } = {},
) {
  let nowMs = 0;
  return new GroupCommit<number, string>({
    execute,
    faultOf: (error) => (error instanceof Failure ? error.fault : 'other'),
    sizeOf: () => 100,
    giveUpAfterMs: Number.POSITIVE_INFINITY,
    now: () => nowMs,
    pause: async (ms) => {
      nowMs += ms;
    },
    ...options,
  });
}

describe('group commit', () => {
  test('commits what waits together, in order, and answers each unit with its own result', async () => {
    const batches: number[][] = [];
    const queue = committer(async (units) => {
      batches.push([...units]);
      return units.map((unit) => `r${unit}`);
    });
    const results = await Promise.all([1, 2, 3].map((unit) => queue.submit(unit)));
    expect(results).toEqual(['r1', 'r2', 'r3']);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  test('bounds a batch by units and by bytes', async () => {
    const sizes: number[] = [];
    const execute = async (units: readonly number[]) => {
      sizes.push(units.length);
      return units.map(String);
    };
    const byUnits = committer(execute, { maxUnits: 4 });
    await Promise.all(Array.from({ length: 10 }, (_, unit) => byUnits.submit(unit)));
    expect(sizes.splice(0)).toEqual([4, 4, 2]);
    const byBytes = committer(execute, { maxBytes: 250 });
    await Promise.all(Array.from({ length: 5 }, (_, unit) => byBytes.submit(unit)));
    expect(sizes).toEqual([2, 2, 1]);
  });

  test('refuses the one bad unit of a batch and commits its neighbours', async () => {
    const committed: number[] = [];
    const queue = committer(async (units) => {
      if (units.includes(5)) throw new Failure('bad_data');
      committed.push(...units);
      return units.map(String);
    });
    const results = await Promise.allSettled(Array.from({ length: 9 }, (_, i) => queue.submit(i)));
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(1);
    const [rejected] = results.filter((result) => result.status === 'rejected');
    expect(rejected?.reason).toBeInstanceOf(UnstorableUnit);
    expect(committed.sort()).toEqual([0, 1, 2, 3, 4, 6, 7, 8]);
  });

  test.each(['transient', 'connection'] as const)(
    'sends the same batch again after a %s fault',
    async (fault) => {
      const tries: number[][] = [];
      const queue = committer(async (units) => {
        tries.push([...units]);
        if (tries.length < 3) throw new Failure(fault);
        return units.map(String);
      });
      await Promise.all([queue.submit(1), queue.submit(2)]);
      expect(tries).toEqual([
        [1, 2],
        [1, 2],
        [1, 2],
      ]);
    },
  );

  test('gives up on a unit after its time and says that it is not known to be committed', async () => {
    const queue = committer(
      async () => {
        throw new Failure('connection');
      },
      { giveUpAfterMs: 500 },
    );
    await expect(queue.submit(1)).rejects.toBeInstanceOf(NotCommitted);
  });

  test('makes submitters wait while there is no room, and loses none of them', async () => {
    const seen: number[] = [];
    const queue = committer(
      async (units) => {
        seen.push(...units);
        return units.map(String);
      },
      { maxWaiting: 2, maxUnits: 2 },
    );
    await Promise.all(Array.from({ length: 50 }, (_, unit) => queue.submit(unit)));
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, unit) => unit));
  });

  test('commits what waits when it is closed and refuses what comes later', async () => {
    const queue = committer(async (units) => units.map(String));
    const last = queue.submit(1);
    await queue[Symbol.asyncDispose]();
    expect(await last).toBe('1');
    await expect(queue.submit(2)).rejects.toBeInstanceOf(NotCommitted);
  });
});
