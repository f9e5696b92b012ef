import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

/** A piece of a model's answer as it arrives. `seq` is that of the run's next entry, `n` counts from 1. */
export interface RunChunk {
  readonly runId: string;
  readonly seq: number;
  readonly attempt: number;
  readonly n: number;
  readonly text: string;
}

/** Attempts of one owner are numbered within these, so that a later owner's are always higher. */
export const attemptsOfEpoch = (epoch: number) => ({ first: epoch * 100, last: epoch * 100 + 99 });

export async function writeChunks(db: Queryable, chunks: readonly RunChunk[]): Promise<void> {
  await db.execute({
    name: 'chunks-write',
    text: `INSERT INTO run_chunks (run_id, seq, attempt, n, text)
           SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::int[], $5::text[])
           ON CONFLICT DO NOTHING`,
    values: [
      chunks.map((chunk) => chunk.runId),
      chunks.map((chunk) => chunk.seq),
      chunks.map((chunk) => chunk.attempt),
      chunks.map((chunk) => chunk.n),
      chunks.map((chunk) => toStorableText(chunk.text)),
    ],
  });
}

/** What the owner of the epoch has of the entry `seq`, after the given chunk of it, in order. */
export async function readChunks(
  db: Queryable,
  of: {
    readonly runId: string;
    readonly seq: number;
    readonly epoch: number;
    readonly after: { readonly attempt: number; readonly n: number };
  },
): Promise<Pick<RunChunk, 'attempt' | 'n' | 'text'>[]> {
  const { first, last } = attemptsOfEpoch(of.epoch);
  const rows = await db.query<Pick<RunChunk, 'attempt' | 'n' | 'text'>>({
    name: 'chunks-read',
    text: `SELECT attempt, n, text FROM run_chunks
           WHERE run_id = $1 AND seq = $2 AND attempt BETWEEN $3 AND $4
             AND (attempt, n) > ($5::bigint, $6::int)
           ORDER BY attempt, n`,
    values: [of.runId, of.seq, first, last, of.after.attempt, of.after.n],
  });
  return rows.map((row) => ({ ...row, text: fromStorableText(row.text) }));
}

/** Deletes what these attempts and those before them wrote. */
export async function deleteChunks(
  db: Queryable,
  attempts: readonly Pick<RunChunk, 'runId' | 'seq' | 'attempt'>[],
): Promise<void> {
  await db.execute({
    name: 'chunks-delete',
    text: `DELETE FROM run_chunks c
           USING unnest($1::text[], $2::int[], $3::bigint[]) AS a (run_id, seq, attempt)
           WHERE c.run_id = a.run_id AND c.seq <= a.seq AND c.attempt <= a.attempt`,
    values: [
      attempts.map((attempt) => attempt.runId),
      attempts.map((attempt) => attempt.seq),
      attempts.map((attempt) => attempt.attempt),
    ],
  });
}

/** Deletes chunks whose step is committed or whose run has ended: what a process that died left behind. */
export function sweepChunks(db: Queryable): Promise<number> {
  return db.execute(`DELETE FROM run_chunks c WHERE NOT EXISTS (
    SELECT 1 FROM runs r WHERE r.id = c.run_id AND r.last_seq < c.seq
      AND r.status NOT IN ('completed', 'failed', 'cancelled'))`);
}
