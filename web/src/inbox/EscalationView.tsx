import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { agentQuery } from '../api/queries.ts';
import { conversationQuery, escalationQuery } from '../api/work-queries.ts';
import type { Escalation } from '../api/work-types.ts';
import { Messages } from '../conversations/Messages.tsx';
import { nameOf } from '../conversations/names.ts';
import { Answer } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { LongText } from '../ui/LongText.tsx';
import { liveEveryMs } from '../ui/live.ts';
import { Card } from '../ui/Page.tsx';
import { Scrolling } from '../ui/Scrolling.tsx';
import { Time } from '../ui/Time.tsx';
import { EscalationActions } from './EscalationActions.tsx';
import { HandedOver } from './HandedOver.tsx';
import { ReplyBox } from './ReplyBox.tsx';
import { TracePanel } from './TracePanel.tsx';

/** One escalation: what was written, what the agent proposes, why it asks, and its run beside it. */
export function EscalationView({ id }: { readonly id: string }) {
  const escalation = useQuery({ ...escalationQuery(id), refetchInterval: liveEveryMs });
  return (
    <Answer query={escalation} label="Loading the escalation">
      {(data) => (
        <div className="space-y-4">
          <Head escalation={data} />
          <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem] 2xl:grid-cols-2">
            <div className="min-w-0 space-y-4">
              <Card title="Conversation">
                <Written escalation={data} />
                <ReplyBox key={data.status} escalation={data} />
              </Card>
            </div>
            <div className="min-w-0 space-y-4">
              <HandedOver escalation={data} />
              <TracePanel agentId={data.agent_id} runId={data.agent_run_id} />
            </div>
          </div>
        </div>
      )}
    </Answer>
  );
}

function Head({ escalation }: { readonly escalation: Escalation }) {
  const { agent_id: agentId, conversation_id: conversationId } = escalation;
  const agent = useQuery({ ...agentQuery(agentId), retry: false });
  return (
    <header className="flex flex-wrap items-start gap-x-3 gap-y-2">
      <div className="min-w-0 grow">
        <h2 className="flex flex-wrap items-center gap-2 text-base font-semibold">
          {agent.data?.name ?? 'Deleted agent'}
          {escalation.status !== 'pending' && <Badge>{escalation.status}</Badge>}
          {escalation.taken_over && <Badge tone="warn">taken over</Badge>}
        </h2>
        <p className="text-xs text-muted">
          {conversationId === null ? (
            'A run without a conversation'
          ) : (
            <With conversationId={conversationId} />
          )}
          {' · '}
          <Time at={escalation.created_at} />
        </p>
      </div>
      <EscalationActions escalation={escalation} />
    </header>
  );
}

function With({ conversationId }: { readonly conversationId: string }) {
  const conversation = useQuery({ ...conversationQuery(conversationId), retry: false });
  return (
    <Link
      to="/conversations/$conversationId"
      params={{ conversationId }}
      className="text-accent underline"
    >
      {conversation.data === undefined
        ? 'its conversation'
        : `${nameOf(conversation.data.contact)}, by ${conversation.data.channel.replace('_', ' ')}`}
    </Link>
  );
}

function Written({ escalation }: { readonly escalation: Escalation }) {
  if (escalation.conversation_id === null) {
    return (
      <p className="whitespace-pre-wrap break-words p-4 text-muted">
        {escalation.guest_message === null ? (
          'It belongs to no conversation: read its run, and mark it as done.'
        ) : (
          <LongText text={escalation.guest_message} />
        )}
      </p>
    );
  }
  return (
    <Scrolling label="Conversation" className="max-h-[46dvh]">
      <Messages conversationId={escalation.conversation_id} />
    </Scrolling>
  );
}
