import { ApiError } from '../core/errors.ts';
import { type ObjectStore, ObjectStoreError } from '../core/object-store.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import { startOfCharacter } from '../core/utf8.ts';
import type { Queryable } from './connect.ts';
import { databaseFault } from './database-fault.ts';

// I8: outputs kept apart from the journal. A spill is committed before the entry that names it, so an
// entry never names what is not there; one that no entry came to name is swept.

export interface NewSpill {
  readonly runId: string;
  readonly id: string;
  readonly step: number;
  readonly text: string;
}

/** A file that is kept like a spill, its bytes as they are. */
export interface NewKeptFile extends Omit<NewSpill, 'text'> {
  readonly bytes: Buffer;
}

/** A part of a spill. Offsets are bytes of its UTF-8, moved to where characters begin. */
export interface SpillSlice {
  readonly text: string;
  readonly offset: number;
  /** Where the rest begins; null at the end. */
  readonly nextOffset: number | null;
  readonly sizeBytes: number;
}

/** Where outputs are kept apart: in the database, or, where there is one, in an object storage. */
export interface SpillStorage {
  readonly db: Queryable;
  readonly objects?: ObjectStore | null;
}

const pausesMs = [50, 100, 200, 500, 1_000] as const;

/**
 * Commits a spill; again until the database answers or the signal fires. Safe to repeat. While the object storage is
 * away, the database takes it.
 */
export async function writeSpill(
  storage: SpillStorage,
  spill: NewSpill,
  signal?: AbortSignal,
): Promise<void> {
  const body = Buffer.from(toStorableText(spill.text), 'utf8');
  await writeBody(storage, { ...spill, body, isFile: false }, signal);
}

/** Commits a file, in the same way. */
export async function keepFile(
  storage: SpillStorage,
  file: NewKeptFile,
  signal?: AbortSignal,
): Promise<void> {
  await writeBody(storage, { ...file, body: file.bytes, isFile: true }, signal);
}

interface NewBody extends Pick<NewSpill, 'runId' | 'id' | 'step'> {
  readonly body: Buffer;
  readonly isFile: boolean;
}

async function writeBody(
  storage: SpillStorage,
  spill: NewBody,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { runId, id, step, body, isFile } = spill;
  const objectKey = await putObject(storage, spill, signal);
  await untilAnswered(signal, async () => {
    await storage.db.execute({
      name: 'spill-write',
      text: `WITH stored AS (UPDATE stored_objects SET remove_at = NULL WHERE key = $6)
             INSERT INTO spills (run_id, id, step, size_bytes, body, object_key, is_file)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (run_id, id) DO NOTHING`,
      values: [
        ...[runId, id, step, body.length],
        ...[objectKey === null ? body : null, objectKey, isFile],
      ],
    });
  });
}

/** The object's key; null where the database is to take it. */
async function putObject(
  { db, objects }: SpillStorage,
  spill: NewBody,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  if (!objects) return null;
  const key = `outputs/${spill.runId}/${spill.id}`;
  // Noted before it is there: what a crash leaves without a row is found by its note.
  await untilAnswered(signal, async () => {
    await db.execute({
      name: 'stored-object-begin',
      text: `INSERT INTO stored_objects (key, remove_at) VALUES ($1, clock_timestamp() + interval '1 day')
             ON CONFLICT (key) DO NOTHING`,
      values: [key],
    });
  });
  try {
    await objects.put(key, spill.body, signal);
    return key;
  } catch (error) {
    if (error instanceof ObjectStoreError) return null;
    throw error;
  }
}

async function untilAnswered(
  signal: AbortSignal | undefined,
  work: () => Promise<void>,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const fault = databaseFault(error);
      if (fault !== 'transient' && fault !== 'connection') throw error;
      signal?.throwIfAborted();
      await pause(pausesMs[Math.min(attempt, pausesMs.length - 1)] ?? 1_000, signal);
    }
  }
}

/** By the global timer, which the simulation replaces. Rejects with the signal's reason. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Bytes `offset` to `offset + length` of a run's spill, without half characters; null when there is none. Throws
 * `not_found` when its object was lost, `unavailable` while the storage is away.
 */
