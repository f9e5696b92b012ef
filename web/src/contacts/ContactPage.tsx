import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Pencil, Send } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { contactQuery, conversationsQuery } from '../api/work-queries.ts';
import type { Contact } from '../api/work-types.ts';
import { nameOf, stateName } from '../conversations/names.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer, itemsOf, More } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Fact, Facts } from '../ui/Facts.tsx';
import { fullTime } from '../ui/format.ts';
import { liveEveryMs, liveInterval } from '../ui/live.ts';
import { Card, Page } from '../ui/Page.tsx';
import { Problem } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { EditContact } from './EditContact.tsx';
import { WriteToContact } from './WriteToContact.tsx';

const route = getRouteApi('/contacts/$contactId');
const trail = (
  <Link to="/contacts" className="hover:underline">
    Contacts
  </Link>
);

/** Somebody outside: where they are reached, and what was written with them. */
export function ContactPage() {
  const { contactId } = route.useParams();
  const contact = useQuery({ ...contactQuery(contactId), refetchInterval: liveEveryMs });
  const { data } = contact;
  if (data !== undefined) return <Shown key={contactId} contact={data} />;
  return (
    <Page title="Contact" above={trail}>
      <Card>
        <Answer query={contact} label="Loading the contact">
          {() => null}
        </Answer>
      </Card>
    </Page>
  );
}

function Shown({ contact }: { readonly contact: Contact }) {
  const mayEdit = useWhyNot('contact', 'write') === null;
  const mayWrite = useWhyNot('conversation', 'write') === null;
  const [dialog, setDialog] = useState<'edit' | 'write' | null>(null);
  const close = () => setDialog(null);
  const { channels } = contact;
  return (
    <Page
      title={nameOf(contact)}
      above={trail}
      badge={
        <span className="flex gap-1.5">
          {contact.ai_paused && <Badge tone="warn">no agent answers</Badge>}
          {contact.archived && <Badge>archived</Badge>}
        </span>
      }
      actions={
        <>
          {mayWrite && channels.length > 0 && (
            <Button
              kind="primary"
              icon={<Send size={14} aria-hidden />}
              onClick={() => setDialog('write')}
            >
              Write to them
            </Button>
          )}
          {mayEdit && (
            <Button icon={<Pencil size={14} aria-hidden />} onClick={() => setDialog('edit')}>
              Edit
            </Button>
          )}
        </>
      }
    >
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <Conversations contactId={contact.id} />
        <Card title="About them">
          <div className="space-y-4 p-4">
            <Facts>
              {channels.map(({ id, type, value }) => (
                <Fact key={id} name={type.replace('_', ' ')}>
                  <span className="break-all">{value}</span>
                </Fact>
              ))}
              <Fact name="Inbox type">{contact.inbox_type_id}</Fact>
              {contact.follow_up_at !== null && (
                <Fact name="Follow up">{fullTime(contact.follow_up_at)}</Fact>
              )}
              <Fact name="Known since">{fullTime(contact.created_at)}</Fact>
            </Facts>
            {mayEdit && <PauseAgents contact={contact} />}
          </div>
        </Card>
      </div>
      {dialog === 'edit' && <EditContact contact={contact} onClose={close} />}
      {dialog === 'write' && <WriteToContact contact={contact} onClose={close} />}
    </Page>
  );
}

function PauseAgents({ contact }: { readonly contact: Contact }) {
  const queries = useQueryClient();
  const { busy, error, submit } = useSubmit();
  const { id, ai_paused: isPaused } = contact;
  const toggle = () =>
    submit(async () => {
      const changed = await dataOf(
        v1.PATCH('/v1/contacts/{id}', { params: { path: { id } }, body: { ai_paused: !isPaused } }),
      );
      queries.setQueryData(contactQuery(id).queryKey, changed);
    });
  return (
    <>
      <Button busy={busy} onClick={() => void toggle()}>
        {isPaused ? 'Let agents answer again' : 'Keep agents out'}
      </Button>
      <Problem error={error} />
    </>
  );
}

function Conversations({ contactId }: { readonly contactId: string }) {
  const { workspaceId } = useSession();
  const conversations = useInfiniteQuery({
    ...conversationsQuery(workspaceId, { contact_id: contactId }),
    refetchInterval: liveInterval,
  });
  return (
    <Card title="Conversations">
      <Answer
        query={{ ...conversations, data: itemsOf(conversations.data) }}
        label="Loading conversations"
      >
        {(shown) =>
          shown.length === 0 ? (
            <p className="p-4 text-[13px] text-muted">Nothing was written with them yet.</p>
          ) : (
            <>
              <ul className="divide-y divide-line/70">
                {shown.map((one) => (
                  <li key={one.id}>
                    <Link
                      to="/conversations/$conversationId"
                      params={{ conversationId: one.id }}
                      className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-[13px] -outline-offset-2 hover:bg-sunken"
                    >
                      <span className="line-clamp-1 min-w-0 grow basis-52 break-words">
                        {one.subject ?? one.last_message_preview ?? 'No message yet'}
                      </span>
                      <Badge>{one.channel.replace('_', ' ')}</Badge>
                      <Badge>{stateName(one.state)}</Badge>
                      <span className="w-20 text-right text-xs text-muted">
                        <Time at={one.last_message_at} />
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
              <More query={conversations}>Older conversations</More>
            </>
          )
        }
      </Answer>
    </Card>
  );
}
