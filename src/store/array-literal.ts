// Arrays are most of what the writers send. The driver quotes their elements by two regular expressions each; JSON's
// own quoting is the same wherever nothing but quotes and backslashes is to be escaped, and costs a third.

/** The values, with flat arrays as the literals that Postgres reads; everything else is left to the driver. */
export function withArrayLiterals(values: readonly unknown[]): unknown[] {
  return values.map((value) => (Array.isArray(value) ? arrayLiteral(value) : value));
}

/** The array itself where an element is neither text, a number, a boolean nor null. */
function arrayLiteral(array: readonly unknown[]): unknown {
  let literal = '{';
  // By index: an iterator makes an object an element, and there are a hundred elements a run.
  for (let index = 0; index < array.length; index++) {
    const element = array[index];
    if (index > 0) literal += ',';
    if (element === null || element === undefined) literal += 'NULL';
    else if (typeof element === 'string') literal += quoted(element);
    else if (typeof element === 'number' || typeof element === 'boolean') literal += element;
    else return array;
  }
  return `${literal}}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes these, and Postgres does not read its escapes.
const control = /[\u0000-\u001f]/;

function quoted(text: string): string {
  if (!text.includes('"') && !text.includes('\\')) return `"${text}"`;
  if (!control.test(text) && text.isWellFormed()) return JSON.stringify(text);
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
