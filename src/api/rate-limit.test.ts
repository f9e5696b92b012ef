import { expect, test } from 'vitest';
import { createRateLimiter } from './rate-limit.ts';

function clocked() {
  const clock = { ms: 1_700_000_000_000 };
  const limiter = createRateLimiter(() => clock.ms);
  return { limiter, passS: (seconds: number) => (clock.ms += seconds * 1_000) };
}

test('allows the limit and refuses the next, without counting it', async () => {
  const { limiter, passS } = clocked();
  const states = await Promise.all([1, 2, 3].map(() => limiter.take('ws', 2)));
  expect(states.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
    [true, 1],
    [true, 0],
    [false, 0],
  ]);
  expect(states[2]?.retryAfterS).toBe(60);
  passS(60);
  expect((await limiter.take('ws', 2)).allowed).toBe(true);
});

test('the window slides: twice the limit never fits around a minute’s border', async () => {
  const { limiter, passS } = clocked();
  passS(59);
  for (let i = 0; i < 10; i++) expect((await limiter.take('ws', 10)).allowed).toBe(true);
  passS(1);
  expect(await limiter.take('ws', 10)).toMatchObject({ allowed: false, retryAfterS: 59 });
  passS(58);
  expect(await limiter.take('ws', 10)).toMatchObject({ allowed: false, retryAfterS: 1 });
  passS(1);
  expect(await limiter.take('ws', 10)).toMatchObject({ allowed: true, remaining: 9 });
});

test('waiting Retry-After is always enough', async () => {
  const { limiter, passS } = clocked();
  for (let i = 0; i < 500; i++) {
    passS(i % 7 === 0 ? 3 : 0);
    const state = await limiter.take('ws', 20);
    if (state.allowed) continue;
    passS(state.retryAfterS);
    expect((await limiter.take('ws', 20)).allowed).toBe(true);
  }
});

test('keys are counted apart', async () => {
  const { limiter } = clocked();
  expect((await limiter.take('a', 1)).allowed).toBe(true);
  expect((await limiter.take('b', 1)).allowed).toBe(true);
  expect((await limiter.take('a', 1)).allowed).toBe(false);
});

test('a clock that is set back neither frees nor blocks for good', async () => {
  const { limiter, passS } = clocked();
  await limiter.take('ws', 1);
  passS(-3_600);
  expect((await limiter.take('ws', 1)).allowed).toBe(false);
  passS(3_660);
  expect((await limiter.take('ws', 1)).allowed).toBe(true);
});
