import { startOfCharacter } from '../core/utf8.ts';

/** What the model sees of one result at most, in bytes of UTF-8. */
export const modelTextLimitBytes = 65_536;

/** The text, or its head and tail with a note of what is missing between them, within the limit. */
export function headAndTail(text: string, limitBytes = modelTextLimitBytes): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= limitBytes) return text;
  const half = Math.floor((limitBytes - 160) / 2);
  const headEnd = startOfCharacter(bytes, half);
  const tailStart = startOfCharacter(bytes, bytes.length - half);
  const note = `\n[… ${tailStart - headEnd} of ${bytes.length} bytes left out here; ask for less to see all …]\n`;
  return bytes.toString('utf8', 0, headEnd) + note + bytes.toString('utf8', tailStart);
}
