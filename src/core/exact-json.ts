// Integers of more than 53 bits (ids of other systems often are) do not survive `JSON.parse`. Here they stay
// what was written: raw JSON values (https://tc39.es/proposal-json-parse-with-source/), which
// `JSON.stringify` writes back digit by digit.

/** A number kept as its text. */
export interface RawNumber {
  readonly rawJSON: string;
}

// TypeScript's library does not know these yet.
const json = JSON as unknown as {
  parse(
    text: string,
    reviver: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
};

/** `JSON.parse`, but numbers that a double would change are `RawNumber`s. Throws `SyntaxError` as it does. */
export function parseExactJson(text: string): unknown {
  return json.parse(text, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && isChanged(value, source)
      ? json.rawJSON(source)
      : value,
  );
}

export function isRawNumber(value: unknown): value is RawNumber {
  return json.isRawJSON(value);
}

/** Fractions are doubles for everybody who reads them, so only whole and infinite numbers count. */
function isChanged(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return true;
  return !Number.isSafeInteger(value) && /^-?\d+$/.test(source) && BigInt(source) !== BigInt(value);
}
