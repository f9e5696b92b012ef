import { z } from 'zod';

// A backup is a script for Postgres, as text: comments with what restoring must know, the rows of each table
// as COPY writes them, the state of sequences, and a last line without which it is not whole. Text and not
// files of the server, so that another major version of Postgres can read it; a script, so that `psql` can.

export const formatNumber = 1;

const headMark = '-- signalbox backup ';
const rowsMark = '-- rows ';
const endMark = '-- signalbox end ';

const headShape = z.object({
  format: z.literal(formatNumber),
  version: z.string(),
  postgres: z.string(),
  taken_at: z.string(),
  migrations: z.array(z.object({ version: z.int(), name: z.string(), checksum: z.string() })),
});
const endShape = z.object({ tables: z.int(), rows: z.int() });

export type BackupHead = z.infer<typeof headShape>;
export type BackupEnd = z.infer<typeof endShape>;

export const write = {
  head: (head: BackupHead) => `${headMark}${JSON.stringify(head)}\n`,
  copy: (target: string) => `COPY ${target} FROM stdin;\n`,
  endOfCopy: (rows: number) => `\\.\n${rowsMark}${rows}\n`,
  sequence: (sequence: string, value: string) =>
    `SELECT pg_catalog.setval('${sequence.replaceAll("'", "''")}', ${value}, true);\n`,
  end: (end: BackupEnd) => `${endMark}${JSON.stringify(end)}\n`,
};

export type BackupLine =
  | { readonly kind: 'head'; readonly head: BackupHead }
  | { readonly kind: 'copy'; readonly table: string; readonly columns: readonly string[] }
  | { readonly kind: 'rows'; readonly rows: number }
  | { readonly kind: 'sequence'; readonly sequence: string; readonly value: string }
  | { readonly kind: 'end'; readonly end: BackupEnd };

/** What a line outside of a table's rows says. Throws on one that no backup has: nothing of it is run as it is. */
export function readLine(line: string): BackupLine {
  if (line.startsWith(headMark)) return { kind: 'head', head: readHead(line) };
  if (line.startsWith(endMark)) {
    return { kind: 'end', end: endShape.parse(JSON.parse(line.slice(endMark.length))) };
  }
  if (line.startsWith(rowsMark)) return { kind: 'rows', rows: Number(line.slice(rowsMark.length)) };
  const copy = /^COPY "([a-z0-9_]+)" \(("[a-z0-9_]+"(?:, "[a-z0-9_]+")*)\) FROM stdin;$/.exec(line);
  if (copy !== null) {
    const [, table = '', columns = ''] = copy;
    return { kind: 'copy', table, columns: columns.split(', ').map((one) => one.slice(1, -1)) };
  }
  const sequence = /^SELECT pg_catalog\.setval\('([a-z0-9_]+)', (\d+), true\);$/.exec(line);
  if (sequence !== null) {
    return { kind: 'sequence', sequence: sequence[1] ?? '', value: sequence[2] ?? '' };
  }
  throw new BackupProblem(`it has a line that no backup has: ${line.slice(0, 100)}`);
}

function readHead(line: string): BackupHead {
  const read = headShape.safeParse(JSON.parse(line.slice(headMark.length)));
  if (read.success) return read.data;
  throw new BackupProblem('its first line is of a format that this version does not know');
}

/** Why a backup cannot be restored, as a clause. */
export class BackupProblem extends Error {
  override readonly name = 'BackupProblem';
}
