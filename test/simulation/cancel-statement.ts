import { type Done, type Given, rowsOnly } from './statement-model.ts';
import { isEnded, noWrites, type SimEntry, type SimRun, type Tables } from './tables.ts';

// `run-cancel`: the run's row as it is once it is locked, its journal as the snapshot shows it.

export function cancelTargets(snapshot: Tables, [id]: readonly unknown[]): string[] {
  const run = snapshot.runs.get(id as string);
  return run === undefined || isEnded(run) ? [] : [run.id];
}

export function applyCancel(given: Given): Done {
  const [id, , error, unitId] = given.values as [string, unknown, string, string];
  const run = given.locked.get(id);
  if (run === undefined || isEnded(run)) return rowsOnly([]);
  const seen = given.snapshot.journal.get(id) ?? [];
  if (run.last_seq !== (seen.at(-1)?.seq ?? 0)) return rowsOnly([]);
  return endRun(given, { run, seen, unitId, error, state: 'cancelled', stopReason: 'cancelled' });
}

/** Closes the open steps and ends the run in one unit, as cancel and `failOwnedRun` do. */
export function endRun(
  { now }: Given,
  end: {
    readonly run: SimRun;
    readonly seen: readonly SimEntry[];
    readonly unitId: string;
    readonly error: string;
    readonly state: 'cancelled' | 'failed';
    readonly stopReason: string;
  },
): Done {
  const { run, seen, unitId, error } = end;
  const entry = { run_id: run.id, unit_id: unitId, created_at: now, epoch: run.epoch + 1 };
  const open = seen.filter(
    (one) => one.state === 'started' && !seen.some((e) => e.step === one.step && e.seq > one.seq),
  );
  const closed = open.map((one, index): SimEntry => {
    const { callId, name, inputJson, toolVersion } = JSON.parse(one.data);
    return {
      ...entry,
      seq: run.last_seq + 1 + index,
      step: one.step,
      type: one.type,
      state: end.state === 'cancelled' ? 'cancelled' : 'interrupted',
      data: JSON.stringify({
        ...{ callId, name, inputJson, toolVersion, outputJson: null },
        ...{ error, modelText: error, logs: null, durationMs: 0, attempts: 1 },
      }),
    };
  });
  const last = run.last_seq + 1 + open.length;
  const ending: SimEntry = {
    ...entry,
    seq: last,
    step: last,
    type: 'end',
    state: end.state,
    data: JSON.stringify({
      ...{ stopReason: end.stopReason, disposition: null, response: null, error },
    }),
  };
  const after: SimRun = {
    ...run,
    status: end.state,
    owner: null,
    epoch: run.epoch + 1,
    wake_at: null,
    stop_reason: end.stopReason as SimRun['stop_reason'],
    error,
    completed_at: now,
    last_seq: last,
  };
  const writes = { ...noWrites(), runs: [after], entries: [...closed, ending] };
  return { rows: [after], count: 1, writes };
}
