import type { EngineName } from '../core/run.ts';
import type { Database, DedicatedConnection, Queryable } from './connect.ts';

// Processes that drive runs. A process is an incarnation (new at every start, and after it was declared
// dead) under a stable name. Its row is its life: who has none is dead, and what it owned is anybody's.
// A row goes in two ways: another process saw its beat unchanged for too long, or the same name was taken
// again, which only happens when the session that held the name's advisory lock has ended.

/** A name held by this process until its connection ends. */
export interface HeldName extends AsyncDisposable {
  readonly name: string;
  /** Settles when the lock is gone: with the error, or null when it was given up. */
  readonly lost: Promise<Error | null>;
}

/** Takes the first free name of `base/0`, `base/1`, … */
export async function holdProcessName(db: Database, base: string): Promise<HeldName> {
  const connection = await connectForName(db);
  try {
    for (let slot = 0; ; slot++) {
      const name = `${base}/${slot}`;
      if (await tryLock(connection, name)) return heldName(connection, name);
    }
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

/** Takes exactly this name, or null when a session holds it. */
export async function holdExactName(db: Database, name: string): Promise<HeldName | null> {
  const connection = await connectForName(db);
  try {
    if (await tryLock(connection, name)) return heldName(connection, name);
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
  await connection[Symbol.asyncDispose]();
  return null;
}

async function connectForName(db: Database): Promise<DedicatedConnection> {
  return await db.connect({ statementTimeoutMs: 0, transactionTimeoutMs: 0 });
}

async function tryLock(connection: DedicatedConnection, name: string): Promise<boolean> {
  const rows = await connection.query<{ held: boolean }>({
    text: 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held',
    values: [`signalbox process ${name}`],
  });
  return rows[0]?.held === true;
}

function heldName(connection: DedicatedConnection, name: string): HeldName {
  return {
    name,
    lost: connection.closed,
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

/** Writes this incarnation down and names the dead ones that had the same name. */
export async function registerProcess(
  db: Queryable,
  process: { readonly id: string; readonly name: string; readonly engine?: EngineName },
): Promise<string[]> {
  await db.execute({
    text: 'INSERT INTO processes (id, name, engine) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING',
    values: [process.id, process.name, process.engine ?? 'local'],
  });
  const dead = await db.query<{ id: string }>({
    text: 'SELECT id FROM processes WHERE name = $1 AND id <> $2',
    values: [process.name, process.id],
  });
  return dead.map((row) => row.id);
}

/** Gives an incarnation another name: its own was taken while its session was cut. */
export async function renameProcess(
  db: Queryable,
  process: { readonly id: string; readonly name: string },
): Promise<void> {
  await db.execute({
    text: 'UPDATE processes SET name = $2 WHERE id = $1',
    values: [process.id, process.name],
  });
}

/** One beat. False: the incarnation was declared dead, and must never write again. */
export async function beatProcess(db: Queryable, id: string): Promise<boolean> {
  const beaten = await db.execute({
    name: 'process-beat',
    text: 'UPDATE processes SET beat = beat + 1 WHERE id = $1',
    values: [id],
  });
  return beaten > 0;
}

export interface Beat {
  readonly id: string;
  readonly beat: number;
}

/** The beats of all processes that are not known to be dead. */
export async function listBeats(db: Queryable): Promise<Beat[]> {
  return await db.query<Beat>({ name: 'process-beats', text: 'SELECT id, beat FROM processes' });
}

/** Declares a process dead, unless it has beaten since it was seen. */
export async function declareDead(db: Queryable, seen: Beat): Promise<boolean> {
  const gone = await db.execute({
    text: 'DELETE FROM processes WHERE id = $1 AND beat = $2',
    values: [seen.id, seen.beat],
  });
  return gone > 0;
}

/** Forgets incarnations that are known to be dead; what they still own is adopted as anybody's. */
export async function forgetProcesses(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.execute({ text: 'DELETE FROM processes WHERE id = ANY ($1)', values: [ids] });
}
