import type { Run } from '../core/run.ts';

/** A response is cut at this many characters, an output left out beyond them. */
const longestText = 16_000;

/** What `run.completed`, `run.failed` and `run.cancelled` carry. JSON text. */
export function runEndPayload(run: Run): string {
  const { outputJson } = run;
  const isLarge = outputJson !== null && outputJson.length > longestText;
  const fields = JSON.stringify({
    id: run.id,
    run_id: run.runId,
    agent_id: run.agentId,
    agent_version: run.agentVersion,
    status: run.status,
    disposition: run.disposition,
    disposition_reason: run.dispositionReason,
    stop_reason: run.stopReason,
    error: run.error,
    entity_id: run.entityId,
    session_id: run.sessionId,
    conversation_id: run.conversationId,
    contact_id: run.contactId,
    trigger_id: run.triggerId,
    trigger_type: run.triggerType,
    trigger_event_id: run.triggerEventId,
    total_cost: run.costUsd,
    created_at: run.createdAt.toISOString(),
    completed_at: run.completedAt?.toISOString() ?? null,
    response: run.response?.slice(0, longestText) ?? null,
  });
  return `${fields.slice(0, -1)},"output":${outputJson === null || isLarge ? 'null' : outputJson}}`;
}
