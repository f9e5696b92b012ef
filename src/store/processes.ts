import type { Database, Queryable } from './connect.ts';

// Processes that drive runs. A process is an incarnation (new at every start) under a stable name; who
// holds the session's advisory lock on the name is alive, so everybody else of that name is dead.

/** A name held by this process until its connection ends. */
export interface HeldName extends AsyncDisposable {
  readonly name: string;
  /** Settles when the lock is gone: with the error, or null when it was given up. */
  readonly lost: Promise<Error | null>;
}

/** Takes the first free name of `base/0`, `base/1`, … */
export async function holdProcessName(db: Database, base: string): Promise<HeldName> {
  const connection = await db.connect({ statementTimeoutMs: 0, transactionTimeoutMs: 0 });
  try {
    for (let slot = 0; ; slot++) {
      const name = `${base}/${slot}`;
      const rows = await connection.query<{ held: boolean }>({
        text: 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held',
        values: [`signalbox process ${name}`],
      });
      if (rows[0]?.held) {
        return {
          name,
          lost: connection.closed,
          [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
        };
      }
    }
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

/** Writes this incarnation down and names the dead ones that had the same name. */
export async function registerProcess(
  db: Queryable,
  process: { readonly id: string; readonly name: string },
): Promise<string[]> {
  await db.execute({
    text: 'INSERT INTO processes (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING',
    values: [process.id, process.name],
  });
  const dead = await db.query<{ id: string }>({
    text: 'SELECT id FROM processes WHERE name = $1 AND id <> $2',
    values: [process.name, process.id],
  });
  return dead.map((row) => row.id);
}

/** Forgets incarnations that drive nothing any more. */
export async function forgetProcesses(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.execute({
    text: `DELETE FROM processes p WHERE id = ANY ($1)
           AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.owner = p.id)`,
    values: [ids],
  });
}
