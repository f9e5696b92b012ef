import type { Approval, ApprovalKind, ApprovalStatus, Person } from '../core/approval.ts';
import { stepId } from '../core/journal.ts';
import { RawJson, stringifyJson } from '../core/raw-json.ts';

/** A proposal is left out beyond so many characters. */
const longestProposal = 16_000;

/** What `approval.requested`, `approval.decided` and `approval.expired` carry. JSON text. */
export function approvalEventJson(of: {
  readonly id: string;
  readonly kind: ApprovalKind;
  readonly status: ApprovalStatus;
  readonly agentId: string;
  readonly run: Approval['run'];
  readonly step: number;
  readonly toolName: string | null;
  readonly question: string;
  readonly proposalJson: string;
  readonly approvers: readonly string[];
  readonly note?: string | null;
  readonly decidedBy?: Person | null;
}): string {
  const { run, proposalJson } = of;
  return stringifyJson({
    id: of.id,
    kind: of.kind,
    status: of.status,
    agent_id: of.agentId,
    run_id: run.runId,
    step_id: stepId(run.id, of.step),
    tool_name: of.toolName,
    question: of.question,
    proposal: proposalJson.length > longestProposal ? null : new RawJson(proposalJson),
    approvers: of.approvers,
    entity_id: run.entityId,
    session_id: run.sessionId,
    conversation_id: run.conversationId,
    note: of.note ?? null,
    decided_by: of.decidedBy ?? null,
  });
}
