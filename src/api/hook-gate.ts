import { ApiError } from '../core/errors.ts';
import { maxBodyBytes } from './body.ts';

// Back-pressure of webhooks, which draw on no rate limit: what is under way in this process is bounded, by
// number, by the memory that bodies take, and for each trigger. Senders repeat what was not taken.

export interface HookGate {
  /** Lets a request in until it is disposed; `maxBytes`: of what it may have, where that is more than usual. Throws `unavailable`, for a second. */
  enter(declaredBytes: number | null, maxBytes?: number): Disposable;
  /** Lets a request of one trigger in. Throws `rate_limited`, for a second. */
  enterHook(triggerId: string): Disposable;
  /** A place to wait for a run's end; null when all are taken. */
  wait(): Disposable | null;
}

export interface HookLimits {
  readonly requests: number;
  readonly bytes: number;
  readonly perHook: number;
  readonly waiting: number;
}

const defaults: HookLimits = {
  requests: 2_048,
  bytes: 128 * 1_048_576,
  perHook: 1_024,
  waiting: 1_000,
};

export function createHookGate(limits: Partial<HookLimits> = {}): HookGate {
  const most = { ...defaults, ...limits };
  const perHook = new Map<string, number>();
  let requests = 0;
  let bytes = 0;
  let waiting = 0;
  return {
    enter(declaredBytes, maxBytes = maxBodyBytes) {
      const size = Math.min(declaredBytes ?? maxBytes, maxBytes);
      if (requests >= most.requests || bytes + size > most.bytes) {
        throw new ApiError('unavailable', 'Too many webhooks are coming in. Send it again.', {
          retryAfterS: 1,
        });
      }
      requests += 1;
      bytes += size;
      return once(() => {
        requests -= 1;
        bytes -= size;
      });
    },
    enterHook(triggerId) {
      const now = perHook.get(triggerId) ?? 0;
      if (now >= most.perHook) {
        const message = `More than ${most.perHook} requests of this webhook are under way. Send it again.`;
        throw new ApiError('rate_limited', message, { retryAfterS: 1 });
      }
      perHook.set(triggerId, now + 1);
      return once(() => {
        const left = (perHook.get(triggerId) ?? 1) - 1;
        if (left > 0) perHook.set(triggerId, left);
        else perHook.delete(triggerId);
      });
    },
    wait() {
      if (waiting >= most.waiting) return null;
      waiting += 1;
      return once(() => {
        waiting -= 1;
      });
    },
  };
}

function once(release: () => void): Disposable {
  let isReleased = false;
  return {
    [Symbol.dispose]() {
      if (isReleased) return;
      isReleased = true;
      release();
    },
  };
}
