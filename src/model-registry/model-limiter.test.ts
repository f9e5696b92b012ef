import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { ModelLimiter } from './model-limiter.ts';

let database: TestDatabase;
let limiter: ModelLimiter;
beforeAll(async () => {
  database = await createTestDatabase();
  limiter = new ModelLimiter({ db: database.db, patienceMs: 100 });
});
afterAll(async () => {
  await limiter[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

let count = 0;
const entryOf = (limits: object) => ({
  id: `md${String(++count).padStart(30, '0')}`,
  name: 'limited',
  limits: { requests_per_minute: null, tokens_per_minute: null, max_concurrent: null, ...limits },
});

test('limits of calls at once hold over two processes, and free a place at its end', async () => {
  await using other = new ModelLimiter({ db: database.db, patienceMs: 100 });
  const entry = entryOf({ max_concurrent: 2 });
  const first = await limiter.admit(entry, 10);
  await other.admit(entry, 10);
  await expect(limiter.admit(entry, 10)).rejects.toMatchObject({
    kind: 'rate_limited',
    message: expect.stringContaining('2 at once'),
    retryLater: { isOwnLimit: true },
  });
  await first.end(5);
  await other.admit(entry, 10);
});

test('limits of requests and tokens count the last minute, what was really used included', async () => {
  const requests = entryOf({ requests_per_minute: 2 });
  for (let n = 0; n < 2; n++) await (await limiter.admit(requests, 10)).end(10);
  await expect(limiter.admit(requests, 10)).rejects.toMatchObject({
    retryLater: { afterMs: expect.any(Number) },
  });
  await database.db.execute({
    text: `UPDATE model_calls SET started_at = started_at - interval '61 s' WHERE model_id = $1`,
    values: [requests.id],
  });
  await limiter.admit(requests, 10);
  const tokens = entryOf({ tokens_per_minute: 100 });
  await (await limiter.admit(tokens, 10)).end(95);
  await expect(limiter.admit(tokens, 10)).rejects.toMatchObject({ kind: 'rate_limited' });
  // What is larger than the limit goes when nothing else does.
  const large = entryOf({ tokens_per_minute: 100 });
  await limiter.admit(large, 1_000);
});

test('limits forget a call whose process died', async () => {
  const entry = entryOf({ max_concurrent: 1 });
  await limiter.admit(entry, 10);
  await database.db.execute({
    text: `UPDATE model_calls SET held_until = clock_timestamp() - interval '1 s' WHERE model_id = $1`,
    values: [entry.id],
  });
  await limiter.admit(entry, 10);
});
