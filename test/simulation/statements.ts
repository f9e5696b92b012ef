import { applyCancel, cancelTargets } from './cancel-statement.ts';
import { childStatements } from './child-statements.ts';
import { applyCommit, commitTargets } from './commit-statement.ts';
import { applyCreate, createTargets } from './create-statement.ts';
import { applyFailOwned, failTargets } from './fail-owned-statement.ts';
import { unnamedOfForks } from './fork-statements.ts';
import { pauseStatements, unnamedOfPauses } from './pause-statements.ts';
import { queuePlace, update } from './run-update.ts';
import { type Done, rowsOnly, type StatementModel } from './statement-model.ts';
import { isEnded, noWrites, type SimRun, type Tables } from './tables.ts';

// What each statement of the store does, in the terms of READ COMMITTED: which rows it means to lock is
// decided on its snapshot; once it holds them it looks at them again as they are now, and at everything
// else as the snapshot shows it. conformance.test.ts holds this against the real statements.

export type StatementKey = { readonly name?: string | undefined; readonly text: string };

export function modelOf({ name, text }: StatementKey): StatementModel {
  const model = name === undefined ? byText(text) : models[name];
  if (model === undefined) {
    throw new Error(
      `The simulated database does not know this statement; teach it in test/simulation/statements.ts: ${name ?? text}`,
    );
  }
  return model;
}

const listOf = (value: unknown) => value as readonly string[];

/** Where the run stands among those that are given as they are held; -1: it is not held so. */
const placeIn = ([ids, owners, epochs]: readonly unknown[], run: SimRun) =>
  listOf(ids).findIndex(
    (id, n) =>
      id === run.id && listOf(owners)[n] === run.owner && (epochs as number[])[n] === run.epoch,
  );
const isDue = (run: SimRun, now: Date) =>
  run.owner === null && run.wake_at !== null && run.wake_at <= now;
const crashed = (run: SimRun) => ({
  crashes: run.crashes + 1,
  lost_attempts: run.lost_attempts + 1,
});

