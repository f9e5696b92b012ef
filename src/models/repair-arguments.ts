import { jsonrepair } from 'jsonrepair';
import { isObject } from '../core/is-object.ts';
import { type LenientToken, lenientTokens } from './lenient-tokens.ts';

export type RepairedArguments =
  | { readonly ok: true; readonly value: Record<string, unknown>; readonly repaired: boolean }
  /** A sentence for the model: what is wrong with what it wrote. */
  | { readonly ok: false; readonly problem: string };

/** The part of a JSON Schema that helps to see a wrong repair. */
export interface ArgumentsSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

/**
 * Reads a tool call's arguments as the model wrote them. What is not JSON is mended only where
 * there is one way to read it (trailing or missing commas, missing closing brackets, quotes of
 * other kinds, Python literals, code fences, JSON within a string); text that may have been cut
 * off is refused, because a value's end could be missing. Does not validate against the schema.
 */
export function repairArguments(text: string, schema?: ArgumentsSchema): RepairedArguments {
  const trimmed = text.trim();
  // How most providers write a call without arguments.
  if (trimmed === '') return { ok: true, value: {}, repaired: true };
  const parsed = parseJson(trimmed);
  if (parsed !== undefined) return fromParsed(parsed.value, schema);
  const body = withoutFence(trimmed);
  const problem = whyAmbiguous(lenientTokens(body));
  if (problem !== null) return refuse(problem);
  let mended: { readonly value: unknown } | undefined;
  try {
    mended = parseJson(jsonrepair(body));
  } catch {
    mended = undefined;
  }
  if (mended === undefined) return refuse('they are not JSON');
  return checkRepair(mended.value, schema);
}

function fromParsed(value: unknown, schema: ArgumentsSchema | undefined): RepairedArguments {
  if (isObject(value)) return { ok: true, value, repaired: false };
  if (typeof value !== 'string') return refuse(`they must be an object, not ${nameOf(value)}`);
  const inner = parseJson(value.trim());
  if (inner === undefined || !isObject(inner.value)) {
    return refuse('they must be an object, not a string');
  }
  return checkRepair(inner.value, schema);
}

/** Names that the schema does not know, or lacks, show that the mending went wrong. */
function checkRepair(value: unknown, schema: ArgumentsSchema | undefined): RepairedArguments {
  if (!isObject(value)) return refuse(`they must be an object, not ${nameOf(value)}`);
  const known = schema?.properties;
  const unknown = Object.keys(value).filter(
    (key) => known !== undefined && !Object.hasOwn(known, key),
  );
  if (unknown.length > 0) {
    return refuse(`they are malformed near ${unknown.map((key) => `"${key}"`).join(', ')}`);
  }
  const missing = (schema?.required ?? []).filter((key) => !Object.hasOwn(value, key));
  if (missing.length > 0) return refuse(`they are malformed, and ${missing.join(', ')} is missing`);
  return { ok: true, value, repaired: true };
}

/** The first thing in the text that could be mended in more than one way, or null. */
function whyAmbiguous(tokens: readonly LenientToken[]): string | null {
  if (tokens[0]?.type !== '{') return 'they must be one JSON object and nothing else';
  const open: ('{' | '[')[] = [];
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (index > 0 && open.length === 0 && token.type !== '}' && token.type !== ']') {
      return 'there is more text after the object';
    }
    if (isNameWithoutValue({ token, before: tokens[index - 1], next, inside: open.at(-1) })) {
      return 'a name has no value';
    }
    switch (token.type) {
      case '{':
      case '[':
        open.push(token.type);
        break;
      case '}':
      case ']':
        // One closing bracket too many at the very end does no harm; one of the wrong kind does.
        if (open.length > 0 && open.pop() !== (token.type === '}' ? '{' : '[')) {
          return 'brackets do not match';
        }
        break;
      case 'string': {
        const problem = whyBadString(token, next, open);
        if (problem !== null) return problem;
        break;
      }
      case 'word': {
        const problem = whyBadWord(token, next);
        if (problem !== null) return problem;
        break;
      }
      case ',':
      case ':':
        if (next === undefined) return 'the text ends in the middle';
        if (token.type === ':' && [',', ':', '}', ']'].includes(next.type)) {
          return 'a value is missing after ":"';
        }
        if (token.type === ',' && (next.type === ',' || next.type === ':')) {
          return `a value is missing before "${next.type}"`;
        }
        break;
    }
  }
  return null;
}

function isNameWithoutValue({
  token,
  before,
  next,
  inside,
}: {
  token: LenientToken;
  before: LenientToken | undefined;
  next: LenientToken | undefined;
  inside: '{' | '[' | undefined;
}): boolean {
  if (inside !== '{' || (token.type !== 'string' && token.type !== 'word')) return false;
  const isName = before?.type === '{' || before?.type === ',';
  return isName && next?.type !== ':';
}

function whyBadString(
  token: Extract<LenientToken, { type: 'string' }>,
  next: LenientToken | undefined,
  open: readonly ('{' | '[')[],
): string | null {
  if (token.hasOddEscape) return 'a string has a backslash before a character that needs none';
  if (!token.isClosed) {
    // `{"city": "Paris}`: only the quote is missing if what follows closes all that is open.
    const closers = open.map((bracket) => (bracket === '{' ? '}' : ']')).reverse();
    const tail = /[\]}\s]*$/.exec(token.text)?.[0].replace(/\s/g, '');
    const isWhole = tail === closers.join('') && !/["',:\n]/.test(token.text);
    return isWhole ? null : 'the text ends within a string';
  }
  if (next?.type === 'word') return 'a quote within a string is not escaped';
  return null;
}

function whyBadWord(
  token: Extract<LenientToken, { type: 'word' }>,
  next: LenientToken | undefined,
): string | null {
  if (next?.type === ':') {
    return /^[A-Za-z_$][\w$-]*$/.test(token.text) ? null : `${token.text} is not a name`;
  }
  if (/^(true|false|null|True|False|None)$/.test(token.text)) return null;
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(token.text)) {
    return `${token.text.slice(0, 40)} is neither a string in quotes nor a number, true, false or null`;
  }
  return token.atEnd ? 'the text ends within a number' : null;
}

/** The content of a Markdown code block if the text is one. */
function withoutFence(text: string): string {
  return /^```[A-Za-z]*\s*\n?([\s\S]*?)\s*```$/.exec(text)?.[1]?.trim() ?? text;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function refuse(why: string): RepairedArguments {
  return { ok: false, problem: `The arguments cannot be read: ${why}. Send one JSON object.` };
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
