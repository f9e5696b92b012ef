// A person's decision that a run waits for.

/**
 * `tool_call`: a call of a tool that needs it. `request`: the agent asked, by its instructions. `run_start` and
 * `run_reply`: the whole run waits, before its first step or with what it decided.
 */
export const approvalKinds = ['tool_call', 'request', 'run_start', 'run_reply'] as const;
export type ApprovalKind = (typeof approvalKinds)[number];

export const approvalStatuses = [
  'pending',
  'approved',
  'rejected',
  'changes_requested',
  'expired',
  'cancelled',
] as const;
export type ApprovalStatus = (typeof approvalStatuses)[number];

export const approvalActions = ['approve', 'reject', 'ask_for_changes'] as const;
export type ApprovalAction = (typeof approvalActions)[number];

/** What follows an approval that nobody decided in time. Never an approval. */
export const expiryPolicies = ['reject', 'fail', 'escalate'] as const;
export type ExpiryPolicy = (typeof expiryPolicies)[number];

/** How an agent's runs ask. */
export interface ApprovalSettings {
  /** The whole run waits: before its first step, or before what it decided takes effect. */
  readonly run: 'start' | 'reply' | null;
  /** Tools whose calls need approval in this agent's runs, beside those that always do. */
  readonly tools: readonly string[];
  /** Ids of tokens and members that may decide; empty: whoever may write. */
  readonly approvers: readonly string[];
  readonly expires_after_ms: number;
  readonly on_expiry: ExpiryPolicy;
}

/** Of an agent that says nothing of it. */
export const defaultApprovals: ApprovalSettings = {
  run: null,
  tools: [],
  approvers: [],
  expires_after_ms: 7 * 24 * 3_600_000,
  on_expiry: 'reject',
};

export interface Approval {
  readonly id: string;
  /** A stable integer, for dialects that document one. */
  readonly number: number;
  readonly workspaceId: string;
  readonly agent: { readonly id: string; readonly number: number; readonly name: string };
  /** The run that waits: both of its ids, and what it is about. */
  readonly run: {
    readonly id: string;
    readonly runId: string;
    readonly entityId: string | null;
    readonly sessionId: string | null;
    readonly conversationId: string | null;
  };
  readonly step: number;
  readonly kind: ApprovalKind;
  readonly toolName: string | null;
  readonly question: string;
  /** JSON text: arguments of the call, proposed action, or decision of the run. */
  readonly proposalJson: string;
  readonly approvers: readonly Person[];
  readonly onExpiry: ExpiryPolicy;
  readonly expiresAt: Date;
  readonly status: ApprovalStatus;
  readonly note: string | null;
  readonly decidedBy: Person | null;
  readonly decidedAt: Date | null;
  readonly createdAt: Date;
}

/** Somebody by id; the name is null when they are not known any more. */
export interface Person {
  readonly id: string;
  readonly name: string | null;
}

/** What became of one, as the run that asked reads it. */
export interface ApprovalAnswer {
  readonly status: Exclude<ApprovalStatus, 'pending' | 'cancelled'>;
  readonly note: string | null;
  readonly decidedBy: Person | null;
}

export const statusAfter: Readonly<Record<ApprovalAction, ApprovalAnswer['status']>> = {
  approve: 'approved',
  reject: 'rejected',
  ask_for_changes: 'changes_requested',
};
