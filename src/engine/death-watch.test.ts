import { expect, test } from 'vitest';
import { DeathWatch } from './death-watch.ts';

const watching = () => new DeathWatch({ deadAfterMs: 10_000, maxPollMs: 2_000 });
const still = [{ id: 'a', beat: 7 }];

test('a process whose beat stands still for ten seconds of polls is dead, not sooner', () => {
  const watch = watching();
  const deadAt = Array.from({ length: 12 }, (_, second) =>
    watch.observe(still, second * 1_000).length > 0 ? second : null,
  ).find((second) => second !== null);
  expect(deadAt).toBe(10);
});

test('a process that beats now and then lives', () => {
  const watch = watching();
  for (let second = 0; second < 100; second++) {
    const beats = [{ id: 'a', beat: Math.floor(second / 9) }];
    expect(watch.observe(beats, second * 1_000)).toEqual([]);
  }
});

test('an outage, in which nobody could beat and nobody could look, makes nobody dead', () => {
  const watch = watching();
  for (let second = 0; second < 8; second++) watch.observe(still, second * 1_000);
  expect(watch.observe(still, 600_000)).toEqual([]);
  expect(watch.observe([{ id: 'a', beat: 8 }], 601_000)).toEqual([]);
});

test('neither a freeze of the observer nor a clock that goes back makes anybody dead', () => {
  const watch = watching();
  watch.observe(still, 0);
  expect(watch.observe(still, 3_600_000)).toEqual([]);
  expect(watch.observe(still, 0)).toEqual([]);
  expect(watch.observe(still, 3_600_000)).toEqual([]);
});

test('a process that came late is watched from when it came', () => {
  const watch = watching();
  for (let second = 0; second < 60; second++) watch.observe([], second * 1_000);
  expect(watch.observe(still, 60_000)).toEqual([]);
});
