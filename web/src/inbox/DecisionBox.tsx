import { useQueryClient } from '@tanstack/react-query';
import { Check, PenLine, X } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { approvalQuery } from '../api/work-queries.ts';
import type { Approval, ApprovalAction } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Button } from '../ui/Button.tsx';
import { TextArea } from '../ui/Field.tsx';
import { Problem } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { useShortcuts } from '../ui/use-shortcuts.ts';
import { useSubmit } from '../ui/use-submit.ts';
import { focusOn, inboxKeys } from './shortcuts.ts';

/** Approve, reject, ask for changes; or what was decided. */
export function DecisionBox({ approval }: { readonly approval: Approval }) {
  const { me } = useSession();
  const why = useWhyNot('approval', 'write');
  const { approvers } = approval;
  const isNamed = approvers.length === 0 || approvers.some(({ id }) => id === me.user?.id);
  if (approval.status !== 'pending') return <Decided approval={approval} />;
  // Whether a token is named only the server knows.
  const whyNot = why ?? (me.user !== null && !isNamed ? 'Others are named to decide this.' : null);
  if (whyNot === null) return <Deciding approval={approval} />;
  return <p className="border-t border-line p-4 text-[13px] text-muted">{whyNot}</p>;
}

function Deciding({ approval }: { readonly approval: Approval }) {
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const { busy, error, submit } = useSubmit();
  const { id, kind } = approval;
  const canChange = kind !== 'run_start';
  const decide = (action: ApprovalAction) =>
    void submit(async () => {
      const decided = await dataOf(
        v1.POST('/v1/approvals/{id}/decision', {
          params: { path: { id } },
          body: { action, note: note.trim() === '' ? null : note.trim() },
        }),
      );
      queries.setQueryData(approvalQuery(id).queryKey, decided);
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['approvals'] }),
        queries.invalidateQueries({ queryKey: ['run', approval.run_id] }),
      ]);
    });
  useShortcuts([
    { key: inboxKeys.approve[0], act: () => focusOn('approve') },
    { key: inboxKeys.edit[0], act: () => focusOn('edit') },
    { key: inboxKeys.reject[0], act: () => focusOn('reject') },
    { key: inboxKeys.changes[0], act: () => focusOn('changes') },
  ]);
  return (
    <div className="space-y-3 border-t border-line p-4">
      <TextArea
        label="Note to the agent"
        data-key-target="edit"
        rows={2}
        maxLength={10_000}
        value={note}
        hint={canChange ? 'Needed to ask for changes: it says which.' : undefined}
        onChange={(event) => setNote(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <Problem error={error} />
      <div className="flex flex-wrap gap-2">
        <Button
          kind="primary"
          data-key-target="approve"
          busy={busy}
          icon={<Check size={14} aria-hidden />}
          onClick={() => decide('approve')}
        >
          Approve
        </Button>
        {canChange && (
          <Button
            data-key-target="changes"
            busy={busy}
            why={note.trim() === '' ? 'Write into the note what is to be changed.' : null}
            icon={<PenLine size={14} aria-hidden />}
            onClick={() => decide('ask_for_changes')}
          >
            Ask for changes
          </Button>
        )}
        <Button
          kind="danger"
          className="ml-auto"
          data-key-target="reject"
          busy={busy}
          icon={<X size={14} aria-hidden />}
          onClick={() => decide('reject')}
        >
          Reject
        </Button>
      </div>
    </div>
  );
}

function Decided({ approval }: { readonly approval: Approval }) {
  const { status, decided_by: by, decided_at: at, note } = approval;
  return (
    <div role="status" className="space-y-1 border-t border-line p-4 text-[13px]">
      <p className="font-medium first-letter:uppercase">
        {status.replace('_', ' ')}
        {by !== null && ` by ${by.name ?? by.id}`}
        {at !== null && (
          <span className="font-normal text-muted">
            , <Time at={at} />
          </span>
        )}
      </p>
      {note && <p className="whitespace-pre-wrap break-words text-muted">{note}</p>}
    </div>
  );
}
