import type { Queryable } from '../connect.ts';

/** A table with the columns that hold something of their own. */
export interface BackupTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Of the migrations and of processes that live: they are not carried over. */
const left = ['schema_migrations', 'processes'];

/**
 * What a backup holds: every table that outlives a crash, so no unlogged one. A table comes after those that
 * it refers to. Throws when tables refer to each other in a circle.
 */
export async function backupTables(db: Queryable): Promise<readonly BackupTable[]> {
  const tables = await db.query<BackupTable>({
    text: `
      SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relpersistence = 'p'
        AND c.relname <> ALL ($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      GROUP BY c.relname ORDER BY c.relname`,
    values: [left],
  });
  const references = await db.query<{ readonly from: string; readonly to: string }>(`
    SELECT f.relname AS from, t.relname AS to
    FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
    WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace AND f.oid <> t.oid`);
  return inOrder(tables, references);
}

function inOrder(
  tables: readonly BackupTable[],
  references: readonly { readonly from: string; readonly to: string }[],
): readonly BackupTable[] {
  const ordered: BackupTable[] = [];
  const isThere = new Set<string>();
  const waiting = new Map(tables.map((table) => [table.name, table]));
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ name }) =>
      references.every(({ from, to }) => from !== name || isThere.has(to) || !waiting.has(to)),
    );
    if (ready.length === 0) {
      throw new Error(`These tables refer to each other in a circle: ${[...waiting.keys()]}`);
    }
    for (const table of ready) {
      ordered.push(table);
      isThere.add(table.name);
      waiting.delete(table.name);
    }
  }
  return ordered;
}

/** The table's columns in a COPY, quoted. */
export function copyTarget({ name, columns }: BackupTable): string {
  return `${quoted(name)} (${columns.map(quoted).join(', ')})`;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
