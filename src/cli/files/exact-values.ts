import { isRawNumber, parseExactJson } from '../../core/exact-json.ts';

// JSON whose long integers (ids of other systems) survive the way into YAML and back: as `bigint`.

/** The value of JSON text. Throws `SyntaxError`. */
export function parseValue(text: string): unknown {
  return asBigInts(parseExactJson(text));
}

/** JSON text of such a value. */
export function valueText(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'bigint' ? rawJson(String(member)) : member,
  );
}

/** What a reader of YAML gives for integers: `number` where that is exact. */
export function asExactNumbers(value: unknown): unknown {
  return mapped(value, (leaf) =>
    typeof leaf === 'bigint' && Number.isSafeInteger(Number(leaf)) ? Number(leaf) : leaf,
  );
}

function asBigInts(value: unknown): unknown {
  return mapped(value, (leaf) =>
    isRawNumber(leaf) && /^-?\d+$/.test(leaf.rawJSON) ? BigInt(leaf.rawJSON) : leaf,
  );
}

function mapped(value: unknown, of: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapped(item, of));
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return of(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, mapped(member, of)]),
  );
}

// TypeScript's library does not know it yet.
const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): unknown };
