import cronstrue from 'cronstrue';

/** How many values a field has from its first on: seconds, minutes, hours, days, months, weekdays. */
const fieldRanges = [
  { first: 0, count: 60 },
  { first: 0, count: 60 },
  { first: 0, count: 24 },
  { first: 1, count: 31 },
  { first: 1, count: 12 },
  { first: 0, count: 7 },
] as const;

/** A valid expression in English; null when there are no words for it. */
export function cronWords(expression: string): string | null {
  const fields = expression.trim().split(/\s+/);
  const spelled = fields.map((field, index) =>
    spellOutStep(field, fieldRanges[index + fieldRanges.length - fields.length]),
  );
  // "1st or Fridays" and "1st, if a Friday" would read the same.
  if (fields.at(-1)?.startsWith('+')) return null;
  try {
    return cronstrue.toString(spelled.join(' '), { use24HourTimeFormat: true });
  } catch {
    return null;
  }
}

// A step that does not go up evenly in its field stands for certain values: with a step of 40 minutes,
// minutes 0 and 40 are due, which is not "every 40 minutes".
function spellOutStep(field: string, range: (typeof fieldRanges)[number] | undefined): string {
  const step = Number(/^\*\/(\d+)$/.exec(field)?.[1] ?? 0);
  if (range === undefined || step < 2) return field;
  const { first, count } = range;
  const goesUp = count % step === 0 && count !== 31 && count !== 7;
  if (goesUp) return field;
  const values = Array.from({ length: Math.ceil(count / step) }, (_, n) => first + n * step);
  return values.join(',');
}
