import type { Queryable } from '../store/connect.ts';
import { countUsage } from '../store/usage.ts';
import type { DueWork } from './due-loop.ts';

const batch = 500;
const pollMs = 250;

/** Counts the runs that whoever ended them did not, those of before there were counts included; for a loop. */
export function usageCounting(db: Queryable): DueWork {
  return {
    name: 'The counting of usage',
    run: async () => ((await countUsage(db, batch)) < batch ? pollMs : 0),
  };
}
