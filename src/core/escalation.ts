import type { Disposition } from './disposition.ts';
import type { BrokenGuardrail } from './journal.ts';

// What runs hand over to people.

/** The reason of a hand-over whose reply was kept back because it breaks a rule of the agent's. */
export const guardrailViolated = 'guardrail_violated';

export const escalationStatuses = ['pending', 'reviewed', 'resolved', 'dismissed'] as const;
export type EscalationStatus = (typeof escalationStatuses)[number];
/** Those by which a person is done with it. */
export const closingStatuses = ['reviewed', 'resolved', 'dismissed'] as const;
export type ClosingStatus = (typeof closingStatuses)[number];

export interface Escalation {
  readonly id: string;
  readonly workspaceId: string;
  readonly run: { readonly id: string; readonly runId: string };
  readonly agentId: string;
  readonly conversationId: string | null;
  readonly contactId: string | null;
  readonly readRev: number | null;
  readonly disposition: Disposition;
  readonly dispositionReason: string | null;
  /** The last message that the run could have read. */
  readonly guestMessage: string | null;
  /** The run's reply, which was not sent. */
  readonly proposedResponse: string | null;
  /** A newer message came in: the proposal answers what is not asked any more. */
  readonly isSuperseded: boolean;
  /** No agent answers in its conversation. */
  readonly isTakenOver: boolean;
  readonly status: EscalationStatus;
  readonly assigneeId: string | null;
  readonly sent: { readonly messageId: string; readonly response: string } | null;
  readonly reviewedBy: string | null;
  readonly reviewedAt: Date | null;
  readonly createdAt: Date;
}

/** What the run said of its hand-over, read from its journal. */
export interface EscalationDetails {
  readonly questionsForOperator: readonly string[];
  readonly requestForAdditionalInfo: string | null;
  /** The guardrails that its reply broke. */
  readonly brokenGuardrails: readonly BrokenGuardrail[];
  /** What the run asked of the knowledge base in vain. */
  readonly unansweredQuestions: readonly UnansweredQuestion[];
}

export interface UnansweredQuestion {
  readonly id: string;
  readonly query: string;
  /** The node that answers it since. */
  readonly nodeId: string | null;
}
