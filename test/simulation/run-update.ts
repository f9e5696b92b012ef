import type { Done, Given, StatementModel } from './statement-model.ts';
import { noWrites, type SimRun } from './tables.ts';

// What statements that change runs have in common.

export function changed(runs: readonly SimRun[]): Done {
  return { rows: runs, count: runs.length, writes: { ...noWrites(), runs: [...runs] } };
}

export const lockedOf = ({ locked }: Pick<Given, 'locked'>): SimRun[] => [...locked.values()];

export const idsOf = (runs: readonly SimRun[]): string[] => runs.map((run) => run.id);

export const sorted = (runs: Iterable<SimRun>): SimRun[] =>
  [...runs].sort((a, b) => (a.id < b.id ? -1 : 1));

export const queuePlace = (run: SimRun): Date =>
  new Date(run.created_at.getTime() - 1_000 * run.priority);

/** An UPDATE of the rows that match: on the snapshot to be locked, and again once they are. */
export function update(given: {
  readonly matches: (run: SimRun, values: readonly unknown[], of: Omit<Given, 'locked'>) => boolean;
  readonly limit?: (values: readonly unknown[]) => number;
  readonly skipsLocked?: boolean;
  readonly set: (run: SimRun, values: readonly unknown[], now: Date) => Partial<SimRun>;
}): StatementModel {
  return {
    skipsLocked: given.skipsLocked ?? false,
    targets: (snapshot, values, of) =>
      idsOf(
        sorted(snapshot.runs.values())
          .filter((run) => given.matches(run, values, of))
          .slice(0, given.limit?.(values)),
      ),
    apply: (of) =>
      changed(
        lockedOf(of)
          .filter((run) => given.matches(run, of.values, of))
          .map((run) => ({ ...run, epoch: run.epoch + 1, ...given.set(run, of.values, of.now) })),
      ),
  };
}
