// Figures as people read them.

/** `350 ms`, `1.4 s`, `2 min 5 s`, `3 h 12 min`. */
export function duration(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1_000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** USD; more digits for less money. Null is a price that is not known. */
export function money(usd: number | null): string {
  if (usd === null) return 'unknown';
  if (usd === 0) return '$0';
  const digits = usd >= 1 ? 2 : usd >= 0.01 ? 3 : 4;
  return usd < 0.0001 ? '< $0.0001' : `$${usd.toFixed(digits)}`;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 file`, `2 files`. */
export function counted(value: number, thing: string): string {
  return `${count(value)} ${thing}${value === 1 ? '' : 's'}`;
}

/** `12.4k` from ten thousand on. */
export function tokens(value: number): string {
  return value < 10_000 ? count(value) : `${(value / 1_000).toFixed(1)}k`;
}

export function bytes(size: number): string {
  if (size < 1_024) return `${size} B`;
  if (size < 1_048_576) return `${(size / 1_024).toFixed(1)} KiB`;
  return `${(size / 1_048_576).toFixed(1)} MiB`;
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });
const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** `5 min ago`. */
export function ago(time: string, nowMs: number): string {
  const passedMs = Date.parse(time) - nowMs;
  for (const [unit, ms] of units) {
    if (Math.abs(passedMs) >= ms) return relative.format(Math.round(passedMs / ms), unit);
  }
  return 'now';
}

const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export function fullTime(time: string): string {
  return whole.format(new Date(time));
}

/** The parts of an id that tell two apart: its kind and its end. */
export function shortId(id: string): string {
  return id.length <= 12 ? id : `${id.slice(0, 2)}…${id.slice(-6)}`;
}
