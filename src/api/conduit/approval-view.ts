import { z } from '@hono/zod-openapi';
import {
  type Approval,
  approvalKinds,
  approvalStatuses,
  expiryPolicies,
} from '../../core/approval.ts';
import { stepId } from '../../core/journal.ts';
import { RawJson } from '../../core/raw-json.ts';
import { iso, isoOrNull } from './times.ts';

const person = z.object({ id: z.string(), name: z.string().nullable() });

export const approvalShape = z.object({
  id: z.string(),
  number: z.number().int(),
  workspace_id: z.string(),
  agent_id: z.string(),
  agent_name: z.string(),
  run_id: z.string().openapi({ description: 'The run that waits.' }),
  step_id: z.string(),
  kind: z.enum(approvalKinds).openapi({
    description:
      'A call of a tool, what the agent asks by its instructions, or the whole run: before its first step, or before what it decided takes effect.',
  }),
  status: z.enum(approvalStatuses),
  tool_name: z.string().nullable(),
  question: z.string(),
  proposal: z.unknown().openapi({
    description: 'Arguments of the call, the proposed action, the run’s payload or its decision.',
  }),
  approvers: z.array(person).openapi({ description: 'Empty: whoever may write.' }),
  on_expiry: z.enum(expiryPolicies),
  expires_at: z.string(),
  note: z.string().nullable(),
  decided_by: person.nullable(),
  decided_at: z.string().nullable(),
  entity_id: z.string().nullable(),
  session_id: z.string().nullable(),
  conversation_id: z.string().nullable(),
  created_at: z.string(),
});

export function showApproval(approval: Approval) {
  const { agent, run } = approval;
  return {
    id: approval.id,
    number: approval.number,
    workspace_id: approval.workspaceId,
    agent_id: agent.id,
    agent_name: agent.name,
    run_id: run.runId,
    step_id: stepId(run.id, approval.step),
    kind: approval.kind,
    status: approval.status,
    tool_name: approval.toolName,
    question: approval.question,
    proposal: new RawJson(approval.proposalJson),
    approvers: approval.approvers,
    on_expiry: approval.onExpiry,
    expires_at: iso(approval.expiresAt),
    note: approval.note,
    decided_by: approval.decidedBy,
    decided_at: isoOrNull(approval.decidedAt),
    entity_id: run.entityId,
    session_id: run.sessionId,
    conversation_id: run.conversationId,
    created_at: iso(approval.createdAt),
  };
}
