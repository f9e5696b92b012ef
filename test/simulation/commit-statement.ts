import { type Done, type Given, refuseUnstorable, unnested } from './statement-model.ts';
import { isEnded, noWrites, type SimEntry, type SimRun, type Tables } from './tables.ts';

// `journal-commit`: units, and the entries that belong to them.

type Unit = Pick<SimRun, 'owner' | 'epoch'> & {
  /** Absent, like all that ends and waits need, where every run of the batch goes on. */
  readonly status?: SimRun['status'];
  readonly wake_at?: Date | null;
  readonly wait_ms?: number | null;
  readonly run_id: string;
  readonly unit_id: string;
  readonly first_seq: number;
  readonly last_seq: number;
};

const firstEntryColumn = (text: string) => /unnest\(\s*\$(\d+)[^)]*\)\s*AS e \(/.exec(text)?.[1];

function unitsOf(given: Pick<Given, 'text' | 'values'>): Unit[] {
  return unnested(given, 'u') as unknown as Unit[];
}

function isHeld(unit: Unit, run: SimRun | undefined, faults: Given['faults']): run is SimRun {
  if (run === undefined) return false;
  if (faults.noFence) return !isEnded(run);
  const { owner, epoch, last_seq } = run;
  return owner === unit.owner && epoch === unit.epoch && last_seq === unit.first_seq - 1;
}

export function commitTargets(
  snapshot: Tables,
  values: readonly unknown[],
  { faults, text }: Pick<Given, 'faults' | 'text'>,
): string[] {
  if (faults.unlockedFence) return [];
  return unitsOf({ text, values })
    .filter((unit) => isHeld(unit, snapshot.runs.get(unit.run_id), faults))
    .map((unit) => unit.run_id)
    .sort();
}

export function applyCommit(given: Given): Done {
  const { faults } = given;
  const first = Number(firstEntryColumn(given.text)) - 1;
  const entries = unnested(given, 'e', first) as unknown as SimEntry[];
  refuseUnstorable(entries.map((entry) => entry.data));
  const writes = noWrites();
  const rows: { unit_id: string }[] = [];
  for (const unit of unitsOf(given)) {
    const from = faults.unlockedFence ? given.snapshot.runs : given.locked;
    const run = from.get(unit.run_id);
    if (!isHeld(unit, run, faults)) continue;
    // Without a fence a stale unit lands wherever the journal ends.
    const shift = run.last_seq + 1 - unit.first_seq;
    for (const entry of entries) {
      if (entry.unit_id === unit.unit_id) writes.entries.push(entryOf(given, unit, entry, shift));
    }
    writes.runs.push(patched(given, unit, run));
    rows.push({ unit_id: unit.unit_id });
  }
  return { rows, count: rows.length, writes };
}

function entryOf({ now }: Given, unit: Unit, entry: SimEntry, shift: number): SimEntry {
  const { run_id, epoch } = unit;
  return { ...entry, run_id, epoch, seq: entry.seq + shift, created_at: now };
}

function patched({ now }: Given, unit: Unit, run: SimRun): SimRun {
  const { run_id: _, unit_id: __, first_seq, last_seq, owner: ___, epoch: ____, ...rest } = unit;
  const { wait_ms = null, status = 'running', ...columns } = rest;
  return {
    ...run,
    ...columns,
    status,
    last_seq: last_seq + run.last_seq + 1 - first_seq,
    owner: status === 'running' ? run.owner : null,
    wake_at: wakeAfter(
      { status, wakeAt: unit.wake_at ?? null },
      run,
      wait_ms === null ? null : new Date(now.getTime() + wait_ms),
    ),
    crashes: 0,
    lost_attempts: 0,
    strikes: 0,
    completed_at: isEnded({ status }) ? now : null,
  };
}

function wakeAfter(
  unit: { readonly status: SimRun['status']; readonly wakeAt: Date | null },
  run: SimRun,
  waited: Date | null,
): Date | null {
  if (unit.status === 'running') return run.wake_at;
  if (unit.status !== 'waiting') return null;
  const times = [unit.wakeAt, waited, run.wake_at].filter((time) => time !== null);
  return times.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