const models: Readonly<Record<string, StatementModel>> = {
  ...pauseStatements,
  ...childStatements,
  'journal-commit': { targets: commitTargets, apply: applyCommit },
  'journal-commit-leaving': { targets: commitTargets, apply: applyCommit },
  'journal-committed-earlier': {
    apply: ({ values: [runIds, seqs], snapshot, faults }) => {
      const found = listOf(runIds).flatMap((id, index) =>
        (snapshot.journal.get(id) ?? []).filter((one) => one.seq === (seqs as number[])[index]),
      );
      return rowsOnly(
        found.map(({ unit_id, run_id, seq }) => ({
          unit_id: faults.anyUnitIsOurs ? `any ${run_id} ${seq}` : unit_id,
        })),
      );
    },
  },
  'journal-read': {
    apply: ({ values: [id, after], snapshot }) =>
      rowsOnly((snapshot.journal.get(id as string) ?? []).filter((e) => e.seq > (after as number))),
  },
  'run-cancel': { targets: cancelTargets, apply: applyCancel },
  'run-is-open': {
    apply: ({ values: [id], snapshot }) => {
      const run = snapshot.runs.get(id as string);
      return rowsOnly(run === undefined || isEnded(run) ? [] : [{ id }]);
    },
  },
  'run-fail-owned': { targets: failTargets, apply: applyFailOwned },
  'firings-create': { targets: createTargets, apply: applyCreate },
  'firings-existing': {
    apply: ({ values: [events], snapshot }) =>
      rowsOnly(
        [...snapshot.runs.values()]
          .filter((run) => listOf(events).includes(run.trigger_event_id ?? ''))
          .map((run) => ({ id: run.trigger_event_id, created_at: run.created_at, skipped: [] })),
      ),
  },
  'runs-adopt': update({
    matches: (run, [, from]) => run.owner !== null && listOf(from).includes(run.owner),
    limit: ([, , limit]) => limit as number,
    set: (run, [owner]) => ({ owner: owner as string, ...crashed(run) }),
  }),
  'runs-release-dead': update({
    matches: (run, [from], { snapshot }) =>
      run.owner !== null && listOf(from).includes(run.owner) && !snapshot.processes.has(run.owner),
    limit: ([, limit]) => limit as number,
    set: (run) => ({ owner: null, ...crashed(run), wake_at: queuePlace(run) }),
  }),
  'runs-hand-back': update({
    matches: (run, held) => placeIn(held, run) >= 0,
    set: (run, held, now) => ({
      owner: null,
      lost_attempts: run.lost_attempts + Number((held[3] as unknown[])[placeIn(held, run)]),
      wake_at:
        (held[4] as number) > 0
          ? new Date(now.getTime() + 1_000 * (held[4] as number))
          : queuePlace(run),
    }),
  }),
  'run-take-over': update({
    matches: (run, [id, from, epoch]) => run.id === id && run.owner === from && run.epoch === epoch,
    set: (_, [, , , owner]) => ({ owner: owner as string }),
  }),
  'run-take-from-crashed': update({
    matches: (run, [id, from]) => run.id === id && run.owner === from,
    set: (run, [, , owner]) => ({
      owner: owner as string,
      ...crashed(run),
      strikes: run.strikes + 1,
    }),
  }),
  'claim-take': update({
    skipsLocked: true,
    matches: (run, [, ids], { now }) => listOf(ids).includes(run.id) && isDue(run, now),
    set: (run, [owner], now) => ({
      owner: owner as string,
      status: 'running',
      wake_at: null,
      started_at: run.started_at ?? now,
    }),
  }),
  'runs-owned-ids': {
    apply: ({ values: [owner], snapshot }) =>
      rowsOnly([...snapshot.runs.values()].filter((run) => run.owner === owner)),
  },
  'runs-owned': {
    apply: ({ values: [owner, ids], snapshot }) =>
      rowsOnly(
        [...snapshot.runs.values()].filter(
          (run) => run.owner === owner && listOf(ids).includes(run.id),
        ),
      ),
  },
  'run-by-id': {
    apply: ({ values: [id], snapshot }) => rowsOnly([snapshot.runs.get(id as string) ?? []].flat()),
  },
  'runs-dead-owners': {
    apply: ({ snapshot }) => {
      const owners = new Set([...snapshot.runs.values()].flatMap((run) => run.owner ?? []));
      return rowsOnly(
        [...owners].filter((id) => !snapshot.processes.has(id)).map((owner) => ({ owner })),
      );
    },
  },
  'runs-any-due': {
    apply: ({ snapshot, now }) =>
      rowsOnly([{ due: [...snapshot.runs.values()].some((run) => isDue(run, now)) }]),
  },
  'claim-workspaces': {
    apply: ({ values: [after, limit], snapshot }) => {
      const queued = [...snapshot.runs.values()]
        .filter((run) => run.owner === null && run.wake_at !== null)
        .map((run) => run.workspace_id)
        .filter((id) => id > (after as string));
      return rowsOnly(
        [...new Set(queued)]
          .sort()
          .slice(0, limit as number)
          .map((workspace_id) => ({ workspace_id })),
      );
    },
  },
  'claim-candidates': {
    apply: ({ values: [workspaces, after, maxLanes, perLane], snapshot, now }) => {
      const rows = listOf(workspaces).flatMap((workspaceId, index) => {
        const queued = [...snapshot.runs.values()].filter(
          (run) =>
            run.workspace_id === workspaceId &&
            run.owner === null &&
            run.wake_at !== null &&
            run.lane > (listOf(after)[index] ?? ''),
        );
        const lanes = [...new Set(queued.map((run) => run.lane))].sort();
        return lanes.slice(0, maxLanes as number).flatMap((lane): object[] => {
          const due = queued
            .filter((run) => run.lane === lane && isDue(run, now))
            .sort((a, b) => timeOf(a.wake_at) - timeOf(b.wake_at) || (a.id < b.id ? -1 : 1))
            .slice(0, perLane as number);
          const none = { workspace_id: workspaceId, lane, id: null };
          return due.length === 0 ? [none] : due;
        });
      });
      return rowsOnly(rows);
    },
  },
  'claim-open-workspaces': {
    apply: ({ values: [ids, setting], snapshot }) =>
      rowsOnly(
        listOf(ids).flatMap((id) => {
          const max = snapshot.workspaces.get(id)?.max_running ?? (setting as number | null);
          if (max === null) return [];
          return [{ id, open: max - livingRuns(snapshot, (run) => run.workspace_id === id) }];
        }),
      ),
  },
  'claim-open-agents': {
    apply: ({ values: [ids], snapshot }) =>
      rowsOnly(
        listOf(ids).flatMap((id) => {
          const max = snapshot.agents.get(id)?.concurrency ?? null;
          if (max === null) return [];
          return [{ id, open: max - livingRuns(snapshot, (run) => run.agent_id === id) }];
        }),
      ),
  },
  'claim-busy-keys': {
    apply: ({ values: [workspaces, agents, keys], snapshot }) =>
      rowsOnly(
        listOf(workspaces).flatMap((_, index) => {
          const [agentId, concurrencyKey] = [listOf(agents)[index], listOf(keys)[index]];
          const busy = livingRuns(
            snapshot,
            (run) => run.agent_id === agentId && run.concurrency_key === concurrencyKey,
          );
          return busy > 0 ? [{ agentId, concurrencyKey }] : [];
        }),
      ),
  },
  'workspaces-limited': {
    apply: ({ snapshot }) =>
      rowsOnly([...snapshot.workspaces.values()].filter((one) => one.max_running !== null)),
  },
  get_agent_by_id: {
    apply: ({ values: [agentId], snapshot }) => {
      const agent = snapshot.agents.get(agentId as string);
      if (agent === undefined) return rowsOnly([]);
      const { id, workspaceId: workspace_id, definition, paused_at } = agent;
      const times = { created_at: new Date(0), updated_at: new Date(0) };
      const row = {
        id,
        number: 1,
        workspace_id,
        version: 1,
        definition,
        triggers: '[]',
        paused_at,
      };
      return rowsOnly([{ ...row, ...times, enabled: true, test_gate: false }]);
    },
  },
  get_agent_version: {
    apply: ({ values: [agentId, version], snapshot }) => {
      const agent = snapshot.agents.get(agentId as string);
      if (agent === undefined) return rowsOnly([]);
      const { definition } = agent;
      const created_at = new Date(0);
      return rowsOnly([{ agent_id: agentId, version, definition, triggers: '[]', created_at }]);
    },
  },
  'process-beat': {
    apply: ({ values: [id], processes }) => {
      const row = processes.get(id as string);
      if (row === undefined) return rowsOnly([]);
      const writes = { ...noWrites(), processes: [{ ...row, beat: row.beat + 1 }] };
      return { rows: [], count: 1, writes };
    },
  },
  'spill-write': {
    apply: ({ values: [run_id, id], faults }) => {
      const spills = [{ run_id: run_id as string, id: id as string }];
      return {
        rows: [],
        count: 1,
        writes: { ...noWrites(), ...(faults.losesSpills ? {} : { spills }) },
      };
    },
  },
  'process-beats': { apply: ({ snapshot }) => rowsOnly([...snapshot.processes.values()]) },
};

