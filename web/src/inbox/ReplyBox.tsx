import { Check, Send } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { escalationQuery } from '../api/work-queries.ts';
import type { Escalation } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Button } from '../ui/Button.tsx';
import { TextArea } from '../ui/Field.tsx';
import { LongText } from '../ui/LongText.tsx';
import { Time } from '../ui/Time.tsx';
import { ApproveButton, DecisionForm, RejectButton } from './DecisionForm.tsx';
import { leaveByEscape } from './shortcuts.ts';
import { useDeed } from './use-deed.ts';

/** The proposed reply, to send as it is, to edit, or not to send. What was sent, when it is done. */
export function ReplyBox({ escalation }: { readonly escalation: Escalation }) {
  const why = useWhyNot('escalation', 'write');
  if (escalation.status !== 'pending') return <Done escalation={escalation} />;
  if (why === null) return <Answering escalation={escalation} />;
  return (
    <div className="space-y-2 border-t border-line p-4 text-[13px]">
      <h3 className="text-xs font-medium text-muted">Proposed reply</h3>
      <p className="whitespace-pre-wrap break-words">
        {escalation.proposed_response ?? 'None: the agent left it to a person.'}
      </p>
      <p className="text-xs text-faint">{why}</p>
    </div>
  );
}

function Answering({ escalation }: { readonly escalation: Escalation }) {
  const { id, conversation_id: conversationId, superseded } = escalation;
  const proposed = escalation.proposed_response ?? '';
  const [text, setText] = useState(proposed);
  const { busy, error, act } = useDeed(escalationQuery(id), [
    ['escalations'],
    ['messages', conversationId],
  ]);
  const isProposal = text === proposed;
  const params = { path: { id } };
  const send = () =>
    act(() =>
      isProposal
        ? dataOf(v1.POST('/v1/escalations/{id}/approve', { params }))
        : dataOf(v1.POST('/v1/escalations/{id}/send', { params, body: { body: text } })),
    );
  const close = (status: 'resolved' | 'dismissed') =>
    act(() => dataOf(v1.POST('/v1/escalations/{id}/resolve', { params, body: { status } })));
  const whyNot =
    text.trim() === ''
      ? 'There is nothing to send yet.'
      : superseded && isProposal
        ? 'A newer message came in since: read it, and write what answers it.'
        : null;
  return (
    <DecisionForm
      error={error}
      goOn={
        <>
          {conversationId !== null && (
            <ApproveButton
              busy={busy}
              why={whyNot}
              icon={<Send size={14} aria-hidden />}
              onClick={send}
            >
              {isProposal ? 'Send as proposed' : 'Send as edited'}
            </ApproveButton>
          )}
          {!isProposal && proposed !== '' && (
            <Button kind="quiet" onClick={() => setText(proposed)}>
              Back to the proposal
            </Button>
          )}
        </>
      }
      end={
        <>
          <Button
            busy={busy}
            title="A person saw to it; nothing is sent"
            icon={<Check size={14} aria-hidden />}
            onClick={() => close('resolved')}
          >
            Mark as done
          </Button>
          <RejectButton busy={busy} onClick={() => close('dismissed')}>
            Dismiss
          </RejectButton>
        </>
      }
    >
      {superseded && (
        <p role="status" className="rounded-md bg-warn/10 px-3 py-2 text-[13px] text-warn">
          A newer message came in after this reply was proposed.
        </p>
      )}
      {conversationId !== null && (
        <TextArea
          label={proposed === '' ? 'Reply' : 'Proposed reply'}
          data-key-target="edit"
          rows={Math.min(10, Math.max(3, text.split('\n').length + 1))}
          value={text}
          hint={
            proposed === ''
              ? 'The agent proposed none.'
              : isProposal
                ? 'Written by the agent; nothing is sent before you say so.'
                : 'Your own words go out; the run keeps what was proposed.'
          }
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            const isSending = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
            if (isSending && whyNot === null && !busy) send();
            leaveByEscape(event);
          }}
        />
      )}
    </DecisionForm>
  );
}

function Done({ escalation }: { readonly escalation: Escalation }) {
  const { sent, proposed_response: proposed } = escalation;
  return (
    <div className="space-y-2 border-t border-line p-4 text-[13px]">
      <p role="status" className="font-medium">
        {sent === null ? `It is ${escalation.status}; nothing was sent.` : 'Answered.'}{' '}
        {escalation.reviewed_at !== null && (
          <span className="font-normal text-muted">
            <Time at={escalation.reviewed_at} />
          </span>
        )}
      </p>
      {proposed !== null && sent?.response !== proposed && (
        <details>
          <summary className="text-xs text-muted">What the agent had proposed</summary>
          <p className="mt-1 whitespace-pre-wrap break-words text-muted">
            <LongText text={proposed} />
          </p>
        </details>
      )}
    </div>
  );
}
