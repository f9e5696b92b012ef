import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { approvalQuery } from '../api/work-queries.ts';
import type { Approval } from '../api/work-types.ts';
import { Messages } from '../conversations/Messages.tsx';
import { Answer } from '../ui/Answer.tsx';
import { Fact, Facts } from '../ui/Facts.tsx';
import { fullTime } from '../ui/format.ts';
import { JsonView } from '../ui/JsonView.tsx';
import { LongText } from '../ui/LongText.tsx';
import { liveEveryMs } from '../ui/live.ts';
import { Card } from '../ui/Page.tsx';
import { SafeText } from '../ui/SafeText.tsx';
import { Scrolling } from '../ui/Scrolling.tsx';
import { Time } from '../ui/Time.tsx';
import { DecisionBox } from './DecisionBox.tsx';
import { ItemFrame } from './ItemFrame.tsx';

/** One approval: what is to be done, by whom it may be decided, and the run that waits beside it. */
export function ApprovalView({ id }: { readonly id: string }) {
  const approval = useQuery({ ...approvalQuery(id), refetchInterval: liveEveryMs });
  return (
    <Answer query={approval} label="Loading the approval">
      {(data) => (
        <ItemFrame
          item={data}
          kind={kinds[data.kind]}
          origin={
            <>
              asked <Time at={data.created_at} />
              {data.conversation_id !== null && (
                <>
                  {' · '}
                  <Link
                    to="/conversations/$conversationId"
                    params={{ conversationId: data.conversation_id }}
                    className="text-accent underline"
                  >
                    its conversation
                  </Link>
                </>
              )}
            </>
          }
        >
          <Card title="What is asked">
            <Asked approval={data} />
            <DecisionBox key={data.status} approval={data} />
          </Card>
          {data.conversation_id !== null && (
            <Card title="Conversation">
              <Scrolling label="Conversation" className="max-h-[40dvh]">
                <Messages conversationId={data.conversation_id} />
              </Scrolling>
            </Card>
          )}
        </ItemFrame>
      )}
    </Answer>
  );
}

const kinds: Readonly<Record<Approval['kind'], string>> = {
  tool_call: 'call of a tool',
  request: 'question of the agent',
  run_start: 'start of a run',
  run_reply: 'reply of a run',
};

const afterExpiry: Readonly<Record<Approval['on_expiry'], string>> = {
  reject: 'it is rejected',
  fail: 'the run fails',
  escalate: 'it is escalated',
};

function Asked({ approval }: { readonly approval: Approval }) {
  const { proposal, approvers } = approval;
  const reply = replyIn(proposal);
  return (
    <div className="space-y-3 p-4">
      <p className="whitespace-pre-wrap break-words font-medium">
        <LongText text={approval.question} />
      </p>
      {reply !== null && (
        <div className="rounded-md border border-line bg-sunken px-3 py-2">
          <h3 className="mb-1 text-xs font-medium text-muted">Its reply</h3>
          <SafeText text={reply} />
        </div>
      )}
      <JsonView
        value={proposal}
        label={approval.tool_name === null ? 'What it would do' : `Calls ${approval.tool_name}`}
      />
      <Facts>
        <Fact name="May decide">
          {approvers.length === 0
            ? 'Whoever may write here'
            : approvers.map(({ id, name }) => name ?? id).join(', ')}
        </Fact>
        {approval.status === 'pending' && (
          <Fact name="Until">
            {fullTime(approval.expires_at)}; then {afterExpiry[approval.on_expiry]}
          </Fact>
        )}
      </Facts>
    </div>
  );
}

/** The text that a run would send, where that is what is asked about. */
function replyIn(proposal: unknown): string | null {
  if (typeof proposal !== 'object' || proposal === null || !('response' in proposal)) return null;
  return typeof proposal.response === 'string' ? proposal.response : null;
}
