import { setImmediate } from 'node:timers/promises';
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
    maxInFlight?: number;
    minUnitsBeside?: number;
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

  describe('with batches in flight at once', () => {
    /** Batches that stay in flight until they are let through, by the place at which they began. */
    function held(options: { maxInFlight?: number; minUnitsBeside?: number }) {
      const batches: {
        readonly units: readonly number[];
        readonly end: (error?: Error) => void;
      }[] = [];
      const queue = committer(
        (units) =>
          new Promise((resolve, reject) => {
            const end = (error?: Error) =>
              error === undefined ? resolve(units.map((unit) => `r${unit}`)) : reject(error);
            batches.push({ units, end });
          }),
        options,
      );
      return { queue, batches, sizes: () => batches.map(({ units }) => units.length) };
    }
    /** What is submitted goes after a turn of the event loop, what an end makes room for after one more. */
    const settled = async () => {
      for (let turn = 0; turn < 3; turn++) await setImmediate();
    };
    const submitted = (queue: GroupCommit<number, string>, count: number) =>
      Array.from({ length: count }, (_, unit) => queue.submit(unit));

    test('divides what waits among those who are free, and gives each unit its own result', async () => {
      const { queue, batches, sizes } = held({ maxInFlight: 2, minUnitsBeside: 4 });
      const results = Promise.all(submitted(queue, 21));
      await settled();
      expect(sizes()).toEqual([11, 10]);
      batches[1]?.end();
      batches[0]?.end();
      expect(await results).toEqual(Array.from({ length: 21 }, (_, unit) => `r${unit}`));
    });

    test('keeps together what is too little for two, and lets too little wait for the other', async () => {
      const { queue, batches, sizes } = held({ maxInFlight: 2, minUnitsBeside: 4 });
      const results = submitted(queue, 7);
      await settled();
      expect(sizes()).toEqual([7]);
      results.push(...submitted(queue, 3));
      await settled();
      expect(sizes()).toEqual([7]);
      results.push(...submitted(queue, 1));
      await settled();
      expect(sizes()).toEqual([7, 4]);
      for (const batch of batches) batch.end();
      await Promise.all(results);
    });

    test('has never more in flight than it may, and starts the next when one ends', async () => {
      const { queue, batches, sizes } = held({ maxInFlight: 2, minUnitsBeside: 1 });
      const results = [...submitted(queue, 2)];
      await settled();
      results.push(...submitted(queue, 3));
      await settled();
      expect(sizes()).toEqual([1, 1]);
      batches[1]?.end();
      await results[1];
      await settled();
      expect(sizes()).toEqual([1, 1, 3]);
      batches[0]?.end();
      batches[2]?.end();
      await Promise.all(results);
    });

    test('waits for all of them when it is closed, and for what is left', async () => {
      const { queue, batches, sizes } = held({ maxInFlight: 2, minUnitsBeside: 2 });
      const results = submitted(queue, 4);
      await settled();
      results.push(...submitted(queue, 1));
      let isClosed = false;
      const closing = queue[Symbol.asyncDispose]().then(() => {
        isClosed = true;
      });
      batches[0]?.end();
      await settled();
      expect(sizes()).toEqual([2, 2]);
      batches[1]?.end();
      await settled();
      expect(sizes()).toEqual([2, 2, 1]);
      expect(isClosed).toBe(false);
      batches[2]?.end();
      await closing;
      await Promise.all(results);
    });

    test('a bad unit of one leaves the other alone', async () => {
      const { queue, batches } = held({ maxInFlight: 2, minUnitsBeside: 1 });
      const results = submitted(queue, 2);
      await settled();
      batches[0]?.end(new Failure('bad_data'));
      batches[1]?.end();
      await expect(results[0]).rejects.toBeInstanceOf(UnstorableUnit);
      expect(await results[1]).toBe('r1');
    });
  });
});