export async function readSpill(
  storage: SpillStorage,
  of: {
    readonly runId: string;
    readonly id: string;
    readonly offset: number;
    readonly length: number;
  },
): Promise<SpillSlice | null> {
  // Three bytes more tell whether the last character is whole.
  const [row] = await storage.db.query<{
    size_bytes: number;
    part: Buffer | null;
    object_key: string | null;
  }>({
    name: 'spill-read',
    text: `SELECT size_bytes, substring(body FROM $3::int + 1 FOR $4::int + 3) AS part, object_key
           FROM spills WHERE run_id = $1 AND id = $2 AND NOT is_file`,
    values: [of.runId, of.id, of.offset, of.length],
  });
  if (row === undefined) return null;
  const { size_bytes: sizeBytes, object_key: key } = row;
  const part = key === null ? row.part : await readObject(storage, { ...of, key });
  if (part === null) throw new Error(`Output ${of.id} has neither text nor object.`);
  const from = startOfCharacter(part, 0);
  // At least one character, or a reader with a small length would never get on.
  const to = startOfCharacter(part, Math.max(of.length, from + 1));
  const end = Math.min(of.offset + to, sizeBytes);
  return {
    text: fromStorableText(part.toString('utf8', from, to)),
    offset: Math.min(of.offset + from, sizeBytes),
    nextOffset: end >= sizeBytes ? null : end,
    sizeBytes,
  };
}

/** All of a file; null when it is not there. Throws as `readSpill`. */
export async function readKeptFile(
  storage: SpillStorage,
  of: { readonly runId: string; readonly id: string },
): Promise<Buffer | null> {
  const [row] = await storage.db.query<{
    size_bytes: number;
    body: Buffer | null;
    object_key: string | null;
  }>({
    name: 'kept-file-read',
    text: 'SELECT size_bytes, body, object_key FROM spills WHERE run_id = $1 AND id = $2 AND is_file',
    values: [of.runId, of.id],
  });
  if (row === undefined) return null;
  const { size_bytes: length, object_key: key } = row;
  return key === null ? row.body : await readObject(storage, { ...of, key, offset: 0, length });
}

async function readObject(
  { objects }: SpillStorage,
  of: {
    readonly key: string;
    readonly id: string;
    readonly offset: number;
    readonly length: number;
  },
): Promise<Buffer> {
  if (!objects) {
    throw new ApiError(
      'unavailable',
      `Output ${of.id} is in an object storage, and this server has none: set SIGNALBOX_S3_BUCKET as it was.`,
    );
  }
  let part: Buffer | null;
  try {
    part = await objects.get(of.key, { offset: of.offset, length: of.length + 3 });
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    throw new ApiError('unavailable', `Output ${of.id} cannot be read now: ${error.message}`, {
      cause: error,
    });
  }
  if (part !== null) return part;
  throw new ApiError(
    'not_found',
    `Output ${of.id} was lost: its object is not in the storage any more. Restore the bucket from a copy.`,
  );
}

/** Deletes spills that no entry names, an hour after they were written; the number that went. */
export async function sweepSpills(db: Queryable): Promise<number> {
  const rows = await db.query<{ id: string }>({
    name: 'spills-sweep',
    text: `
      WITH old AS MATERIALIZED (
        SELECT s.run_id, s.id, EXISTS (
          SELECT 1 FROM journal j
          WHERE j.run_id = s.run_id AND j.seq >= s.step AND strpos(j.data, s.id) > 0
        ) AS named
        FROM spills s JOIN runs r ON r.id = s.run_id
        -- Who drives the run may still name it.
        WHERE NOT s.named AND r.owner IS NULL
          AND s.created_at <= clock_timestamp() - interval '1 hour'
        ORDER BY s.created_at LIMIT 1000
      ), kept AS (
        UPDATE spills s SET named = true FROM old o
        WHERE o.named AND s.run_id = o.run_id AND s.id = o.id
      )
      DELETE FROM spills s USING old o
      WHERE NOT o.named AND s.run_id = o.run_id AND s.id = o.id
      RETURNING s.id`,
  });
  return rows.length;
}
