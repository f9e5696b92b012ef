// Reads what was meant to be JSON into tokens without judging it, so that `repair-arguments` can
// see where there is more than one way to mend it.

export type LenientToken =
  | { readonly type: '{' | '}' | '[' | ']' | ':' | ',' }
  /** `isClosed` is false when the text ended within the string. `hasOddEscape`: a `\` before a character that JSON does not escape. */
  | {
      readonly type: 'string';
      readonly text: string;
      readonly isClosed: boolean;
      readonly hasOddEscape: boolean;
    }
  /** Anything unquoted: numbers, literals, names. */
  | { readonly type: 'word'; readonly text: string; readonly atEnd: boolean };

const closingQuote: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”' };

export function lenientTokens(text: string): LenientToken[] {
  const tokens: LenientToken[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    const close = closingQuote[char];
    if (/\s/.test(char)) {
      at++;
    } else if (isPunctuation(char)) {
      tokens.push({ type: char });
      at++;
    } else if (close === undefined) {
      const word = /^[^\s{}[\]:,"'“]+/.exec(text.slice(at))?.[0] ?? char;
      at += word.length;
      tokens.push({ type: 'word', text: word, atEnd: at >= text.length });
    } else {
      const string = readString(text, at + 1, close);
      tokens.push(string.token);
      at = string.next;
    }
  }
  return tokens;
}

function readString(
  text: string,
  from: number,
  close: string,
): { token: LenientToken; next: number } {
  let hasOddEscape = false;
  let at = from;
  while (at < text.length && text.charAt(at) !== close) {
    if (text.charAt(at) === '\\') {
      hasOddEscape ||= !isEscape(text.slice(at + 1, at + 6), close);
      at++;
    }
    at++;
  }
  const end = Math.min(at, text.length);
  const isClosed = at < text.length;
  return {
    token: { type: 'string', text: text.slice(from, end), isClosed, hasOddEscape },
    next: isClosed ? end + 1 : text.length,
  };
}

function isEscape(rest: string, close: string): boolean {
  return rest.startsWith(close) || /^(["\\/bfnrt']|u[0-9A-Fa-f]{4})/.test(rest);
}

function isPunctuation(char: string): char is '{' | '}' | '[' | ']' | ':' | ',' {
  return '{}[]:,'.includes(char);
}
