import { z } from '@hono/zod-openapi';
import { dispositions } from '../../core/disposition.ts';
import {
  type Escalation,
  type EscalationDetails,
  escalationStatuses,
} from '../../core/escalation.ts';
import { iso, isoOrNull } from './times.ts';

const sentShape = z.object({ message_id: z.string(), response: z.string() });

/** In the view of its run. */
export const escalationLink = z.object({
  id: z.string(),
  status: z.enum(escalationStatuses),
  proposed_response: z.string().nullable(),
  sent: sentShape
    .nullable()
    .openapi({ description: 'What a person sent in its place, or as it was.' }),
});

export const escalationShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  type: z.enum(['chat', 'run']).openapi({
    description: '`chat` belongs to a conversation; `run` is of a run that replies to nobody.',
  }),
  conversation_id: z.string().nullable(),
  contact_id: z.string().nullable(),
  agent_run_id: z.string(),
  agent_id: z.string(),
  disposition: z.enum(dispositions),
  disposition_reason: z.string().nullable(),
  status: z.enum(escalationStatuses),
  assignee_id: z.string().nullable(),
  guest_message: z.string().nullable(),
  proposed_response: z.string().nullable(),
  request_for_additional_info: z.string().nullable(),
  questions_for_operator: z.array(z.string()),
  broken_guardrails: z
    .array(z.object({ id: z.string(), title: z.string(), why: z.string() }))
    .openapi({ description: 'Why the reply was kept back: the rules that it breaks.' }),
  unanswered_questions: z
    .array(z.object({ id: z.string(), query: z.string(), node_id: z.string().nullable() }))
    .openapi({
      description:
        'What the run asked of the knowledge base in vain. Each without a `node_id` can become a node: `POST /v1/kb/nodes/from-run` with `agent_run_id`, after a reply was sent with nothing else.',
    }),
  superseded: z.boolean().openapi({
    description: 'A newer message came in: the proposal answers what is not asked any more.',
  }),
  taken_over: z.boolean().openapi({ description: 'Agents stay out of its conversation.' }),
  sent: sentShape.nullable(),
  reviewed_at: z.string().nullable(),
  reviewed_by: z.string().nullable(),
  created_at: z.string(),
});

export function showEscalation(escalation: Escalation, details: EscalationDetails | undefined) {
  return {
    id: escalation.id,
    workspace_id: escalation.workspaceId,
    type: escalation.conversationId === null ? 'run' : 'chat',
    conversation_id: escalation.conversationId,
    contact_id: escalation.contactId,
    agent_run_id: escalation.run.id,
    agent_id: escalation.agentId,
    disposition: escalation.disposition,
    disposition_reason: escalation.dispositionReason,
    status: escalation.status,
    assignee_id: escalation.assigneeId,
    guest_message: escalation.guestMessage,
    proposed_response: escalation.proposedResponse,
    request_for_additional_info: details?.requestForAdditionalInfo ?? null,
    questions_for_operator: details?.questionsForOperator ?? [],
    broken_guardrails: details?.brokenGuardrails ?? [],
    unanswered_questions: (details?.unansweredQuestions ?? []).map(({ id, query, nodeId }) => ({
      ...{ id, query, node_id: nodeId },
    })),
    superseded: escalation.isSuperseded,
    taken_over: escalation.isTakenOver,
    sent: showSent(escalation),
    reviewed_at: isoOrNull(escalation.reviewedAt),
    reviewed_by: escalation.reviewedBy,
    created_at: iso(escalation.createdAt),
  };
}

export function showEscalationLink(escalation: Escalation | null) {
  if (escalation === null) return null;
  const { id, status, proposedResponse } = escalation;
  return { id, status, proposed_response: proposedResponse, sent: showSent(escalation) };
}

function showSent({ sent }: Escalation) {
  return sent === null ? null : { message_id: sent.messageId, response: sent.response };
}
