/** ISO 8601 in UTC with milliseconds, as the documentation shows times. */
export function iso(time: Date): string {
  return time.toISOString();
}

export function isoOrNull(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}
