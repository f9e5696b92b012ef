import type { Database } from '../../src/store/connect.ts';
import { readJournal } from '../../src/store/journal.ts';
import { commitUnits } from '../../src/store/journal-writer.ts';
import { adoptRuns } from '../../src/store/ownership.ts';
import { insertAgentRow, insertRunRow, unitOf } from '../support/runs.ts';

export interface RaceFigures {
  readonly races: number;
  /** The old owner's step was committed before the adoption. */
  readonly writerFirst: number;
  /** The adoption committed first, and the old owner's step was refused. */
  readonly adopterFirst: number;
  /** Steps of the old epoch that landed after the adoption. Must be 0. */
  readonly staleSteps: number;
  /** What the writer was told differs from what the journal holds. Must be 0. */
  readonly wrongAnswers: number;
}

/** Two writers of different epochs race an adoption: the old owner's next step against the take-over. */
export async function raceAdoptions(
  db: Database,
  given: { readonly races: number; readonly random: () => number },
): Promise<RaceFigures> {
  const agent = await insertAgentRow(db);
  let writerFirst = 0;
  let staleSteps = 0;
  let wrongAnswers = 0;
  for (let race = 0; race < given.races; race++) {
    const [old, next] = [`old${race}`, `new${race}`];
    const runId = await insertRunRow(db, { ...agent, owner: old });
    const write = async () => {
      const [outcome] = await commitUnits(db, [unitOf({ runId, owner: old, epoch: 1, seq: 1 })]);
      return outcome;
    };
    const adopt = async () => {
      const [run] = await adoptRuns(db, { owner: next, from: [old], limit: 1 });
      if (run === undefined) throw new Error('The adoption found nothing.');
      const seen = await readJournal(db, runId);
      const own = unitOf({ runId, owner: next, epoch: 2, seq: run.lastSeq + 1, text: 'new' });
      if ((await commitUnits(db, [own]))[0] !== 'committed') wrongAnswers += 1;
      return { lastSeq: run.lastSeq, seen: seen.length };
    };
    const first = given.random() < 0.5 ? write : adopt;
    const second = first === write ? adopt : write;
    const began = [first()] as Promise<unknown>[];
    if (given.random() < 0.5) await Promise.resolve();
    began.push(second());
    const results = await Promise.all(began);
    const outcome = (first === write ? results[0] : results[1]) as string;
    const adopted = (first === write ? results[1] : results[0]) as {
      lastSeq: number;
      seen: number;
    };
    const written = outcome === 'committed';
    const entries = await readJournal(db, runId);
    if (written) writerFirst += 1;
    if (entries.length !== (written ? 2 : 1)) wrongAnswers += 1;
    // The adopter read the journal after its take-over: anything of the old owner beyond that is stale.
    if (adopted.lastSeq !== (written ? 1 : 0) || adopted.seen !== adopted.lastSeq) staleSteps += 1;
  }
  const { races } = given;
  return { races, writerFirst, adopterFirst: races - writerFirst, staleSteps, wrongAnswers };
}
