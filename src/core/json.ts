// JSON from strangers. `JSON.parse` knows no nesting limit and names no line, and it loses what I9 keeps:
// the text of a member exactly as it was given (order of keys, digits of numbers).

export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  /** `problem` says what is wrong and where, fit for the end of a sentence. */
  | { readonly ok: false; readonly problem: string };

/**
 * Parses strict JSON (RFC 8259) with at most `maxDepth` nested arrays and objects.
 * Of repeated members the last wins; `__proto__` is a member like any other.
 */
export function parseJsonStrict(text: string, options: { readonly maxDepth: number }): JsonResult {
  try {
    scanDocument(text, options.maxDepth, null);
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    if (!(error instanceof JsonSyntax)) throw error;
    return { ok: false, problem: `${error.message} at ${position(text, error.at)}` };
  }
}

/** The text of the top-level object's member, exactly as it stands; null when there is none. Takes valid JSON. */
export function rawMember(text: string, name: string): string | null {
  let found: string | null = null;
  scanDocument(text, Number.POSITIVE_INFINITY, (member, start, end) => {
    if (member === name) found = text.slice(start, end);
  });
  return found;
}

/** The texts of the top-level array's items, exactly as they stand. Takes valid JSON. */
export function rawItems(text: string): readonly string[] {
  const items: string[] = [];
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text[at] !== ']') {
    const end = scanValue(text, at, Number.POSITIVE_INFINITY, null);
    items.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return items;
}

type OnMember = (name: string, start: number, end: number) => void;

class JsonSyntax extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

function scanDocument(text: string, maxDepth: number, onMember: OnMember | null): void {
  const end = skipSpace(text, scanValue(text, skipSpace(text, 0), maxDepth, onMember));
  if (end < text.length) throw new JsonSyntax('unexpected text after the value', end);
}

function scanValue(text: string, at: number, depthLeft: number, onMember: OnMember | null): number {
  const char = text[at];
  if (char === '{' || char === '[') {
    if (depthLeft === 0) throw new JsonSyntax('nested too deeply', at);
    return char === '{'
      ? scanObject(text, at, depthLeft - 1, onMember)
      : scanArray(text, at, depthLeft - 1);
  }
  if (char === '"') return scanString(text, at);
  if (char === undefined) throw new JsonSyntax('unexpected end of the text', at);
  return scanNumber(text, at) ?? scanWord(text, at);
}

function scanObject(
  text: string,
  start: number,
  depthLeft: number,
  onMember: OnMember | null,
): number {
  let at = skipSpace(text, start + 1);
  if (text[at] === '}') return at + 1;
  for (;;) {
    if (text[at] !== '"') throw unexpected(text, at, 'expected a member name in double quotes');
    const nameEnd = scanString(text, at);
    const colon = skipSpace(text, nameEnd);
    if (text[colon] !== ':') throw unexpected(text, colon, 'expected `:`');
    const valueStart = skipSpace(text, colon + 1);
    const valueEnd = scanValue(text, valueStart, depthLeft, null);
    onMember?.(JSON.parse(text.slice(at, nameEnd)) as string, valueStart, valueEnd);
    at = skipSpace(text, valueEnd);
    if (text[at] === '}') return at + 1;
    if (text[at] !== ',') throw unexpected(text, at, 'expected `,` or `}`');
    at = skipSpace(text, at + 1);
  }
}

function scanArray(text: string, start: number, depthLeft: number): number {
  let at = skipSpace(text, start + 1);
  if (text[at] === ']') return at + 1;
  for (;;) {
    at = skipSpace(text, scanValue(text, at, depthLeft, null));
    if (text[at] === ']') return at + 1;
    if (text[at] !== ',') throw unexpected(text, at, 'expected `,` or `]`');
    at = skipSpace(text, at + 1);
  }
}

function scanString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20)
      throw new JsonSyntax('control character in a string, write it as \\u00XX,', at);
    if (code !== 0x5c) continue;
    escapeSequence.lastIndex = at;
    const length = escapeSequence.exec(text)?.[0].length;
    if (length === undefined) throw unexpected(text, at, 'bad escape in a string');
    at += length - 1;
  }
  throw new JsonSyntax('unexpected end of the text', text.length);
}

const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const word = /true|false|null/y;
const space = /[ \t\n\r]*/y;

function scanNumber(text: string, at: number): number | null {
  number.lastIndex = at;
  const match = number.exec(text);
  return match === null ? null : at + match[0].length;
}

function scanWord(text: string, at: number): number {
  word.lastIndex = at;
  const match = word.exec(text);
  if (match === null) throw new JsonSyntax('expected a JSON value', at);
  return at + match[0].length;
}

function skipSpace(text: string, at: number): number {
  space.lastIndex = at;
  return at + (space.exec(text)?.[0].length ?? 0);
}

function unexpected(text: string, at: number, expectation: string): JsonSyntax {
  return new JsonSyntax(at >= text.length ? 'unexpected end of the text' : expectation, at);
}

function position(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return `line ${line}, column ${at - before.lastIndexOf('\n')}`;
}
