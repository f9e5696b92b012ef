import { ApiError } from '../core/errors.ts';
import type { JournalContent } from '../core/journal.ts';
import { storableOrNull } from '../core/storable-text.ts';
import type { Database, Queryable } from './connect.ts';
import type { FiringOutcome, NewFiring, NewRun } from './new-firing.ts';
import { insertFirings } from './run-creator.ts';
import { type NewSpill, writeSpill } from './spills.ts';

/** A run that begins with steps of another. It has no owner: whoever has room goes on with it. */
export interface NewFork extends Pick<NewFiring, 'event' | 'idempotency'> {
  readonly run: NewRun;
  readonly from: string;
  readonly fromStep: number;
  readonly instructions: string | null;
  readonly unitId: string;
  /** Numbered from 1 without gaps. */
  readonly entries: readonly (JournalContent & {
    readonly seq: number;
    readonly step: number;
    readonly createdAt: Date;
  })[];
  /** Large outputs and files that the entries name: of the other run, and new outputs. */
  readonly copiedSpills: readonly string[];
  readonly newSpills: readonly NewSpill[];
}

/** Run, steps and large outputs in one commit (I1). `repeated`: its idempotency key was used before. */
export async function insertFork(db: Database, fork: NewFork): Promise<FiringOutcome> {
  return await db.transaction(async (tx) => {
    const { event, run, idempotency } = fork;
    // Its outputs are copied below: retention must not remove it meanwhile.
    const [origin] = await tx.query({
      text: 'SELECT 1 FROM runs WHERE id = $1 FOR KEY SHARE',
      values: [fork.from],
    });
    if (origin === undefined) throw new ApiError('not_found', `There is no run ${fork.from}.`);
    const [outcome] = await insertFirings(tx, [{ event, runs: [run], verdicts: [], idempotency }]);
    if (outcome === undefined || outcome.kind === 'repeated') return { kind: 'repeated' };
    await tx.execute({
      text: `UPDATE runs SET forked_from = $2, from_step = $3, instructions = $4, last_seq = $5 WHERE id = $1`,
      values: [
        fork.run.id,
        fork.from,
        fork.fromStep,
        storableOrNull(fork.instructions),
        fork.entries.length,
      ],
    });
    await insertEntries(tx, fork);
    await tx.execute({
      text: `INSERT INTO spills (run_id, id, step, size_bytes, body, object_key, is_file, named)
             SELECT $1, id, step, size_bytes, body, object_key, is_file, true FROM spills
             WHERE run_id = $2 AND id = ANY ($3::text[])`,
      values: [fork.run.id, fork.from, fork.copiedSpills],
    });
    for (const spill of fork.newSpills) await writeSpill({ db: tx }, spill, AbortSignal.abort());
    return outcome;
  });
}

async function insertEntries(tx: Queryable, { run, unitId, entries }: NewFork): Promise<void> {
  await tx.execute({
    text: `INSERT INTO journal (run_id, unit_id, seq, step, type, state, data, created_at)
           SELECT $1, $2, * FROM unnest(
             $3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])`,
    values: [
      run.id,
      unitId,
      entries.map((entry) => entry.seq),
      entries.map((entry) => entry.step),
      entries.map((entry) => entry.type),
      entries.map((entry) => entry.state),
      entries.map((entry) => JSON.stringify(entry.data)),
      entries.map((entry) => entry.createdAt),
    ],
  });
}
