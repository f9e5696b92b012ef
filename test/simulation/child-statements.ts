import { nothing } from './create-statement.ts';
import { queuePlace, update } from './run-update.ts';
import { type Given, rowsOnly, type StatementModel } from './statement-model.ts';
import { isEnded, noWrites, type SimRun } from './tables.ts';

// Runs that other runs asked for, and the trigger of the database that tells a parent of their end.

function isHeld(run: SimRun | undefined, [, owner, epoch]: readonly unknown[]): run is SimRun {
  return run !== undefined && run.owner === owner && run.epoch === epoch;
}

const columns = [
  ...['id', 'run_id', 'agent_id', 'agent_version', 'model', 'payload', 'budget'],
] as const;

/** The rows that the statement is given as arrays. */
function childrenIn({ values }: Pick<Given, 'values'>): Record<(typeof columns)[number], never>[] {
  return (values[3] as string[]).map(
    (_, row) =>
      Object.fromEntries(
        columns.map((column, index) => [column, (values[3 + index] as unknown[])[row]]),
      ) as Record<(typeof columns)[number], never>,
  );
}

/** Another creator of the same child is waited for, as for every key. */
const createChildren: StatementModel = {
  targets: (snapshot, values) => {
    const parent = snapshot.runs.get(values[0] as string);
    return isHeld(parent, values) ? [parent.id, ...[...(values[3] as string[])].sort()] : [];
  },
  apply: (given) => {
    const { values, locked, snapshot, now } = given;
    const parent = locked.get(values[0] as string);
    if (!isHeld(parent, values)) return rowsOnly([]);
    const runs = childrenIn(given)
      .filter((child) => !locked.has(child.id))
      .flatMap((child): SimRun[] => {
        const agent = snapshot.agents.get(child.agent_id);
        if (agent?.workspaceId !== parent.workspace_id) return [];
        const { workspace_id, session_id, priority, created_at } = parent;
        const made = { ...nothing, ...child, workspace_id, session_id, priority };
        return [
          {
            ...{ ...made, trigger_event_id: null, trigger_id: null, trigger_type: null },
            ...{ entity_id: null, additional_instructions: null, retry_of: null },
            trace_id: parent.trace_id,
            parent_run_id: parent.id,
            ancestry: [parent.ancestry, parent.agent_id].filter((id) => id !== null).join(' '),
            status: 'accepted',
            owner: null,
            concurrency_key: null,
            lane: agent.id,
            wake_at: agent.paused_at === null ? queuePlace({ ...parent, created_at }) : null,
            started_at: null,
            created_at: now,
          } as unknown as SimRun,
        ];
      });
    return { rows: [{ id: parent.id }], count: 1, writes: { ...noWrites(), runs } };
  },
};

export const childStatements: Readonly<Record<string, StatementModel>> = {
  'runs-create-children': createChildren,
  'runs-read-children': {
    apply: ({ values: [parentId, ids], snapshot }) =>
      rowsOnly(
        [...snapshot.runs.values()].filter(
          (run) =>
            run.id === parentId ||
            ((ids as string[]).includes(run.id) && run.parent_run_id === parentId),
        ),
      ),
  },
  'run-park': update({
    matches: (run, values) => run.id === values[0] && isHeld(run, values),
    set: (run, [, , , seconds], now) => ({
      owner: null,
      epoch: run.epoch,
      status: 'waiting',
      wake_at: earliest(run.wake_at, new Date(now.getTime() + 1_000 * (seconds as number))),
    }),
  }),
  'runs-open-children': {
    apply: ({ values: [parentIds], snapshot }) =>
      rowsOnly(
        [...snapshot.runs.values()]
          .filter((run) => (parentIds as unknown[]).includes(run.parent_run_id) && !isEnded(run))
          .map(({ id }) => ({ id }))
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
      ),
  },
  'runs-orphaned-children': {
    apply: ({ snapshot }) =>
      rowsOnly(
        [...snapshot.runs.values()].flatMap((run) => {
          const parent = snapshot.runs.get(run.parent_run_id ?? '');
          if (parent === undefined || isEnded(run) || !isEnded(parent)) return [];
          return [{ id: run.id, parentRunId: parent.id }];
        }),
      ),
  },
};

const earliest = (a: Date | null, b: Date) => (a === null || b < a ? b : a);

/** What the trigger makes of a row above a child that has ended. */
export function toldOfEnd(above: SimRun, child: SimRun, now: Date): SimRun {
  const hasBelow = child.child_input_tokens !== null;
  const input = child.input_tokens + (child.child_input_tokens ?? 0);
  const output = child.output_tokens + (child.child_output_tokens ?? 0);
  const cost = plus(child.cost_usd, hasBelow ? child.child_cost_usd : 0);
  const isFirst = above.child_input_tokens === null;
  const wakes = above.status === 'running' || above.status === 'waiting';
  return {
    ...above,
    child_input_tokens: (above.child_input_tokens ?? 0) + input,
    child_output_tokens: (above.child_output_tokens ?? 0) + output,
    child_cost_usd: isFirst ? cost : plus(above.child_cost_usd, cost),
    wake_at: wakes ? earliest(above.wake_at, now) : above.wake_at,
  };
}

const plus = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
