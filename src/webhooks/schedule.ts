import type { PostAnswer } from '../sandbox/egress/post.ts';
import type { AttemptOutcome } from '../store/webhook-claims.ts';

// When a delivery is tried again: 12 attempts over 3 days, unless the receiver says otherwise.

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Pauses after the first, second, … failed attempt; after the last one it is given up. */
export const retryPausesMs: readonly number[] = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  13 * hour,
  24 * hour,
  24 * hour,
];

/** A webhook whose every attempt has failed for so long is switched off. */
export const disableAfterMs = 5 * 24 * hour;

const longestPauseMs = 24 * hour;

/**
 * What becomes of a delivery after its attempt number `tries + 1`. `Retry-After` makes a pause longer (up to
 * a day), never shorter; up to a tenth is added by chance, so that what failed together does not return together.
 */
export function nextAfter(
  answer: Pick<PostAnswer, 'status' | 'header'> | null,
  given: { readonly tries: number; readonly nowMs: number; readonly random: () => number },
): AttemptOutcome['next'] {
  const status = answer?.status ?? 0;
  if (status >= 200 && status <= 299) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone' };
  const pause = retryPausesMs[given.tries];
  if (pause === undefined) return { kind: 'failed' };
  const asked = retryAfterMs(answer?.header('retry-after') ?? null, given.nowMs);
  const afterMs = Math.max(pause, Math.min(asked, longestPauseMs));
  return { kind: 'retry', afterMs: Math.round(afterMs * (1 + given.random() / 10)) };
}

/** `Retry-After` in milliseconds, given as seconds or as a date; 0 when it is neither. */
function retryAfterMs(value: string | null, nowMs: number): number {
  if (value === null) return 0;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * second;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : Math.max(0, at - nowMs);
}
