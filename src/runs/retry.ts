import type { Agent } from '../core/agent.ts';
import type { RunConversation } from '../core/conversation.ts';
import { ApiError } from '../core/errors.ts';
import { requirePayload } from '../core/retention.ts';
import { type Run, runCan } from '../core/run.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { getAgent } from '../store/agents.ts';
import { getRun } from '../store/runs.ts';
import {
  type DispatchDeps,
  type DispatchKey,
  type DispatchRequest,
  type DispatchResult,
  dispatchRun,
} from './dispatch.ts';

/**
 * Starts a new run with the payload, entity and instructions of one that has ended, on the agent as it is
 * now. Throws `not_found`, or `conflict` when the run has not ended or its agent cannot run.
 */
export async function retryRun(
  deps: DispatchDeps,
  request: {
    readonly scope: WorkspaceScope;
    readonly id: string;
    readonly traceparent: string | null;
    readonly idempotency: DispatchKey | null;
  },
): Promise<DispatchResult> {
  const { scope } = request;
  const run = await getRun(deps.db, scope, request.id);
  if (run === null) throw new ApiError('not_found', `There is no run ${request.id}.`);
  requireNoTest(run);
  if (!runCan.retry(run)) {
    throw new ApiError(
      'conflict',
      `Run ${run.id} has not ended. Cancel it first, or wait for its end.`,
    );
  }
  requirePayload(run.payloadJson, `run ${run.id}`);
  const agent = await activeAgent(deps, scope, run.agentId);
  const { traceparent, idempotency } = request;
  return await dispatchRun(deps, { ...retryRequest({ agent, run, traceparent }), idempotency });
}

/** Passes unless the run is a test's: outside of its test, its calls would be made. Throws `conflict`. */
export function requireNoTest(run: Pick<Run, 'id' | 'testRunId'>): void {
  if (run.testRunId === null) return;
  throw new ApiError(
    'conflict',
    `Run ${run.id} belongs to test run ${run.testRunId}. Run the test again instead.`,
  );
}

/** A dispatch of the same on the agent as it is now. */
export function retryRequest(of: {
  readonly agent: Agent;
  readonly run: Run;
  readonly traceparent: string | null;
}): Omit<DispatchRequest, 'idempotency'> {
  const { agent, run, traceparent } = of;
  return {
    agent,
    trigger: agent.triggers.find((trigger) => trigger.id === run.triggerId) ?? null,
    source: 'retry',
    payloadJson: run.payloadJson,
    entityId: run.entityId,
    additionalInstructions: run.additionalInstructions,
    sessionId: run.sessionId,
    conversation: conversationOf(run),
    retryOf: run.id,
    dryRun: run.dryRun,
    traceparent,
  };
}

/** The same messages are read, and answered while nothing has come in since. */
function conversationOf(run: Run): RunConversation | null {
  const { conversationId: id, contactId, readRev } = run;
  return id === null && contactId === null ? null : { id, contactId, readRev };
}

/** The agent of a run that is to be run again. Throws `conflict` or `agent_disabled`. */
export async function activeAgent(
  deps: Pick<DispatchDeps, 'db'>,
  scope: WorkspaceScope,
  agentId: string,
): Promise<Agent> {
  const agent = await getAgent(deps.db, scope, agentId);
  if (agent === null) {
    throw new ApiError(
      'conflict',
      'The agent of this run has been deleted: it cannot be run again.',
    );
  }
  if (!agent.enabled || agent.definition.operation_mode === 'inactive') {
    throw new ApiError('agent_disabled', 'The agent of this run is disabled or inactive.');
  }
  return agent;
}
