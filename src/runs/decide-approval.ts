import { type Approval, type ApprovalAction, statusAfter } from '../core/approval.ts';
import { ApiError } from '../core/errors.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { getApproval, settleApprovals } from '../store/approvals.ts';
import type { Queryable } from '../store/connect.ts';
import { approvalEventJson } from './approval-event.ts';

export interface Decision {
  readonly action: ApprovalAction;
  readonly note: string | null;
  readonly by: {
    /** Of a token or a member. */
    readonly id: string;
    readonly name: string;
    /** May decide whatever the list of approvers says, so that no approval hangs on somebody who is gone. */
    readonly isAdmin: boolean;
  };
}

/** Throws `not_found`. */
export async function requireApproval(
  db: Queryable,
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<Approval> {
  const approval = await getApproval(db, scope, idOrNumber);
  if (approval !== null) return approval;
  throw new ApiError('not_found', `There is no approval ${idOrNumber}.`);
}

/**
 * Decides, and wakes the run in the same transaction: of two decisions exactly one counts. Throws `not_found`;
 * `forbidden` for who is not among its approvers; `already_decided`, or `conflict` when its run has ended;
 * `unprocessable` for changes of a run that has done nothing yet.
 */
export async function decideApproval(
  db: Queryable,
  of: { readonly scope: WorkspaceScope; readonly id: string },
  decision: Decision,
): Promise<Approval> {
  const approval = await requireApproval(db, of.scope, of.id);
  requireApprover(approval, decision.by);
  if (approval.status !== 'pending') throw alreadySettled(approval);
  if (approval.kind === 'run_start' && decision.action === 'ask_for_changes') {
    throw new ApiError(
      'unprocessable',
      'The run has not begun, so there is nothing to change yet. Approve it with a note, which its agent reads, or reject it.',
      { details: { action: 'must be approve or reject for an approval of kind run_start' } },
    );
  }
  const status = statusAfter[decision.action];
  const { note } = decision;
  const decidedBy = { id: decision.by.id, name: decision.by.name };
  const eventJson = approvalEventJson({
    ...approval,
    status,
    note,
    agentId: approval.agent.id,
    approvers: approval.approvers.map(({ id }) => id),
    decidedBy,
  });
  const settlement = { id: approval.id, status, note, decidedBy, eventJson };
  const settled = await settleApprovals(db, [settlement], 'decision');
  const now = await requireApproval(db, of.scope, approval.id);
  if (!settled.has(approval.id)) throw alreadySettled(now);
  return now;
}

function requireApprover(approval: Approval, by: Decision['by']): void {
  const { approvers } = approval;
  if (approvers.length === 0 || by.isAdmin || approvers.some(({ id }) => id === by.id)) return;
  throw new ApiError(
    'forbidden',
    `Approval ${approval.id} is for its approvers to decide, and you are none of them.`,
  );
}

function alreadySettled({ id, status, decidedAt }: Approval): ApiError {
  const at = decidedAt === null ? '' : ` at ${decidedAt.toISOString()}`;
  if (status === 'cancelled') {
    return new ApiError('conflict', `Approval ${id} is not needed any more: its run has ended.`);
  }
  if (status === 'pending') return new ApiError('already_decided', `Approval ${id} has expired.`);
  const words = status === 'changes_requested' ? 'was sent back for changes' : `was ${status}`;
  const what = status === 'expired' ? 'has expired' : words;
  return new ApiError('already_decided', `Approval ${id} ${what}${at}; a decision is final.`);
}
