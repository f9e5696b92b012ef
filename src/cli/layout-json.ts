import { columnsOf } from './columns.ts';
import { sanitized } from './sanitized.ts';

/**
 * JSON for people, in few lines: on one where it fits into the columns, else with as many members a line as
 * fit, and what is nested and long below its key.
 */
export function layoutJson(value: unknown, columns: number): string[] {
  const line = onOneLine(value);
  if (columnsOf(line) <= columns || typeof value !== 'object' || value === null) return [line];
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const members = Array.isArray(value)
    ? value.map((item) => layoutMember('', item, columns))
    : Object.entries(value).map(([key, item]) => layoutMember(`${text(key)}: `, item, columns));
  if (members.length === 0) return [line];
  const lines = filled(members, columns - frame);
  return lines.map((each, at) => {
    const bracketed = `${at === 0 ? open : ' '} ${each}`;
    return at === lines.length - 1 ? `${bracketed} ${close}` : bracketed;
  });
}

/** Two columns for the bracket or the indentation before a line, two for a comma or bracket behind it. */
const frame = 4;

function layoutMember(key: string, item: unknown, columns: number): string[] {
  const room = columns - frame;
  const line = key + onOneLine(item);
  if (columnsOf(line) <= room || typeof item !== 'object' || item === null) return [line];
  if (key === '') return layoutJson(item, room);
  return [key.trimEnd(), ...layoutJson(item, room - 2).map((each) => `  ${each}`)];
}

/** The members with commas between them; short ones share lines. */
function filled(members: readonly (readonly string[])[], room: number): string[] {
  const lines: string[] = [];
  let shares = false;
  members.forEach((member, index) => {
    const isShort = member.length === 1;
    const comma = index < members.length - 1 ? ',' : '';
    const joined = `${lines.at(-1)} ${member[0]}`;
    if (shares && isShort && columnsOf(joined) <= room) {
      lines[lines.length - 1] = joined + comma;
      return;
    }
    lines.push(...member);
    lines[lines.length - 1] += comma;
    shares = isShort;
  });
  return lines;
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
