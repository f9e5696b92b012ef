import { pointerPath, valueAtPath } from './payload-path.ts';

// A key read from a payload: `/reservation/id` (a JSON pointer), or text with fields in it such as
// `{{reservation.id}} of {{hotel}}`.

const longest = 500;
const field = /\{\{\s*([^\s{}]+)\s*\}\}/g;

/** Why the text is no key template, to be read after the field's name; null when it is one. */
export function whyNotKeyTemplate(text: string): string | null {
  if (text.length === 0 || text.length > longest) return `must have 1 to ${longest} characters`;
  if (text.startsWith('/')) {
    return /^(?:\/(?:[^~/]|~[01])+)+$/.test(text)
      ? null
      : 'must be a JSON pointer such as /reservation/id, or a template such as {{reservation.id}}';
  }
  return /\{\{|\}\}/.test(text.replace(field, ''))
    ? 'has a placeholder that is none; write it like {{reservation.id}}'
    : null;
}

/** The key, or null where a field that it names is not there or is no text, number or boolean. */
export function keyFromTemplate(template: string, payload: unknown): string | null {
  let isWhole = true;
  const read = (path: readonly string[]): string => {
    const value = valueAtPath(payload, path);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return String(value);
    }
    isWhole = false;
    return '';
  };
  const key = template.startsWith('/')
    ? read(pointerPath(template))
    : template.replace(field, (_, path: string) => read(path.split('.')));
  return isWhole && key !== '' ? key : null;
}
