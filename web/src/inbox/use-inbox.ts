import { useInfiniteQuery } from '@tanstack/react-query';
import { approvalsQuery, escalationsQuery, fieldDecisionsQuery } from '../api/work-queries.ts';
import type { Approval, Escalation, FieldDecision } from '../api/work-types.ts';
import type { InboxKind, InboxSearch } from '../search.ts';
import { useSession } from '../shell/workspace.tsx';
import { itemsOf } from '../ui/Answer.tsx';
import { liveInterval } from '../ui/live.ts';
import { decidedAs } from './status.ts';

/** An escalation, an approval or what was proposed for a field, as the list shows it. */
export interface InboxItem {
  readonly id: string;
  readonly agentId: string;
  readonly text: string;
  /** Null while somebody is waited for. */
  readonly status: string | null;
  readonly flags: readonly string[];
  readonly createdAt: string;
}

/** What the inbox lists by its filters, newest first; live. */
export function useInbox(search: InboxSearch) {
  const { me, workspaceId } = useSession();
  const shown = search.show ?? 'escalations';
  const ofAgent = search.agent === undefined ? {} : { agent_id: search.agent };
  const pending = { ...ofAgent, ...(search.all ? {} : { status: 'pending' as const }) };
  const proposed = { ...ofAgent, ...(search.all ? {} : { status: 'proposed' as const }) };
  const mine = search.mine && me.user !== null ? me.user.id : undefined;
  const live = (kind: InboxKind) => ({
    refetchInterval: liveInterval,
    enabled: shown === kind,
  });
  const escalations = useInfiniteQuery({
    ...escalationsQuery(workspaceId, {
      ...pending,
      ...(mine === undefined ? {} : { assignee_id: mine }),
    }),
    ...live('escalations'),
  });
  const approvals = useInfiniteQuery({
    ...approvalsQuery(workspaceId, {
      ...pending,
      ...(mine === undefined ? {} : { approver: mine }),
    }),
    ...live('approvals'),
  });
  const fields = useInfiniteQuery({
    ...fieldDecisionsQuery(workspaceId, proposed),
    ...live('fields'),
  });
  switch (shown) {
    case 'approvals':
      return { query: approvals, items: itemsOf(approvals.data)?.map(ofApproval) };
    case 'fields':
      return { query: fields, items: itemsOf(fields.data)?.map(ofField) };
    default:
      return { query: escalations, items: itemsOf(escalations.data)?.map(ofEscalation) };
  }
}

function ofEscalation(one: Escalation): InboxItem {
  return {
    id: one.id,
    agentId: one.agent_id,
    text: one.guest_message ?? one.disposition_reason ?? 'A run asks for a person.',
    status: decidedAs(one),
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
    status: decidedAs(one),
    flags: one.tool_name === null ? [] : [one.tool_name],
    createdAt: one.created_at,
  };
}

function ofField(one: FieldDecision): InboxItem {
  return {
    id: one.id,
    agentId: one.agent_id,
    text: `${one.kind} ${one.entity_id}, ${one.field}: ${one.justification}`,
    status: decidedAs(one),
    flags: one.purpose === 'dispatch' ? ['dispatch'] : [],
    createdAt: one.created_at,
  };
}
