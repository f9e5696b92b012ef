import { listExpired, settleApprovals } from '../store/approvals.ts';
import type { Queryable } from '../store/connect.ts';
import { approvalEventJson } from './approval-event.ts';

const atOnce = 100;

/**
 * Settles approvals whose time is over, and wakes their runs, for a loop. Any number of processes may do it: an
 * approval is settled once.
 */
export function approvalExpiry(db: Queryable) {
  return {
    name: 'The expiry of approvals',
    run: async (): Promise<number> => {
      const expired = await listExpired(db, atOnce);
      if (expired.length === 0) return Number.POSITIVE_INFINITY;
      const settlements = expired.map((approval) => ({
        id: approval.id,
        status: 'expired' as const,
        note: null,
        decidedBy: null,
        eventJson: approvalEventJson({
          ...approval,
          status: 'expired',
          agentId: approval.agent.id,
          approvers: approval.approvers.map(({ id }) => id),
        }),
      }));
      await settleApprovals(db, settlements, 'expiry');
      return expired.length < atOnce ? Number.POSITIVE_INFINITY : 0;
    },
  };
}
