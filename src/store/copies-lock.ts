import type { Queryable } from './connect.ts';

// Copies of runs (`run-search.ts`, `run-figures.ts`) and the removal of runs go one after the other: a copy that is
// made of a run while that is removed would stay. Until the transaction ends.

const lockKey = 7_309_453_721;

/** No copy is made meanwhile; other removals go beside this one. */
export async function holdCopies(tx: Pick<Queryable, 'query'>): Promise<void> {
  await tx.query({ text: 'SELECT pg_advisory_xact_lock_shared($1)', values: [lockKey] });
}

/** No run is removed meanwhile, and nothing else is copied. */
export async function holdRemovals(tx: Pick<Queryable, 'query'>): Promise<void> {
  await tx.query({ text: 'SELECT pg_advisory_xact_lock($1)', values: [lockKey] });
}
