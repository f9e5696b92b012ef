import type { Agent, Trigger } from '../core/agent.ts';
import type { RunConversation } from '../core/conversation.ts';
import { ApiError } from '../core/errors.ts';
import { newId, newRunExecutionId } from '../core/ids.ts';
import type { ModelClient } from '../core/model.ts';
import type { EngineName, Run } from '../core/run.ts';
import { traceFrom } from '../core/trace-context.ts';
import type { NewEvent, NewRun } from '../store/new-firing.ts';
import { concurrencyKeyOf } from './concurrency-key.ts';

// A run as it is to be created, on the agent as it is now.

export interface PlanDeps {
  readonly models: Pick<ModelClient, 'whyUnusable'>;
  readonly defaultModel: string | null;
  readonly engine: {
    /** Where new runs go; without it `local`. */
    readonly name?: EngineName;
    /** Names the owner while this process has room; its place is kept until the run is woken or not created. */
    ownerForNewRun(run: {
      readonly id: string;
      readonly workspaceId: string;
      /** It has a limit over all processes, which only the queue can keep. */
      readonly isLimited: boolean;
    }): string | null;
  };
}

export interface RunPlan {
  readonly agent: Agent;
  readonly trigger: Trigger | null;
  /** JSON text. */
  readonly payloadJson: string;
  readonly entityId: string | null;
  readonly additionalInstructions: string | null;
  readonly traceparent: string | null;
  /** Without it the payload's own. */
  readonly sessionId?: string | null;
  readonly retryOf?: string | null;
  readonly priority?: number;
  /** Without it the agent's own. */
  readonly concurrencyKey?: string | null;
  readonly dryRun?: boolean;
  readonly oncePerEntity?: boolean;
  readonly slot?: string | null;
  readonly heldAfter?: string | null;
  readonly conversation?: RunConversation | null;
}

/** Throws `unprocessable` when no model can be used. */
export function planRun(deps: PlanDeps, plan: RunPlan): NewRun {
  const { agent, trigger, heldAfter = null } = plan;
  const model = modelFor(deps, agent);
  const id = newId('run');
  const parked = agent.pausedAt !== null;
  const concurrencyKey = plan.concurrencyKey ?? concurrencyKeyOf(agent.definition, plan);
  const isQueued = parked || heldAfter !== null;
  const isLimited = agent.definition.concurrency !== null || concurrencyKey !== null;
  return {
    id,
    runId: newRunExecutionId(),
    agentId: agent.id,
    agentVersion: agent.version,
    triggerId: trigger?.id ?? null,
    triggerType: trigger?.type ?? null,
    sessionId: plan.sessionId === undefined ? sessionIdOf(plan.payloadJson) : plan.sessionId,
    entityId: plan.entityId,
    additionalInstructions: plan.additionalInstructions,
    retryOf: plan.retryOf ?? null,
    model,
    traceId: traceFrom(plan.traceparent),
    owner: isQueued
      ? null
      : deps.engine.ownerForNewRun({ id, workspaceId: agent.workspaceId, isLimited }),
    parked,
    engine: deps.engine.name ?? 'local',
    dryRun: plan.dryRun ?? false,
    priority: plan.priority ?? 0,
    concurrencyKey,
    oncePerEntity: plan.oncePerEntity ?? false,
    slot: plan.slot ?? null,
    heldAfter,
    conversation: plan.conversation ?? null,
  };
}

function modelFor(deps: PlanDeps, agent: Agent): string {
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

/** A run that was just committed, as it stands in the database. */
export function newlyCreated(event: NewEvent, run: NewRun, createdAt: Date): Run {
  return {
    ...run,
    workspaceId: event.workspaceId,
    payloadJson: event.payloadJson,
    dryRun: run.dryRun ?? false,
    testRunId: null,
    parentRunId: null,
    ancestry: [],
    budget: null,
    childrenUsed: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
    forkedFrom: null,
    fromStep: null,
    instructions: null,
    triggerEventId: event.id,
    conversationId: run.conversation?.id ?? null,
    contactId: run.conversation?.contactId ?? null,
    readRev: run.conversation?.readRev ?? null,
    engine: run.engine ?? 'local',
    engineRunId: null,
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
    startedAt: run.owner === null ? null : createdAt,
    completedAt: null,
  };
}
