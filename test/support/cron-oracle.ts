// Ticks of plain cron expressions (`*`, values, lists, ranges, steps), found by walking through every minute
// of real time and asking `Intl` what a clock on the wall shows. Slow, and independent of what it judges.

const minuteMs = 60_000;
/** No zone of today changes its clocks off a quarter of an hour. */
const quarterMs = 15 * minuteMs;

interface Fields {
  readonly seconds: readonly number[];
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Day and weekday are alternatives when both are restricted. */
  readonly eitherDay: boolean;
  /** Due once on each of its days, whatever the clock does. */
  readonly isFixed: boolean;
}

/** Every tick in (after, until], in order. */
export function oracleTicks(cron: {
  readonly expression: string;
  readonly timezone: string;
  readonly after: Date;
  readonly until: Date;
}): Date[] {
  const fields = readFields(cron.expression);
  const offsetAt = offsetsOf(cron.timezone);
  const ticks = new Set<number>();
  // A day earlier, so that what the clock has already shown is known.
  const startMs = floorTo(cron.after.getTime(), minuteMs) - 24 * 60 * minuteMs;
  let shownMs = startMs + offsetAt(startMs) - minuteMs;
  for (let atMs = startMs; atMs <= cron.until.getTime(); atMs += minuteMs) {
    const wallMs = atMs + offsetAt(atMs);
    if (fields.isFixed) {
      for (let skipped = shownMs + minuteMs; skipped < wallMs; skipped += minuteMs) {
        if (isMinuteDue(fields, skipped)) ticks.add(atMs);
      }
    }
    const isRepeated = wallMs <= shownMs;
    if (isMinuteDue(fields, wallMs) && !(fields.isFixed && isRepeated)) {
      for (const second of fields.seconds) ticks.add(atMs + second * 1_000);
    }
    shownMs = Math.max(shownMs, wallMs);
  }
  return [...ticks]
    .filter((ms) => ms > cron.after.getTime() && ms <= cron.until.getTime())
    .sort((a, b) => a - b)
    .map((ms) => new Date(ms));
}

function isMinuteDue(fields: Fields, wallMs: number): boolean {
  const wall = new Date(wallMs);
  if (!fields.minutes.has(wall.getUTCMinutes()) || !fields.hours.has(wall.getUTCHours())) {
    return false;
  }
  if (!fields.months.has(wall.getUTCMonth() + 1)) return false;
  const day = fields.days.has(wall.getUTCDate());
  const weekday = fields.weekdays.has(wall.getUTCDay());
  return fields.eitherDay ? day || weekday : day && weekday;
}

function readFields(expression: string): Fields {
  const given = expression.trim().split(/\s+/);
  const parts = given.length === 5 ? ['0', ...given] : given;
  const [seconds = '', minutes = '', hours = '', days = '', months = '', weekdays = ''] = parts;
  return {
    seconds: [...valuesOf(seconds, 0, 59)].sort((a, b) => a - b),
    minutes: valuesOf(minutes, 0, 59),
    hours: valuesOf(hours, 0, 23),
    days: valuesOf(days, 1, 31),
    months: valuesOf(months, 1, 12),
    weekdays: new Set([...valuesOf(weekdays, 0, 7)].map((value) => value % 7)),
    eitherDay: days !== '*' && weekdays !== '*',
    isFixed: [seconds, minutes, hours].every((part) => /^[\d,-]+$/.test(part)),
  };
}

function valuesOf(field: string, first: number, last: number): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step = '1'] = part.split('/');
    const [from = '', to = from] = range === '*' ? [String(first), String(last)] : range.split('-');
    for (let value = Number(from); value <= Number(to); value += Number(step)) values.add(value);
  }
  return values;
}

/** How far the wall clock of a zone is ahead of UTC at a moment, ms. */
function offsetsOf(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const known = new Map<number, number>();
  return (atMs) => {
    const quarter = floorTo(atMs, quarterMs);
    const before = known.get(quarter);
    if (before !== undefined) return before;
    const parts = new Map(format.formatToParts(quarter).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    const wallMs = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
    );
    known.set(quarter, wallMs - quarter);
    return wallMs - quarter;
  };
}

function floorTo(ms: number, unitMs: number): number {
  return Math.floor(ms / unitMs) * unitMs;
}
