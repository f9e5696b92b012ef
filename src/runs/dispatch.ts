import type { Agent, Trigger } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import { newId, newRunExecutionId } from '../core/ids.ts';
import type { ModelClient } from '../core/model.ts';
import type { Run } from '../core/run.ts';
import { traceIdFrom } from '../core/trace-context.ts';
import type { Database } from '../store/connect.ts';
import { NotCommitted, UnstorableUnit } from '../store/group-commit.ts';
import { findIdempotent } from '../store/idempotency.ts';
import { unparkRunsOf } from '../store/pauses.ts';
import type { NewRun, RunCreator } from '../store/run-creator.ts';

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

export interface DispatchDeps {
  readonly db: Database;
  readonly creator: RunCreator;
  readonly models: ModelClient;
  readonly defaultModel: string | null;
  /** Whoever drives runs in this process: names the owner while it has room, and takes the run over. */
  readonly engine: {
    ownerForNewRun(run: {
      readonly id: string;
      readonly workspaceId: string;
      /** It has a limit over all processes, which only the queue can keep. */
      readonly isLimited: boolean;
    }): string | null;
    /** A run that was given an owner was not created, or nobody knows. */
    notCreated(id: string): void;
    wake(run: Run): void;
  };
}

/** Commits a run and hands it to the engine. Throws `ApiError` when it cannot be. */
export async function dispatchRun(
  deps: DispatchDeps,
  request: DispatchRequest,
): Promise<DispatchResult> {
  const model = modelFor(deps, request.agent);
  const ids: DispatchedIds = {
    id: newId('run'),
    runId: newRunExecutionId(),
    triggerEventId: newId('triggerEvent'),
  };
  const { agent, trigger, idempotency, concurrencyKey = null } = request;
  const parked = agent.pausedAt !== null;
  const created: NewRun = {
    id: ids.id,
    runId: ids.runId,
    workspaceId: agent.workspaceId,
    agentId: agent.id,
    agentVersion: agent.version,
    triggerId: trigger?.id ?? null,
    triggerType: trigger?.type ?? null,
    sessionId: request.sessionId ?? sessionIdOf(request.payloadJson),
    entityId: request.entityId,
    additionalInstructions: request.additionalInstructions,
    retryOf: request.retryOf ?? null,
    payloadJson: request.payloadJson,
    model,
    traceId: traceIdFrom(request.traceparent),
    owner: parked
      ? null
      : deps.engine.ownerForNewRun({
          id: ids.id,
          workspaceId: agent.workspaceId,
          isLimited: agent.definition.concurrency !== null || concurrencyKey !== null,
        }),
    parked,
    dryRun: request.dryRun ?? false,
    priority: request.priority ?? 0,
    concurrencyKey,
    event: { id: ids.triggerEventId, source: request.source },
    idempotency:
      idempotency === null ? null : { ...idempotency, responseJson: idempotency.response(ids) },
  };
  const outcome = await commitRun(deps, created).catch((error: unknown) => {
    deps.engine.notCreated(ids.id);
    throw error;
  });
  if (outcome.kind === 'repeated') {
    deps.engine.notCreated(ids.id);
    return await answerOfKey(deps, created);
  }
  if (parked) await unparkRunsOf(deps.db, agent.id);
  else deps.engine.wake(newlyCreated(created, outcome.createdAt));
  return { kind: 'dispatched', ...ids };
}

async function commitRun(
  deps: DispatchDeps,
  run: NewRun,
): Promise<Awaited<ReturnType<RunCreator['submit']>>> {
  try {
    return await deps.creator.submit(run);
  } catch (error) {
    if (error instanceof NotCommitted) {
      throw new ApiError('unavailable', 'The database is not reachable. Try again.', {
        retryAfterS: 2,
        cause: error,
      });
    }
    if (error instanceof UnstorableUnit) {
      throw new ApiError('unprocessable', 'The run could not be stored as it was given.', {
        cause: error,
      });
    }
    throw error;
  }
}

/** What a repeat of an idempotency key is answered. */
export async function answerOfKey(deps: DispatchDeps, run: NewRun): Promise<DispatchResult> {
  const { idempotency, workspaceId } = run;
  const kept =
    idempotency === null
      ? { kind: 'absent' as const }
      : await findIdempotent(deps.db, { workspaceId, ...idempotency });
  if (kept.kind === 'other_body') return { kind: 'key_conflict' };
  if (kept.kind === 'same') {
    return { kind: 'repeated', status: kept.status, response: kept.responseJson };
  }
  throw new ApiError('unavailable', 'The run was not stored. Try again.', { retryAfterS: 1 });
}

function modelFor(deps: DispatchDeps, agent: Agent): string {
  const model = agent.definition.model ?? deps.defaultModel;
  if (model === null) {
    throw new ApiError(
      'unprocessable',
      `Agent "${agent.definition.name}" has no model, and the server has no default. Set the agent's model, or SIGNALBOX_DEFAULT_MODEL.`,
      { details: { model: 'is null and there is no default model' } },
    );
  }
  requireUsable(deps.models, model);
  return model;
}

/** Throws `unprocessable` with what is missing for the model. */
export function requireUsable(models: Pick<ModelClient, 'whyUnusable'>, model: string): void {
  const problem = models.whyUnusable(model);
  if (problem === null) return;
  throw new ApiError('unprocessable', `Model "${model}" cannot be used: ${problem}`, {
    details: { model: problem },
  });
}

/** A payload groups its runs by its own `session_id`, if it has one. */
export function sessionIdOf(payloadJson: string): string | null {
  const payload: unknown = JSON.parse(payloadJson);
  if (typeof payload !== 'object' || payload === null || !Object.hasOwn(payload, 'session_id')) {
    return null;
  }
  const { session_id } = payload as { session_id: unknown };
  return typeof session_id === 'string' && session_id !== '' ? session_id : null;
}

function newlyCreated(run: NewRun, createdAt: Date): Run {
  const { event, idempotency: _kept, ...fields } = run;
  return {
    ...fields,
    dryRun: run.dryRun ?? false,
    forkedFrom: null,
    fromStep: null,
    instructions: null,
    triggerEventId: event.id,
    conversationId: null,
    contactId: null,
    engine: 'local',
    status: run.owner === null ? 'accepted' : 'running',
    epoch: 1,
    wakeAt: null,
    crashes: 0,
    lostAttempts: 0,
    strikes: 0,
    lastSeq: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    disposition: null,
    dispositionReason: null,
    response: null,
    reflection: null,
    outputJson: null,
    stopReason: null,
    error: null,
    createdAt,
    startedAt: createdAt,
    completedAt: null,
  };
}
