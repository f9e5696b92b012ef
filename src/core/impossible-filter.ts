import { type FilterComparison, matches, type Scalar } from './filter.ts';

// A filter that nothing can pass would be a trigger that silently never fires.

/**
 * Why no payload can pass the filter: the index of the comparison that rules the rest out, and a sentence to be
 * read after its field; null when one can.
 */
export function whyImpossible(
  filter: readonly FilterComparison[],
): { readonly index: number; readonly problem: string } | null {
  const numbered = filter.map((comparison, index) => ({ comparison, index }));
  const byField = Map.groupBy(numbered, ({ comparison }) => comparison.field);
  for (const [field, ofField] of byField) {
    // The comparisons are added one by one: the first that leaves nothing is the one to name.
    for (let n = 1; n <= ofField.length; n++) {
      const taken = ofField.slice(0, n).map(({ comparison }) => comparison);
      const last = ofField[n - 1];
      if (last === undefined || canHold(taken)) continue;
      const others = taken.slice(0, -1).map(inWords);
      const beside = others.length === 0 ? '' : ` beside ${others.join(' and ')}`;
      const problem = `can never hold${beside}: no value of ${field} passes ${n === 1 ? 'it' : 'all'}`;
      return { index: last.index, problem };
    }
  }
  return whyUnreachable(numbered);
}

/** A field that must be a scalar has none below it. */
function whyUnreachable(
  numbered: readonly { readonly comparison: FilterComparison; readonly index: number }[],
): { readonly index: number; readonly problem: string } | null {
  const scalars = numbered.filter(({ comparison }) => needsScalar(comparison));
  for (const { comparison, index } of numbered) {
    if (!needsPresence(comparison)) continue;
    const above = scalars.find((one) => comparison.field.startsWith(`${one.comparison.field}.`));
    if (above === undefined) continue;
    const problem = `can never hold beside ${inWords(above.comparison)}: a value has no ${comparison.field}`;
    return { index, problem };
  }
  return null;
}

function needsPresence(comparison: FilterComparison): boolean {
  return !matches(comparison, undefined);
}

function needsScalar({ op }: FilterComparison): boolean {
  return !['ne', 'not_in', 'exists', 'contains'].includes(op);
}

function canHold(comparisons: readonly FilterComparison[]): boolean {
  const passes = (value: unknown) => comparisons.every((one) => matches(one, value));
  if (passes(undefined)) return true;
  if (comparisons.some((one) => one.op === 'exists' && !one.value)) return false;
  const listed = valuesNamed(comparisons);
  if (listed !== null) return listed.some(passes);
  return isOpen(comparisons);
}

/** The only values that can pass, where an `eq` or an `in` names them. */
function valuesNamed(comparisons: readonly FilterComparison[]): readonly Scalar[] | null {
  for (const one of comparisons) {
    if (one.op === 'eq') return [one.value];
    if (one.op === 'in') return one.value;
  }
  return null;
}

/** Whether ranges and beginnings leave more values than `ne` and `not_in` can name, or one that they do not. */
function isOpen(comparisons: readonly FilterComparison[]): boolean {
  const bounds = comparisons.filter((one) => ['gt', 'gte', 'lt', 'lte'].includes(one.op));
  const types = new Set(bounds.map((one) => typeof one.value));
  const beginnings = textsOf(comparisons, 'starts_with').toSorted((a, b) => a.length - b.length);
  const endings = textsOf(comparisons, 'ends_with').toSorted((a, b) => a.length - b.length);
  if (beginnings.length + endings.length > 0) types.add('string');
  if (types.size > 1) return false;
  if (!beginnings.every((one) => beginnings.at(-1)?.startsWith(one))) return false;
  if (!endings.every((one) => endings.at(-1)?.endsWith(one))) return false;
  return isRangeOpen(comparisons, beginnings.at(-1) ?? '');
}

function isRangeOpen(comparisons: readonly FilterComparison[], beginning: string): boolean {
  const low = limitOf(comparisons, ['gt', 'gte']);
  const high = limitOf(comparisons, ['lt', 'lte']);
  if (typeof (low ?? high)?.value === 'string' || beginning !== '') {
    // Texts that begin so lie from the beginning itself up to it with the highest characters after it.
    const first = beginning;
    const last = `${beginning}\u{10ffff}`;
    if (high !== null && (high.value < first || (high.value === first && high.op === 'lt'))) {
      return false;
    }
    if (low !== null && beginning !== '' && low.value > last) return false;
  }
  if (low === null || high === null) return true;
  if (low.value < high.value) return true;
  if (low.value > high.value) return false;
  // One value is left.
  return comparisons.every((one) => matches(one, low.value));
}

interface Limit {
  readonly op: string;
  readonly value: number | string;
}

/** The tightest of the limits: the highest lower one, the lowest upper one, strict before not strict. */
function limitOf(comparisons: readonly FilterComparison[], ops: readonly string[]): Limit | null {
  const isUpper = ops.includes('lt');
  let tightest: Limit | null = null;
  for (const one of comparisons) {
    if (!ops.includes(one.op)) continue;
    const limit = { op: one.op, value: one.value as number | string };
    const isTighter =
      tightest === null ||
      (isUpper ? limit.value < tightest.value : limit.value > tightest.value) ||
      (limit.value === tightest.value && (limit.op === 'gt' || limit.op === 'lt'));
    if (isTighter) tightest = limit;
  }
  return tightest;
}

function textsOf(comparisons: readonly FilterComparison[], op: string): string[] {
  return comparisons.flatMap((one) =>
    one.op === op && typeof one.value === 'string' ? one.value : [],
  );
}

const words: Readonly<Record<FilterComparison['op'], string>> = {
  eq: '=',
  ne: 'is not',
  gt: '>',
  gte: '≥',
  lt: '<',
  lte: '≤',
  in: 'in',
  not_in: 'not in',
  contains: 'contains',
  starts_with: 'starts with',
  ends_with: 'ends with',
  exists: 'exists:',
};

function inWords({ op, value }: FilterComparison): string {
  const text = JSON.stringify(value);
  return `${words[op]} ${text.length > 60 ? `${text.slice(0, 59)}…` : text}`;
}
