// What models, tools and callers wrote is printed to a terminal, which obeys control characters: colours,
// titles, the clipboard, overwritten lines. None of them gets there, nor what reorders text.

/** Control and bidirectional characters, shown as escapes; line feeds and tabs stay. */
export function sanitized(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    escaped,
  );
}

/** The same for where only one line has room: names, tags, cells. */
export function sanitizedLine(text: string): string {
  return sanitized(text.replace(/\s+/g, ' '));
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
}
