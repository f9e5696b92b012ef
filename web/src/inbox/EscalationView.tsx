import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
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
import { ItemFrame } from './ItemFrame.tsx';
import { ReplyBox } from './ReplyBox.tsx';

/** One escalation: what was written, what the agent proposes, why it asks, and its run beside it. */
export function EscalationView({ id }: { readonly id: string }) {
  const escalation = useQuery({ ...escalationQuery(id), refetchInterval: liveEveryMs });
  return (
    <Answer query={escalation} label="Loading the escalation">
      {(data) => (
        <ItemFrame
          item={data}
          badges={data.taken_over && <Badge tone="warn">taken over</Badge>}
          origin={
            <>
              {data.conversation_id === null ? (
                'A run without a conversation'
              ) : (
                <With conversationId={data.conversation_id} />
              )}
              {' · '}
              <Time at={data.created_at} />
            </>
          }
          actions={<EscalationActions escalation={data} />}
          beside={<HandedOver escalation={data} />}
        >
          <Card title="Conversation">
            <Written escalation={data} />
            <ReplyBox key={data.status} escalation={data} />
          </Card>
        </ItemFrame>
      )}
    </Answer>
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
