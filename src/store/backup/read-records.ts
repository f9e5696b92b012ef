// Cuts a backup into lines and, within a table, into runs of whole rows: a row may be of any length, and a
// table of any number of them, so neither is ever held as a whole but for one row.

export type BackupRecord =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'rows'; readonly bytes: Uint8Array }
  | { readonly kind: 'end of rows' };

const newline = 0x0a;
const endOfRows = Buffer.from('\\.');
/** No value is larger than what one statement can carry. */
const maxRowBytes = 1_073_741_824;

/** The records of a backup in order. Throws on a row beyond all bounds. */
export async function* readRecords(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<BackupRecord, undefined, undefined> {
  let isInRows = false;
  let parts: Uint8Array[] = [];
  let waiting = 0;
  for await (const chunk of source) {
    parts.push(chunk);
    waiting += chunk.length;
    if (waiting > maxRowBytes) throw new RangeError('A row of the backup is larger than 1 GiB.');
    if (!chunk.includes(newline)) continue;
    const bytes = Buffer.concat(parts);
    let at = 0;
    let rowsFrom = 0;
    for (let end = bytes.indexOf(newline, at); end >= 0; end = bytes.indexOf(newline, at)) {
      const line = bytes.subarray(at, end);
      if (!isInRows) {
        const text = line.toString();
        isInRows = text.startsWith('COPY ');
        rowsFrom = end + 1;
        yield { kind: 'line', line: text };
      } else if (line.equals(endOfRows)) {
        if (at > rowsFrom) yield { kind: 'rows', bytes: bytes.subarray(rowsFrom, at) };
        isInRows = false;
        rowsFrom = end + 1;
        yield { kind: 'end of rows' };
      }
      at = end + 1;
    }
    if (isInRows && at > rowsFrom) yield { kind: 'rows', bytes: bytes.subarray(rowsFrom, at) };
    parts = at < bytes.length ? [bytes.subarray(at)] : [];
    waiting = bytes.length - at;
  }
  if (waiting > 0) yield { kind: 'line', line: Buffer.concat(parts).toString() };
  return undefined;
}
