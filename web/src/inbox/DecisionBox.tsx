import { PenLine } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { approvalQuery } from '../api/work-queries.ts';
import type { Approval, ApprovalAction } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Button } from '../ui/Button.tsx';
import { Decided, NotForYou } from './Decided.tsx';
import { ApproveButton, DecisionForm, NoteField, RejectButton } from './DecisionForm.tsx';
import { useDeed } from './use-deed.ts';

/** Approve, reject, ask for changes; or what was decided. */
export function DecisionBox({ approval }: { readonly approval: Approval }) {
  const { me } = useSession();
  const why = useWhyNot('approval', 'write');
  const { approvers } = approval;
  const isNamed = approvers.length === 0 || approvers.some(({ id }) => id === me.user?.id);
  if (approval.status !== 'pending') return <Decided item={approval} />;
  // Whether a token is named only the server knows.
  const whyNot = why ?? (me.user !== null && !isNamed ? 'Others are named to decide this.' : null);
  if (whyNot === null) return <Deciding approval={approval} />;
  return <NotForYou why={whyNot} />;
}

function Deciding({ approval }: { readonly approval: Approval }) {
  const [note, setNote] = useState('');
  const { id, kind } = approval;
  const { busy, error, act } = useDeed(approvalQuery(id), [
    ['approvals'],
    ['run', approval.run_id],
  ]);
  const canChange = kind !== 'run_start';
  const decide = (action: ApprovalAction) =>
    act(() =>
      dataOf(
        v1.POST('/v1/approvals/{id}/decision', {
          params: { path: { id } },
          body: { action, note: note.trim() || null },
        }),
      ),
    );
  return (
    <DecisionForm
      error={error}
      goOn={
        <>
          <ApproveButton busy={busy} onClick={() => decide('approve')}>
            Approve
          </ApproveButton>
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
        </>
      }
      end={
        <RejectButton busy={busy} onClick={() => decide('reject')}>
          Reject
        </RejectButton>
      }
    >
      <NoteField
        label="Note to the agent"
        data-key-target="edit"
        value={note}
        hint={canChange ? 'Needed to ask for changes: it says which.' : undefined}
        onChange={setNote}
      />
    </DecisionForm>
  );
}
