import type { Queryable } from './connect.ts';

/** A small fact of the installation, or null. */
async function readSetting(db: Queryable, name: string): Promise<string | null> {
  const rows = await db.query<{ value: string }>({
    text: 'SELECT value FROM settings WHERE name = $1',
    values: [name],
  });
  return rows[0]?.value ?? null;
}

/** The same of a database that may have no tables yet. */
export async function readEarlySetting(db: Queryable, name: string): Promise<string | null> {
  const [table] = await db.query<{ found: boolean }>(
    "SELECT to_regclass('settings') IS NOT NULL AS found",
  );
  return table?.found === true ? await readSetting(db, name) : null;
}

/** Writes it down unless it is there already, and returns what stands. */
export async function settleSetting(db: Queryable, name: string, value: string): Promise<string> {
  await db.execute({
    text: 'INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    values: [name, value],
  });
  return (await readSetting(db, name)) ?? value;
}
