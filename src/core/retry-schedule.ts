// When what goes out is tried again: 12 attempts over 3 days, unless the other side says otherwise.

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Pauses after the first, second, … failed attempt; after the last one it is given up. */
const retryPausesMs: readonly number[] = [
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

const longestPauseMs = 24 * hour;

/**
 * How long to wait after attempt number `tries + 1`; null: it was the last one. What the other side asks for makes
 * a pause longer (up to a day), never shorter; up to a tenth is added by chance, so that what failed together does not return together.
 */
export function pauseAfter(given: {
  readonly tries: number;
  /** `Retry-After`, as it was sent. */
  readonly retryAfter: string | null;
  readonly nowMs: number;
  readonly random: () => number;
}): number | null {
  const pause = retryPausesMs[given.tries];
  if (pause === undefined) return null;
  const asked = retryAfterMs(given.retryAfter, given.nowMs);
  return Math.round(Math.max(pause, Math.min(asked, longestPauseMs)) * (1 + given.random() / 10));
}

/** `Retry-After` in milliseconds, given as seconds or as a date; 0 when it is neither. */
function retryAfterMs(value: string | null, nowMs: number): number {
  if (value === null) return 0;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * second;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : Math.max(0, at - nowMs);
}
