import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Contact as ContactIcon } from 'lucide-react';
import { useCallback } from 'react';
import { contactsQuery } from '../api/work-queries.ts';
import { nameOf } from '../conversations/names.ts';
import { searchOf } from '../search.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer, itemsOf, More } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Check } from '../ui/Field.tsx';
import { quietEveryMs } from '../ui/live.ts';
import { Card, Page } from '../ui/Page.tsx';
import { SearchField } from '../ui/SearchField.tsx';
import { Empty } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';

const route = getRouteApi('/contacts');

export function ContactsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { workspaceId } = useSession();
  const contacts = useInfiniteQuery({
    ...contactsQuery(workspaceId, { query: search.q ?? '', archived: search.archived ?? false }),
    refetchInterval: quietEveryMs,
  });
  const seek = useCallback(
    (q: string) =>
      void navigate({ search: (before) => searchOf.contacts({ ...before, q }), replace: true }),
    [navigate],
  );
  const isFiltered = Object.keys(search).length > 0;
  return (
    <Page title="Contacts">
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <SearchField label="Search names, addresses" value={search.q ?? ''} onChange={seek} />
        <Check
          label="Archived"
          checked={search.archived ?? false}
          onChange={(event) =>
            void navigate({
              search: searchOf.contacts({ ...search, archived: event.target.checked }),
              replace: true,
            })
          }
        />
      </div>
      <Card>
        <Answer query={{ ...contacts, data: itemsOf(contacts.data) }} label="Loading contacts">
          {(shown) =>
            shown.length === 0 ? (
              <Empty
                icon={<ContactIcon aria-hidden />}
                title={isFiltered ? 'No contact is like that' : 'No contact yet'}
              >
                {isFiltered
                  ? 'Other words find others.'
                  : 'Who writes by one of the channels becomes a contact, with all their conversations.'}
              </Empty>
            ) : (
              <>
                <ul className="divide-y divide-line/70">
                  {shown.map((contact) => (
                    <li key={contact.id}>
                      <Link
                        to="/contacts/$contactId"
                        params={{ contactId: contact.id }}
                        className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-[13px] -outline-offset-2 hover:bg-sunken"
                      >
                        <span className="min-w-0 grow basis-60">
                          <span className="block truncate font-medium">{nameOf(contact)}</span>
                          <span className="line-clamp-1 break-words text-xs text-muted">
                            {contact.last_message_preview ?? 'No message yet'}
                          </span>
                        </span>
                        <span className="flex flex-wrap gap-1.5">
                          {contact.ai_paused && <Badge tone="warn">no agent answers</Badge>}
                          {contact.last_channel !== null && (
                            <Badge>{contact.last_channel.replace('_', ' ')}</Badge>
                          )}
                        </span>
                        <span className="w-20 text-right text-xs text-muted">
                          <Time at={contact.last_message_at} />
                        </span>
                      </Link>
                    </li>
                  ))}
                </ul>
                <More query={contacts}>More contacts</More>
              </>
            )
          }
        </Answer>
      </Card>
    </Page>
  );
}
