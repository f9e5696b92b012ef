/**
 * How long a server asks to wait, in milliseconds, or null if it does not say: `retry-after-ms`,
 * else `Retry-After` as seconds or as an HTTP date (RFC 9110, 10.2.3). Never negative.
 */
export function readRetryAfterMs(
  headers: Readonly<Record<string, string>> | undefined,
  wallNowMs: number,
): number | null {
  const ms = numberFrom(headers?.['retry-after-ms']);
  if (ms !== null) return ms;
  const text = headers?.['retry-after']?.trim();
  const seconds = numberFrom(text);
  if (seconds !== null) return seconds * 1000;
  if (text === undefined || !/[a-z]/i.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - wallNowMs);
}

function numberFrom(text: string | undefined): number | null {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text.trim())) return null;
  return Number(text);
}
