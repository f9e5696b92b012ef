import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { conversationQuery } from '../api/work-queries.ts';
import type { Conversation } from '../api/work-types.ts';
import { Answer } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { liveEveryMs } from '../ui/live.ts';
import { Card, Page } from '../ui/Page.tsx';
import { Scrolling } from '../ui/Scrolling.tsx';
import { AboutConversation } from './AboutConversation.tsx';
import { Composer } from './Composer.tsx';
import { ConversationRuns, LiveRun } from './ConversationRuns.tsx';
import { Messages } from './Messages.tsx';
import { nameOf, stateName } from './names.ts';

const route = getRouteApi('/conversations/$conversationId');
const trail = (
  <Link to="/conversations" className="hover:underline">
    Conversations
  </Link>
);

/** One conversation: its messages, what agents did for it, and a place to write. */
export function ConversationPage() {
  const { conversationId } = route.useParams();
  const conversation = useQuery({
    ...conversationQuery(conversationId),
    refetchInterval: liveEveryMs,
  });
  const { data } = conversation;
  if (data !== undefined) return <Shown key={conversationId} conversation={data} />;
  return (
    <Page title="Conversation" above={trail}>
      <Card>
        <Answer query={conversation} label="Loading the conversation">
          {() => null}
        </Answer>
      </Card>
    </Page>
  );
}

function Shown({ conversation }: { readonly conversation: Conversation }) {
  const name = nameOf(conversation.contact);
  return (
    <Page
      title={name}
      tab={`Conversation with ${name}`}
      above={trail}
      badge={
        <span className="flex flex-wrap items-center gap-1.5">
          <Badge>{conversation.channel.replace('_', ' ')}</Badge>
          <Badge tone={conversation.state === 'done' ? 'good' : 'live'}>
            {stateName(conversation.state)}
          </Badge>
          {conversation.ai_paused && <Badge tone="warn">a person has it</Badge>}
          {conversation.archived && <Badge>archived</Badge>}
        </span>
      }
    >
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <Card title={conversation.subject ?? 'Messages'}>
          <Scrolling label="Messages, scrolling" className="max-h-[58dvh] min-h-40">
            <Messages conversationId={conversation.id} />
            <LiveRun conversationId={conversation.id} />
          </Scrolling>
          <Composer conversation={conversation} />
        </Card>
        <div className="min-w-0 space-y-4">
          <AboutConversation conversation={conversation} />
          <ConversationRuns conversationId={conversation.id} />
        </div>
      </div>
    </Page>
  );
}
