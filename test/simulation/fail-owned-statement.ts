import { endRun } from './cancel-statement.ts';
import { type Done, type Given, rowsOnly } from './statement-model.ts';
import type { SimRun, Tables } from './tables.ts';

// `run-fail-owned`: as cancel, for its owner only.

function isTarget(run: SimRun | undefined, [, owner, epoch]: readonly unknown[]): run is SimRun {
  return run !== undefined && run.owner === owner && run.epoch === epoch;
}

export function failTargets(snapshot: Tables, values: readonly unknown[]): string[] {
  const run = snapshot.runs.get(values[0] as string);
  return isTarget(run, values) ? [run.id] : [];
}

export function applyFailOwned(given: Given): Done {
  const [id, , , stopReason, error, unitId] = given.values as string[];
  const run = given.locked.get(id as string);
  if (!isTarget(run, given.values)) return rowsOnly([]);
  const seen = given.snapshot.journal.get(run.id) ?? [];
  return endRun(given, {
    ...{ run, seen, state: 'failed' },
    unitId: unitId as string,
    error: error as string,
    stopReason: stopReason as string,
  });
}