const timeOf = (date: Date | null) => date?.getTime() ?? 0;

/** Runs that a process with a row drives. */
function livingRuns(tables: Tables, isCounted: (run: SimRun) => boolean): number {
  return [...tables.runs.values()].filter(
    (run) => run.owner !== null && tables.processes.has(run.owner) && isCounted(run),
  ).length;
}

function byText(text: string): StatementModel | undefined {
  return unnamed.find(([start]) => text.trimStart().startsWith(start))?.[1];
}

function deleteProcesses(ids: readonly string[], processes: Tables['processes']): Done {
  const goneProcesses = ids.filter((id) => processes.has(id));
  return { rows: [], count: goneProcesses.length, writes: { ...noWrites(), goneProcesses } };
}

const unnamed: readonly [string, StatementModel][] = [
  ...unnamedOfPauses,
  ...unnamedOfForks,
  // Hints are never delivered here: they may not be needed.
  ['LISTEN', { apply: () => rowsOnly([]) }],
  [
    'INSERT INTO processes (id, name, engine)',
    {
      apply: ({ values: [id, name], processes }) => {
        if (processes.has(id as string)) return rowsOnly([]);
        const row = { id: id as string, name: name as string, beat: 0 };
        return { rows: [], count: 1, writes: { ...noWrites(), processes: [row] } };
      },
    },
  ],
  [
    'SELECT id FROM processes WHERE name = $1 AND id <> $2',
    {
      apply: ({ values: [name, id], snapshot }) =>
        rowsOnly([...snapshot.processes.values()].filter((p) => p.name === name && p.id !== id)),
    },
  ],
  [
    'UPDATE processes SET name = $2',
    {
      apply: ({ values: [id, name], processes }) => {
        const row = processes.get(id as string);
        if (row === undefined) return rowsOnly([]);
        const renamed = { ...row, name: name as string };
        return { rows: [], count: 1, writes: { ...noWrites(), processes: [renamed] } };
      },
    },
  ],
  [
    'DELETE FROM processes WHERE id = $1 AND beat = $2',
    {
      apply: ({ values: [id, beat], processes }) =>
        processes.get(id as string)?.beat === beat
          ? deleteProcesses([id as string], processes)
          : rowsOnly([]),
    },
  ],
  [
    'DELETE FROM processes WHERE id = ANY',
    { apply: ({ values: [ids], processes }) => deleteProcesses(listOf(ids), processes) },
  ],
];
