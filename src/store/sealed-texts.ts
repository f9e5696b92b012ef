import { type KeyRing, SecretBoxError } from '../core/secret-box.ts';
import type { Database, Queryable } from './connect.ts';

// A change of the installation's secret key. Sealed texts are found by their form in every column of text but
// those of runs, so that a table of tomorrow is not forgotten. A text is exchanged only where it is still the one
// that was read, in a statement of its own: servers go on meanwhile, a crash leaves every text whole, under one
// key or the other, and a second try finds what is left.

/** Contents of runs and events: as large as it gets, and nothing in them is sealed. */
const contents = [
  ...['journal', 'runs', 'run_chunks', 'spills', 'tool_runs', 'trigger_events', 'trigger_verdicts'],
  ...['internal_events', 'webhook_messages', 'webhook_deliveries', 'usage_days', 'rate_counts'],
  ...['schema_migrations'],
];

/** Where `v1` texts were bound to; `v2` needs no place. */
const places: Readonly<Record<string, string>> = {
  'secrets.sealed': `'secret/' || workspace_id || '/' || name`,
  'webhooks.secret': `'webhook/' || id`,
  'webhooks.former_secret': `'webhook/' || id`,
  'mcp_credentials.sealed': `'mcp/' || source_id`,
  'mcp_authorizations.sealed': `'mcp-authorization/' || source_id`,
};

const before = '(^|[^A-Za-z0-9_.-])';
const body = '[A-Za-z0-9_-]{38,}';
const batch = 200;

export interface Resealed {
  /** Texts that are under the current key by this call. */
  readonly changed: number;
  /** `table.column` → texts that look sealed and open with none of the keys. They are left as they are. */
  readonly unopened: ReadonlyMap<string, number>;
}

/** Brings every sealed text under the ring's current key. `onBatch` is told how many there were so far. */
export async function resealAll(
  db: Database,
  ring: KeyRing,
  onBatch: (changed: number) => void = () => {},
): Promise<Resealed> {
  let changed = 0;
  const unopened = new Map<string, number>();
  for (const column of await textColumns(db)) {
    const left = new Set<string>();
    for (;;) {
      const rows = await readSealed(db, column, { keyId: ring.keyId, left: [...left] });
      if (rows.length === 0) break;
      for (const row of rows) {
        const text = resealed(row, ring, left);
        // A row with nothing to change would come again for ever.
        if (text === row.text) left.add(row.text);
        else changed += await exchange(db, column, row, text);
      }
      onBatch(changed);
    }
    const { size } = left;
    if (size > 0) unopened.set(`${column.table}.${column.name}`, size);
  }
  return { changed, unopened };
}

interface TextColumn {
  /** Quoted for SQL where it must be. */
  readonly table: string;
  readonly name: string;
}

interface SealedRow {
  readonly ctid: string;
  readonly text: string;
  readonly place: string;
}

async function textColumns(db: Queryable): Promise<TextColumn[]> {
  return await db.query<TextColumn>({
    text: `SELECT quote_ident(c.table_name) AS "table", quote_ident(c.column_name) AS name
      FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.data_type = 'text'
        AND c.is_generated = 'NEVER' AND c.table_name <> ALL ($1)
      ORDER BY 1, 2`,
    values: [contents],
  });
}

async function readSealed(
  db: Queryable,
  { table, name }: TextColumn,
  given: { readonly keyId: string; readonly left: readonly string[] },
): Promise<SealedRow[]> {
  return await db.query<SealedRow>({
    text: `SELECT ctid::text AS ctid, ${name} AS text, ${places[`${table}.${name}`] ?? `''`} AS place
      FROM ${table}
      WHERE ${name} LIKE '%v_.%' AND ${name} ~ $1 AND ${name} <> ALL ($2)
      LIMIT ${batch}`,
    values: [`${before}v(1\\.|2\\.(?!${given.keyId})[0-9a-f]{8}\\.)${body}`, given.left],
  });
}

/** The column's text with all in it that is sealed under the current key, as far as it opens. */
function resealed(row: SealedRow, ring: KeyRing, left: Set<string>): string {
  const sealed = new RegExp(`${before}(v(?:1\\.|2\\.[0-9a-f]{8}\\.)${body})`, 'g');
  return row.text.replace(sealed, (whole, prefix: string, text: string) => {
    try {
      return prefix + ring.reseal(text, row.place);
    } catch (error) {
      if (!(error instanceof SecretBoxError)) throw error;
      left.add(row.text);
      return whole;
    }
  });
}

async function exchange(
  db: Queryable,
  { table, name }: TextColumn,
  row: SealedRow,
  text: string,
): Promise<number> {
  return await db.execute({
    text: `UPDATE ${table} SET ${name} = $3 WHERE ctid = $1::tid AND ${name} = $2`,
    values: [row.ctid, row.text, text],
  });
}
