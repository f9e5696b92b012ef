import { APICallError } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { createInstantClock } from '../../test/support/instant-clock.ts';
import { ModelError } from '../core/model.ts';
import { AttemptTimeout, describeFailure } from './failure.ts';
import { callWithRetries, defaultRetryPolicy, type RetryPolicy } from './retry.ts';

function httpError(statusCode: number, responseHeaders: Record<string, string> = {}, body = '') {
  const url = 'http://provider.test/';
  const message = `status ${statusCode}`;
  return new APICallError({
    message,
    url,
    requestBodyValues: {},
    statusCode,
    responseHeaders,
    responseBody: body,
  });
}

function retry(
  errors: unknown[],
  {
    policy = {},
    random = 0,
    signal,
  }: {
    policy?: Partial<RetryPolicy>;
    random?: number;
    signal?: AbortSignal;
  } = {},
) {
  const clock = createInstantClock(random);
  let calls = 0;
  const result = callWithRetries({
    model: 'test/model',
    policy: { ...defaultRetryPolicy, ...policy },
    clock,
    signal,
    mask: (text) => text,
    onFailure: () => {},
    call: async () => {
      const error = errors[calls++];
      if (error !== undefined) throw error;
      return 'answer';
    },
  });
  return { clock, result, calls: () => calls };
}

describe('waiting', () => {
  test('grows from attempt to attempt, with jitter between half and all of the step', async () => {
    const four = () => [500, 502, 503, 504].map((status) => httpError(status));
    const low = retry(four(), { random: 0 });
    await low.result;
    expect(low.clock.slept).toEqual([250, 500, 1000, 2000]);
    const high = retry(four(), { random: 0.999 });
    await high.result;
    expect(high.clock.slept).toEqual([500, 1000, 1999, 3998]);
  });

  test('follows Retry-After in seconds, in milliseconds and as a date', async () => {
    const { result, clock } = retry([
      httpError(429, { 'retry-after': '7' }),
      httpError(429, { 'retry-after': '7', 'retry-after-ms': '1500' }),
      httpError(503, { 'retry-after': new Date(Date.UTC(2026, 0, 1) + 30_000).toUTCString() }),
    ]);
    await result;
    // The clock began at 1 s and had moved on by 8.5 s when the date came.
    expect(clock.slept).toEqual([7000, 1500, 20_500]);
  });

  test('fails by name when the provider asks for more than the bound', async () => {
    const { result, calls } = retry([httpError(429, { 'retry-after': '3600' })]);
    const failure = await result.catch((error) => error);
    expect(failure).toMatchObject({ kind: 'rate_limited' });
    expect(failure.message).toContain('asks to wait 3600 s, longer than the 60 s');
    expect(calls()).toBe(1);
  });

  test('an abort while waiting ends it', async () => {
    const { result } = retry([httpError(500), httpError(500)], { signal: AbortSignal.abort() });
    await expect(result).rejects.toMatchObject({ kind: 'aborted' });
  });
});

describe('giving up', () => {
  test('after the attempts of the policy, with all of them listed', async () => {
    const { result, calls } = retry(Array.from({ length: 9 }, () => httpError(503)));
    const failure = await result.catch((error) => error);
    expect(failure).toBeInstanceOf(ModelError);
    expect(failure).toMatchObject({ kind: 'overloaded' });
    expect(failure.message).toBe(
      'test/model: HTTP 503: status 503. Gave up after 5 attempts. The provider has trouble; retry the run later or set a fallback_model.',
    );
    expect(failure.failedAttempts).toHaveLength(5);
    expect(calls()).toBe(5);
  });

  test('when the total time is over', async () => {
    const { result, calls } = retry(
      Array.from({ length: 9 }, () => httpError(429, { 'retry-after': '50' })),
      { policy: { attempts: 100, totalMs: 120_000 } },
    );
    await expect(result).rejects.toThrow(/Gave up after 100 s/);
    expect(calls()).toBe(3);
  });

  test('at once when the credit is used up', async () => {
    const body = '{"error":{"code":"insufficient_quota"}}';
    const { result, calls } = retry([httpError(429, {}, body)]);
    await expect(result).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(calls()).toBe(1);
  });

  test('when the server says that trying again is no use, and not when it says it is', async () => {
    const no = retry([httpError(500, { 'x-should-retry': 'false' })]);
    await expect(no.result).rejects.toMatchObject({ kind: 'overloaded' });
    expect(no.calls()).toBe(1);
    const yes = retry([httpError(400, { 'x-should-retry': 'true' })]);
    await expect(yes.result).resolves.toMatchObject({ value: 'answer' });
  });
});

test.each([
  [httpError(408), 'timeout', true],
  [httpError(409), 'overloaded', true],
  [httpError(413), 'context_too_long', false],
  [httpError(422), 'bad_request', false],
  [httpError(501), 'bad_request', false],
  [httpError(529), 'overloaded', true],
  [httpError(400, {}, '{"error":{"code":"context_length_exceeded"}}'), 'context_too_long', false],
  [httpError(400, {}, 'prompt is too long: 210000 tokens > 200000'), 'context_too_long', false],
  [httpError(500, {}, 'the request exceeds the available context size'), 'context_too_long', false],
  [new AttemptTimeout('nothing arrived for 1 ms'), 'timeout', true],
  [Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), 'connection', true],
  [new TypeError('terminated', { cause: new Error('other side closed') }), 'connection', true],
  [{ message: 'Overloaded', type: 'overloaded_error' }, 'overloaded', true],
  [{ message: 'slow', code: 'rate_limit_exceeded' }, 'rate_limited', true],
  [{ message: 'bad', type: 'invalid_request_error' }, 'bad_request', false],
  [new Error('some bug'), 'invalid_answer', false],
])('%s is %s, tried again: %s', (error, kind, retryable) => {
  expect(describeFailure(error, 0)).toMatchObject({ kind, retryable });
});
