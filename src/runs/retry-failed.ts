import type { Agent } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import type { Run, StopReason } from '../core/run.ts';
import { listUnretriedFailures } from '../store/failed-runs.ts';
import { hashBody } from '../store/idempotency.ts';
import { type DispatchDeps, type DispatchKey, dispatchRun } from './dispatch.ts';
import { retryRequest } from './retry.ts';

export interface Retried {
  readonly id: string;
  readonly runId: string;
  readonly retryOf: string;
}

/** Runs that are dispatched beside one another; they travel in few commits. */
const atOnce = 100;

/**
 * Retries the agent's failed runs, each of them once however often and from wherever this is called; runs
 * that were retried one by one are left out. `more`: the limit cut the list, call again. Throws `agent_disabled`.
 */
export async function retryFailedRuns(
  deps: DispatchDeps,
  request: {
    readonly agent: Agent;
    readonly since: Date;
    readonly until: Date | null;
    readonly stopReasons: readonly StopReason[] | null;
    readonly limit: number;
    readonly traceparent: string | null;
  },
): Promise<{ readonly retried: readonly Retried[]; readonly more: boolean }> {
  const { agent, limit, traceparent, ...which } = request;
  if (!agent.enabled || agent.definition.operation_mode === 'inactive') {
    throw new ApiError('agent_disabled', 'The agent is disabled or inactive.');
  }
  const found = await listUnretriedFailures(deps.db, {
    ...which,
    agentId: agent.id,
    limit: limit + 1,
  });
  const runs = found.slice(0, limit);
  const retried: Retried[] = [];
  for (let from = 0; from < runs.length; from += atOnce) {
    const part = runs.slice(from, from + atOnce);
    const results = await Promise.all(
      part.map((run) => retryOnce(deps, { agent, run, traceparent })),
    );
    retried.push(...results.flatMap((result) => result ?? []));
  }
  return { retried, more: found.length > limit };
}

/** Null: another call was first. */
async function retryOnce(
  deps: DispatchDeps,
  of: { readonly agent: Agent; readonly run: Run; readonly traceparent: string | null },
): Promise<Retried | null> {
  const { run } = of;
  const result = await dispatchRun(deps, { ...retryRequest(of), idempotency: onceKey(run) });
  if (result.kind !== 'dispatched') return null;
  return { id: result.id, runId: result.runId, retryOf: run.id };
}

/** Of two calls at the same time, one makes the retry; what it made is found by every later one. */
function onceKey(run: Run): DispatchKey {
  return {
    route: 'retry failed runs',
    key: run.id,
    bodyHash: hashBody(run.id),
    status: 201,
    response: ({ id }) => JSON.stringify({ id }),
  };
}
