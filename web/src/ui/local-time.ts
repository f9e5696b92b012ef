/** A time as a field of type `datetime-local` holds it, in the browser's own zone; empty for none. */
export function localTime(at: string | null): string {
  if (at === null) return '';
  const time = new Date(at);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
