import { Unreachable } from './api-error.ts';
import { sleep } from './sleep.ts';

// What may be sent again: a request that changes nothing twice (by its method or its Idempotency-Key), and
// any request that was refused before it was looked at (429).

export interface RetryOptions {
  /** Tries after the first one. */
  readonly retries: number;
  /** Longest wait for one `Retry-After`; a server that asks for more is not waited for. */
  readonly longestWaitMs: number;
}

export const defaultRetry: RetryOptions = { retries: 4, longestWaitMs: 60_000 };

const firstWaitMs = 250;
const repeatableMethods = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
const passing = new Set([502, 503, 504]);

/** `fetch` that tries again. Throws `Unreachable` when nobody answered, and the signal's reason. */
export function retryingFetch(
  send: (request: Request) => Promise<Response>,
  { retries, longestWaitMs }: RetryOptions = defaultRetry,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const repeatable =
      repeatableMethods.has(request.method) || request.headers.has('idempotency-key');
    for (let tried = 0; ; tried++) {
      const last = tried >= retries;
      let waitMs = backoffMs(tried);
      try {
        // A request's body can be read once: each try but the last sends a copy.
        const response = await send(last ? request : request.clone());
        const again = response.status === 429 || (repeatable && passing.has(response.status));
        if (!again || last) return response;
        waitMs = retryAfterMs(response.headers.get('retry-after'), Date.now()) ?? waitMs;
        if (waitMs > longestWaitMs) return response;
        await response.body?.cancel();
      } catch (cause) {
        request.signal.throwIfAborted();
        if (last || !repeatable) throw new Unreachable('The server does not answer.', { cause });
      }
      await sleep(waitMs, request.signal);
    }
  };
}

/** Milliseconds to wait by a `Retry-After` of seconds or of a date; null when there is none to go by. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

/** Doubles from try to try; random, so that many clients do not come back at once. */
function backoffMs(tried: number): number {
  return firstWaitMs * 2 ** tried * (0.5 + Math.random() / 2);
}
