import type { Agent, Trigger } from '../core/agent.ts';
import type { RunConversation } from '../core/conversation.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { ModelClient } from '../core/model.ts';
import { findIdempotent } from '../store/idempotency.ts';
import type { NewEvent, NewIdempotencyKey } from '../store/new-firing.ts';
import { type Budgets, withinBudgets } from './budget-gate.ts';
import { type CommitDeps, commitFiring } from './commit-firing.ts';
import { conversationIn } from './named-conversation.ts';
import { type PlanDeps, planRun } from './plan-run.ts';

// I1: a run is committed before its dispatch is acknowledged.

export interface DispatchRequest {
  readonly agent: Agent;
  readonly trigger: Trigger | null;
  /** What fired: `manual`, `cron`, `webhook`, … */
  readonly source: string;
  /** JSON text, as it was given (I9). */
  readonly payloadJson: string;
  readonly entityId: string | null;
  readonly additionalInstructions: string | null;
  readonly traceparent: string | null;
  readonly sessionId?: string | null;
  readonly retryOf?: string | null;
  /** Seconds that the run goes ahead of others of its workspace; default 0, at most 3,600. */
  readonly priority?: number;
  /** Runs of the agent with the same key go one at a time. */
  readonly concurrencyKey?: string | null;
  /** Calls of tools with outside effects are written down and not made. */
  readonly dryRun?: boolean;
  /** Without it what the payload names. */
  readonly conversation?: RunConversation | null;
  readonly idempotency: DispatchKey | null;
}

/** An `Idempotency-Key`; it is kept in the run's own commit together with the answer for a repeat. */
export interface DispatchKey {
  readonly route: string;
  readonly key: string;
  readonly bodyHash: Buffer;
  readonly status: number;
  /** JSON text of the answer that a repeat gets. */
  readonly response: (run: DispatchedIds) => string;
}

export interface DispatchedIds {
  readonly id: string;
  readonly runId: string;
  readonly triggerEventId: string;
}

export type DispatchResult =
  | ({ readonly kind: 'dispatched' } & DispatchedIds)
  | { readonly kind: 'repeated'; readonly status: number; readonly response: string }
  | { readonly kind: 'key_conflict' };

export interface DispatchDeps extends Omit<PlanDeps & CommitDeps, 'engine'> {
  readonly models: ModelClient;
  /** Absent: nothing is limited. */
  readonly budgets?: Budgets;
  readonly engine: PlanDeps['engine'] & CommitDeps['engine'];
}

/** Commits a run and hands it to the engine. Throws `ApiError` when it cannot be. */
export async function dispatchRun(
  deps: DispatchDeps,
  request: DispatchRequest,
): Promise<DispatchResult> {
  const { workspaceId, id: agentId } = request.agent;
  return await withinBudgets(deps.budgets, { workspaceId, agentId }, async () => {
    const result = await commitDispatch(deps, request);
    return { result, isCreated: result.kind === 'dispatched' };
  });
}

async function commitDispatch(
  deps: DispatchDeps,
  request: DispatchRequest,
): Promise<DispatchResult> {
  const { agent, trigger, payloadJson, entityId } = request;
  const conversation =
    request.conversation ?? (await conversationIn(deps.db, agent.workspaceId, payloadJson));
  const run = planRun(deps, { ...request, conversation });
  const event: NewEvent = {
    id: newId('triggerEvent'),
    workspaceId: agent.workspaceId,
    source: request.source,
    triggerId: trigger?.id ?? null,
    payloadJson,
    entityId,
  };
  const ids: DispatchedIds = { id: run.id, runId: run.runId, triggerEventId: event.id };
  const idempotency = keptKey(request.idempotency, ids);
  const outcome = await commitFiring(deps, { event, runs: [run], verdicts: [], idempotency });
  if (outcome.kind === 'repeated') {
    return await answerOfKey(deps, event.workspaceId, idempotency);
  }
  return { kind: 'dispatched', ...ids };
}

/** The key as it is stored with the run that it dispatches. */
export function keptKey(key: DispatchKey | null, ids: DispatchedIds): NewIdempotencyKey | null {
  return key === null ? null : { ...key, responseJson: key.response(ids) };
}

/** What a repeat of an idempotency key is answered. */
export async function answerOfKey(
  deps: Pick<DispatchDeps, 'db'>,
  workspaceId: string,
  key: NewIdempotencyKey | null,
): Promise<DispatchResult> {
  const kept =
    key === null
      ? { kind: 'absent' as const }
      : await findIdempotent(deps.db, { workspaceId, ...key });
  if (kept.kind === 'other_body') return { kind: 'key_conflict' };
  if (kept.kind === 'same') {
    return { kind: 'repeated', status: kept.status, response: kept.responseJson };
  }
  throw new ApiError('unavailable', 'The run was not stored. Try again.', { retryAfterS: 1 });
}
