import { useQuery } from '@tanstack/react-query';
import { Hand, Undo2 } from 'lucide-react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { membersQuery } from '../api/settings-queries.ts';
import { escalationQuery } from '../api/work-queries.ts';
import type { Escalation } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Field.tsx';
import { Problem } from '../ui/States.tsx';
import { useShortcuts } from '../ui/use-shortcuts.ts';
import { inboxKeys } from './shortcuts.ts';
import { useDeed } from './use-deed.ts';

/** Who sees to it, and whether agents stay out of the conversation. */
export function EscalationActions({ escalation }: { readonly escalation: Escalation }) {
  const { me, workspaceId } = useSession();
  const why = useWhyNot('escalation', 'write');
  const members = useQuery({ ...membersQuery(workspaceId), retry: false });
  const writers = (members.data ?? []).filter(({ role }) => role !== 'viewer');
  const { id, assignee_id: assignee, taken_over: isTaken } = escalation;
  const isPending = escalation.status === 'pending';
  const mayAct = why === null;
  const params = { path: { id } };
  const { busy, error, act } = useDeed(escalationQuery(id), [['escalations'], ['conversations']]);
  const canTake = mayAct && escalation.conversation_id !== null && (isTaken || isPending);
  const take = () =>
    act(() =>
      isTaken
        ? dataOf(v1.POST('/v1/escalations/{id}/give-back', { params }))
        : dataOf(v1.POST('/v1/escalations/{id}/take-over', { params })),
    );
  const assign = (assigneeId: string) =>
    act(() =>
      dataOf(v1.POST('/v1/escalations/{id}/assign', { params, body: { assignee_id: assigneeId } })),
    );
  const canAssign = mayAct && isPending && writers.length > 0;
  useShortcuts([
    { key: inboxKeys.take[0], act: () => canTake && take() },
    {
      key: inboxKeys.mine[0],
      act: () => canAssign && me.user !== null && assignee !== me.user.id && assign(me.user.id),
    },
  ]);
  const known = writers.some((writer) => writer.id === assignee);
  return (
    <div className="flex flex-wrap items-center gap-2">
      {canAssign ? (
        <Select
          label="Assigned to"
          hideLabel
          aria-label="Assigned to"
          className="w-44"
          value={assignee ?? ''}
          options={[
            ...(assignee === null ? [['', 'Assigned to nobody'] as const] : []),
            ...(assignee !== null && !known ? [[assignee, 'Assigned to a token'] as const] : []),
            ...writers.map((writer) => [writer.id, writer.email] as const),
          ]}
          onChange={(event) => event.target.value !== '' && assign(event.target.value)}
        />
      ) : (
        assignee !== null && (
          <span className="text-xs text-muted">
            Assigned to {writers.find((writer) => writer.id === assignee)?.email ?? 'a token'}
          </span>
        )
      )}
      {canTake && (
        <Button
          busy={busy}
          icon={isTaken ? <Undo2 size={14} aria-hidden /> : <Hand size={14} aria-hidden />}
          onClick={take}
        >
          {isTaken ? 'Give it back' : 'Take over'}
        </Button>
      )}
      <Problem error={error} />
    </div>
  );
}
