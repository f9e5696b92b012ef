import { changed, lockedOf } from './run-update.ts';
import { type Given, rowsOnly, type StatementModel } from './statement-model.ts';
import { noWrites, type SimEntry, type SimRun, spillKey } from './tables.ts';

// What a fork writes beside the run itself, in one transaction with it.

function entriesIn({ values, faults }: Given): SimEntry[] {
  if (faults.tearsForks === true) return [];
  const [run_id, unit_id, seqs, steps, types, states, data, times] = values as [
    ...[string, string, number[], number[], string[], string[], string[], Date[]],
  ];
  return seqs.map((seq, index) => ({
    ...{ run_id, unit_id, seq, step: steps[index] as number, epoch: 1 },
    ...{ type: types[index] as string, state: states[index] as string },
    ...{ data: data[index] as string, created_at: times[index] as Date },
  }));
}

export const unnamedOfForks: readonly [string, StatementModel][] = [
  [
    // Runs are never removed here: there is nothing for the lock to keep.
    'SELECT 1 FROM runs WHERE id',
    {
      apply: ({ values: [id], snapshot }) => rowsOnly(snapshot.runs.has(id as string) ? [{}] : []),
    },
  ],
  [
    'UPDATE runs SET forked_from = $2',
    {
      targets: (_, [id]) => [id as string],
      apply: (given) => {
        const [, forked_from, from_step, instructions, last_seq] = given.values;
        const set = { forked_from, from_step, instructions, last_seq } as Partial<SimRun>;
        return changed(lockedOf(given).map((run) => ({ ...run, ...set })));
      },
    },
  ],
  [
    'INSERT INTO journal',
    {
      apply: (given) => {
        const entries = entriesIn(given);
        return { rows: [], count: entries.length, writes: { ...noWrites(), entries } };
      },
    },
  ],
  [
    'INSERT INTO spills',
    {
      apply: ({ values: [run_id, from, ids], snapshot }) => {
        const spills = (ids as string[])
          .filter((id) => snapshot.spills.has(spillKey({ run_id: from as string, id })))
          .map((id) => ({ run_id: run_id as string, id }));
        return { rows: [], count: spills.length, writes: { ...noWrites(), spills } };
      },
    },
  ],
];
