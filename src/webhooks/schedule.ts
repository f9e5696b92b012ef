import { pauseAfter } from '../core/retry-schedule.ts';
import type { PostAnswer } from '../sandbox/egress/post.ts';
import type { AttemptOutcome } from '../store/webhook-claims.ts';

/** A webhook whose every attempt has failed for so long is switched off. */
export const disableAfterMs = 5 * 24 * 3_600_000;

/** What becomes of a delivery after its attempt number `tries + 1`. */
export function nextAfter(
  answer: Pick<PostAnswer, 'status' | 'header'> | null,
  given: { readonly tries: number; readonly nowMs: number; readonly random: () => number },
): AttemptOutcome['next'] {
  const status = answer?.status ?? 0;
  if (status >= 200 && status <= 299) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone' };
  const retryAfter = answer?.header('retry-after') ?? null;
  const afterMs = pauseAfter({ ...given, retryAfter });
  return afterMs === null ? { kind: 'failed' } : { kind: 'retry', afterMs };
}
