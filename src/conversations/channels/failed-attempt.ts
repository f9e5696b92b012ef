import { EgressFailed, EgressRefused, ExchangeFailed } from '../../sandbox/egress/guard.ts';
import type { Attempted } from './adapter.ts';

/** What is known after a request through the guard did not work. Throws what is a fault of ours. */
export function failedAttempt(thrown: unknown, signal: AbortSignal): Attempted {
  if (thrown instanceof ExchangeFailed) return { kind: 'unknown', error: thrown.message };
  if (thrown instanceof EgressRefused || thrown instanceof EgressFailed) {
    return { kind: 'not_sent', error: thrown.message };
  }
  if (signal.aborted) return { kind: 'unknown', error: 'No answer came in time.' };
  throw thrown;
}
