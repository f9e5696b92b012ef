import { queuePlace, update } from './run-update.ts';
import { type Done, type Given, rowsOnly, type StatementModel } from './statement-model.ts';
import { noWrites, type SimAgent, type SimRun } from './tables.ts';

// Pause and resume of an agent, and what sets free the runs that a pause has parked.

const isParked = (run: SimRun) =>
  run.status === 'accepted' && run.owner === null && run.wake_at === null;

/** An agent's row is locked by this name. */
const agentLock = (id: unknown) => `agent ${id}`;

function setPaused(pausedAt: (agent: SimAgent, now: Date) => Date | null): StatementModel {
  return {
    targets: (_, [id]) => [agentLock(id)],
    apply: ({ values: [id], agents, now }: Given): Done => {
      const agent = agents.get(id as string);
      if (agent === undefined) return rowsOnly([]);
      const changed = { ...agent, paused_at: pausedAt(agent, now) };
      return { rows: [], count: 1, writes: { ...noWrites(), agents: [changed] } };
    },
  };
}

/** Nobody owns what is parked: the epoch stays. */
function unpark(isMeant: (values: readonly unknown[], run: SimRun) => boolean): StatementModel {
  return update({
    skipsLocked: true,
    matches: (run, values, { snapshot, faults }) =>
      isParked(run) &&
      isMeant(values, run) &&
      (faults.ignoresPauses === true || snapshot.agents.get(run.agent_id)?.paused_at === null),
    set: (run) => ({ wake_at: queuePlace(run), epoch: run.epoch }),
  });
}

export const pauseStatements: Readonly<Record<string, StatementModel>> = {
  'runs-unpark': unpark(([agentId], run) => run.agent_id === agentId),
  'runs-sweep-parked': unpark(() => true),
};

export const unnamedOfPauses: readonly [string, StatementModel][] = [
  ['UPDATE agents a SET paused_at = coalesce', setPaused((agent, now) => agent.paused_at ?? now)],
  ['UPDATE agents a SET paused_at = NULL', setPaused(() => null)],
  [
    'UPDATE runs SET wake_at = NULL',
    update({
      skipsLocked: true,
      matches: (run, [agentId]) =>
        run.agent_id === agentId &&
        run.status === 'accepted' &&
        run.owner === null &&
        run.wake_at !== null,
      set: (run) => ({ wake_at: null, epoch: run.epoch }),
    }),
  ],
];
