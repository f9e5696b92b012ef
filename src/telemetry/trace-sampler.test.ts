import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { TraceSampler } from './trace-sampler.ts';

// A clock of its own, and the same trace ids at each run.

const idOf = (n: number) => createHash('md5').update(String(n)).digest('hex');

/** The ids that are taken of `perSecond` runs a second, evenly for `seconds`. */
function takenOf(
  given: { readonly ratio?: number; readonly limit: number },
  load: { readonly perSecond: number; readonly seconds: number },
) {
  let now = 0;
  const sampler = new TraceSampler({
    ratio: given.ratio ?? 1,
    perSecond: given.limit,
    now: () => now,
  });
  const taken = new Set<string>();
  const run = ({ perSecond, seconds }: typeof load) => {
    const before = taken.size;
    for (let n = 0; n < perSecond * seconds; n++) {
      now += 1_000 / perSecond;
      const id = idOf(now);
      if (sampler.takes(id)) taken.add(id);
    }
    return taken.size - before;
  };
  return { sampler, taken, run, first: run(load) };
}

test('below the limit all are taken, and without one always', () => {
  const low = takenOf({ limit: 500 }, { perSecond: 400, seconds: 5 });
  expect([low.first, low.sampler.leftOut]).toEqual([2_000, 0]);
  const unlimited = takenOf({ limit: 0 }, { perSecond: 10_000, seconds: 2 });
  expect([unlimited.first, unlimited.sampler.leftOut]).toEqual([20_000, 0]);
});

test('a flood is held to about the limit, the rest is counted, and after it all are taken again', () => {
  const { sampler, first, run } = takenOf({ limit: 500 }, { perSecond: 5_000, seconds: 10 });
  // The first quarter of a second is taken whole: only then is the flood known.
  expect(first).toBeGreaterThan(0.8 * 5_000);
  expect(first).toBeLessThan(1.2 * (5_000 + 5_000 / 4));
  expect(sampler.leftOut).toBe(50_000 - first);
  run({ perSecond: 400, seconds: 1 });
  expect(run({ perSecond: 400, seconds: 5 })).toBe(2_000);
});

test('what the busier of two processes takes is taken by the other as well', () => {
  let now = 0;
  const open = () => new TraceSampler({ ratio: 1, perSecond: 100, now: () => now });
  const calm = open();
  const busy = open();
  const taken = { calm: new Set<string>(), busy: new Set<string>() };
  for (let n = 0; n < 20_000; n++) {
    now += 1;
    const id = idOf(n);
    if (calm.takes(id)) taken.calm.add(id);
    // The busy one has twice as many again that the other does not see.
    for (const own of [id, idOf(n + 1e6), idOf(n + 2e6)]) {
      if (busy.takes(own) && own === id) taken.busy.add(id);
    }
  }
  const onlyBusy = [...taken.busy].filter((id) => !taken.calm.has(id));
  expect(taken.busy.size).toBeGreaterThan(400);
  expect(taken.calm.size).toBeGreaterThan(2 * taken.busy.size);
  // But for the first quarter of a second, and what a window's own count moves the share by.
  expect(onlyBusy.length).toBeLessThan(0.02 * taken.busy.size);
});

test('a share that is asked for holds below the limit and counts towards it', () => {
  const half = takenOf({ ratio: 0.5, limit: 500 }, { perSecond: 800, seconds: 5 });
  expect(half.first).toBeGreaterThan(0.45 * 4_000);
  expect(half.first).toBeLessThan(0.55 * 4_000);
  expect(half.sampler.leftOut).toBe(0);
  const flood = takenOf({ ratio: 0.5, limit: 500 }, { perSecond: 8_000, seconds: 10 });
  expect(flood.first).toBeLessThan(1.2 * (5_000 + 1_000));
  expect(flood.first).toBeGreaterThan(0.8 * 5_000);
  expect(takenOf({ ratio: 0, limit: 500 }, { perSecond: 800, seconds: 1 }).first).toBe(0);
});
