// I9: Postgres `text` refuses NUL and lone surrogates, and models and tools produce both.
// They are escaped here, and only here, behind U+E000 (a private-use character, itself escaped),
// so that what is read back is what was written.

const escapeMark = '\uE000';
const unstorable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is exactly what must be found.
  /[\uE000\u0000]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const escaped = /\uE000([0-9A-F]{4})/g;

/** Text that Postgres can store, from any JavaScript string. */
export function toStorableText(text: string): string {
  return text.replace(
    unstorable,
    (char) => escapeMark + char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0'),
  );
}

/** The string that `toStorableText` was given. */
export function fromStorableText(stored: string): string {
  if (!stored.includes(escapeMark)) return stored;
  return stored.replace(escaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The same of text that may be missing. */
export function storableOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : toStorableText(text);
}

/** The string, or null, that `storableOrNull` was given. */
export function fromStorableOrNull(stored: string | null): string | null {
  return stored === null ? null : fromStorableText(stored);
}
