import { columnsOf } from './columns.ts';
import { sanitized } from './sanitized.ts';

/** JSON for people: on one line where it fits into the columns, else a member a line. */
export function layoutJson(value: unknown, columns: number): string[] {
  const line = onOneLine(value);
  if (columnsOf(line) <= columns || typeof value !== 'object' || value === null) return [line];
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const members = Array.isArray(value)
    ? value.map((item) => ['', item] as const)
    : Object.entries(value).map(([key, item]) => [`${text(key)}: `, item] as const);
  if (members.length === 0) return [line];
  const inner = members.flatMap(([key, item], index) => {
    const [first = '', ...rest] = layoutJson(item, columns - 2 - columnsOf(key));
    const lines = [`  ${key}${first}`, ...rest.map((each) => `  ${each}`)];
    const comma = index < members.length - 1 ? ',' : '';
    return lines.map((each, at) => (at === lines.length - 1 ? each + comma : each));
  });
  return [open, ...inner, close];
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[${value.map(onOneLine).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, item]) => `${text(key)}: ${onOneLine(item)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return typeof value === 'string' ? text(value) : String(JSON.stringify(value));
}

function text(value: string): string {
  return sanitized(JSON.stringify(value));
}
