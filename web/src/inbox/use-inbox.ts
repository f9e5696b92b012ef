import { useInfiniteQuery } from '@tanstack/react-query';
import { approvalsQuery, escalationsQuery } from '../api/work-queries.ts';
import type { Approval, Escalation } from '../api/work-types.ts';
import type { InboxSearch } from '../search.ts';
import { useSession } from '../shell/workspace.tsx';
import { itemsOf } from '../ui/Answer.tsx';
import { liveInterval } from '../ui/live.ts';

/** An escalation or an approval, as the list shows it. */
export interface InboxItem {
  readonly id: string;
  readonly agentId: string;
  readonly text: string;
  readonly status: Escalation['status'] | Approval['status'];
  readonly flags: readonly string[];
  readonly createdAt: string;
}

/** What the inbox lists by its filters, newest first; live. */
export function useInbox(search: InboxSearch) {
  const { me, workspaceId } = useSession();
  const shown = search.show ?? 'escalations';
  const mine = search.mine && me.user !== null ? me.user.id : undefined;
  const common = {
    ...(search.all ? {} : { status: 'pending' as const }),
    ...(search.agent === undefined ? {} : { agent_id: search.agent }),
  };
  const escalations = useInfiniteQuery({
    ...escalationsQuery(workspaceId, {
      ...common,
      ...(mine === undefined ? {} : { assignee_id: mine }),
    }),
    refetchInterval: liveInterval,
    enabled: shown === 'escalations',
  });
  const approvals = useInfiniteQuery({
    ...approvalsQuery(workspaceId, {
      ...common,
      ...(mine === undefined ? {} : { approver: mine }),
    }),
    refetchInterval: liveInterval,
    enabled: shown === 'approvals',
  });
  const query = shown === 'approvals' ? approvals : escalations;
  const items =
    shown === 'approvals'
      ? itemsOf(approvals.data)?.map(ofApproval)
      : itemsOf(escalations.data)?.map(ofEscalation);
  return { query, items };
}

function ofEscalation(one: Escalation): InboxItem {
  return {
    id: one.id,
    agentId: one.agent_id,
    text: one.guest_message ?? one.disposition_reason ?? 'A run asks for a person.',
    status: one.status,
    flags: [
      ...(one.taken_over ? ['taken over'] : []),
      ...(one.superseded ? ['newer message'] : []),
      ...(one.broken_guardrails.length > 0 ? ['guardrail'] : []),
    ],
    createdAt: one.created_at,
  };
}

function ofApproval(one: Approval): InboxItem {
  return {
    id: one.id,
    agentId: one.agent_id,
    text: one.question,
    status: one.status,
    flags: one.tool_name === null ? [] : [one.tool_name],
    createdAt: one.created_at,
  };
}
