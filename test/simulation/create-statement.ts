import { type Done, type Given, refuseUnstorable, unnested } from './statement-model.ts';
import { noWrites, type SimRun, type Tables } from './tables.ts';

// `firings-create`, for dispatches: one run an event, without an idempotency key or anything to skip it for.

type NewRow = Partial<SimRun> &
  Pick<SimRun, 'id' | 'agent_id'> & { readonly event_id: string; readonly parked?: boolean };

/** An insert waits for one of the same key that has not committed yet. */
export function createTargets(_: Tables, [ids]: readonly unknown[]): string[] {
  return [...(ids as string[])].sort();
}

export function applyCreate(given: Given): Done {
  const rows = unnested(given, 'g') as unknown as NewRow[];
  refuseUnstorable(rows.map((row) => row.payload));
  const runs = rows.filter((row) => !given.locked.has(row.id)).map((row) => newRun(row, given.now));
  const created = runs.map((run) => ({
    id: run.trigger_event_id,
    created_at: run.created_at,
    skipped: null,
  }));
  return { rows: created, count: runs.length, writes: { ...noWrites(), runs } };
}

function newRun({ parked = false, event_id, ...row }: NewRow, now: Date): SimRun {
  const { owner = null, priority = 0, concurrency_key: key = null } = row;
  return {
    ...nothing,
    ...row,
    trigger_event_id: event_id,
    status: owner === null ? 'accepted' : 'running',
    owner,
    priority,
    concurrency_key: key,
    lane: key === null ? row.agent_id : `${row.agent_id} ${key}`,
    wake_at: owner === null && !parked ? new Date(now.getTime() - 1_000 * priority) : null,
    started_at: owner === null ? null : now,
    created_at: now,
  } as SimRun;
}

export const nothing = {
  parent_run_id: null,
  test_run_id: null,
  ancestry: null,
  budget: null,
  child_input_tokens: null,
  child_output_tokens: null,
  child_cost_usd: null,
  conversation_id: null,
  contact_id: null,
  forked_from: null,
  from_step: null,
  instructions: null,
  engine: 'local',
  epoch: 1,
  crashes: 0,
  lost_attempts: 0,
  strikes: 0,
  last_seq: 0,
  input_tokens: 0,
  output_tokens: 0,
  cost_usd: 0,
  disposition: null,
  disposition_reason: null,
  response: null,
  reflection: null,
  output: null,
  stop_reason: null,
  error: null,
  completed_at: null,
} satisfies Partial<SimRun>;
