import { rawOr, stringifyJson } from '../core/raw-json.ts';
import type { Run } from '../core/run.ts';

/** The body of a message, in the form of Standard Webhooks: what happened, when, and to what. */
export function messageBody(message: {
  readonly type: string;
  readonly at: Date;
  readonly data: unknown;
}): string {
  return stringifyJson({
    type: message.type,
    timestamp: message.at.toISOString(),
    data: message.data,
  });
}

/** What is told of a run that has ended. */
export function runData(run: Run): Record<string, unknown> {
  return {
    id: run.id,
    run_id: run.runId,
    workspace_id: run.workspaceId,
    agent_id: run.agentId,
    agent_version: run.agentVersion,
    trigger_id: run.triggerId,
    trigger_event_id: run.triggerEventId,
    conversation_id: run.conversationId,
    session_id: run.sessionId,
    entity_id: run.entityId,
    status: run.status,
    stop_reason: run.stopReason,
    disposition: run.disposition,
    disposition_reason: run.dispositionReason,
    response: run.response,
    output: rawOr(run.outputJson, null),
    error: run.error,
    total_cost: run.costUsd,
    token_usage: { input: run.inputTokens, output: run.outputTokens },
    created_at: run.createdAt.toISOString(),
    completed_at: run.completedAt?.toISOString() ?? null,
  };
}
