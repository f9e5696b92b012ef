import type { Escalation } from '../core/escalation.ts';

/** Texts are cut at this many characters. */
const longestText = 16_000;

/** What `escalation.created` carries. JSON text. */
export function escalationPayload(escalation: Escalation): string {
  return JSON.stringify({
    id: escalation.id,
    agent_id: escalation.agentId,
    agent_run_id: escalation.run.id,
    run_id: escalation.run.runId,
    conversation_id: escalation.conversationId,
    contact_id: escalation.contactId,
    disposition: escalation.disposition,
    disposition_reason: escalation.dispositionReason,
    guest_message: escalation.guestMessage?.slice(0, longestText) ?? null,
    proposed_response: escalation.proposedResponse?.slice(0, longestText) ?? null,
    created_at: escalation.createdAt.toISOString(),
  });
}
