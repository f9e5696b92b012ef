import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { MessagesSquare, Plus, Tags } from 'lucide-react';
import { useCallback, useState } from 'react';
import { conversationSearchQuery, conversationsQuery, tagsQuery } from '../api/work-queries.ts';
import type { Conversation } from '../api/work-types.ts';
import { type ConversationsSearch, searchOf } from '../search.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer, itemsOf, More } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { Check, Select } from '../ui/Field.tsx';
import { liveInterval } from '../ui/live.ts';
import { Card, Page } from '../ui/Page.tsx';
import { SearchField } from '../ui/SearchField.tsx';
import { Empty } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { NewChat } from './NewChat.tsx';
import { nameOf, stateName, states } from './names.ts';
import { TagsDialog } from './TagsDialog.tsx';

const route = getRouteApi('/conversations');

export function ConversationsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { workspaceId } = useSession();
  const whyNoChat = useWhyNot('chat', 'write');
  const whyNoTags = useWhyNot('conversation_tag', 'write');
  const [dialog, setDialog] = useState<'chat' | 'tags' | null>(null);
  const tags = useQuery(tagsQuery(workspaceId));
  const isSearched = search.q !== undefined;
  const listed = useInfiniteQuery({
    ...conversationsQuery(workspaceId, {
      archived: search.archived ? 'true' : 'false',
      ...(search.state && { state: search.state }),
      ...(search.tag && { tag_id: search.tag }),
    }),
    refetchInterval: liveInterval,
    enabled: !isSearched,
  });
  const found = useInfiniteQuery({
    ...conversationSearchQuery(workspaceId, {
      query: search.q ?? '',
      field: search.in === 'messages' ? 'message' : 'any',
    }),
    enabled: isSearched,
  });
  const query = isSearched ? found : listed;
  const change = (patch: Record<string, unknown>) =>
    void navigate({
      search: (before) => searchOf.conversations({ ...before, ...patch }),
      replace: true,
    });
  const seek = useCallback(
    (q: string) =>
      void navigate({
        search: (before) => searchOf.conversations({ ...before, q }),
        replace: true,
      }),
    [navigate],
  );
  const names = new Map((tags.data ?? []).map(({ id, name }) => [id, name]));
  const begin = whyNoChat === null && (
    <Button kind="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setDialog('chat')}>
      Chat with an agent
    </Button>
  );
  return (
    <Page
      title="Conversations"
      actions={
        <>
          {whyNoTags === null && (
            <Button icon={<Tags size={14} aria-hidden />} onClick={() => setDialog('tags')}>
              Topics
            </Button>
          )}
          {begin}
        </>
      }
    >
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <States search={search} />
        <SearchField label="Search conversations" value={search.q ?? ''} onChange={seek} />
        {isSearched ? (
          <Select
            label="Look in"
            hideLabel
            className="w-36"
            value={search.in ?? ''}
            options={[
              ['', 'Names, addresses'],
              ['messages', 'Messages'],
            ]}
            onChange={(event) => change({ in: event.target.value })}
          />
        ) : (
          <>
            {names.size > 0 && (
              <Select
                label="Topic"
                hideLabel
                className="w-40"
                value={search.tag ?? ''}
                options={[['', 'Every topic'], ...names]}
                onChange={(event) => change({ tag: event.target.value })}
              />
            )}
            <Check
              label="Archived"
              checked={search.archived ?? false}
              onChange={(event) => change({ archived: event.target.checked })}
            />
          </>
        )}
      </div>
      <Card>
        <Answer query={{ ...query, data: itemsOf(query.data) }} label="Loading conversations">
          {(conversations) =>
            conversations.length === 0 ? (
              <Nothing search={search} action={begin} />
            ) : (
              <>
                <ul className="divide-y divide-line/70">
                  {conversations.map((conversation) => (
                    <Row key={conversation.id} conversation={conversation} names={names} />
                  ))}
                </ul>
                <More query={query}>Older conversations</More>
              </>
            )
          }
        </Answer>
      </Card>
      {dialog === 'chat' && <NewChat onClose={() => setDialog(null)} />}
      {dialog === 'tags' && <TagsDialog onClose={() => setDialog(null)} />}
    </Page>
  );
}

function States({ search }: { readonly search: ConversationsSearch }) {
  const { q: _q, in: _in, state: _state, ...kept } = search;
  const choices = [[undefined, 'All'], ...states] as const;
  return (
    <nav aria-label="States" className="flex rounded-md border border-line bg-surface p-0.5">
      {choices.map(([state, label]) => {
        const isShown = search.q === undefined && search.state === state;
        return (
          <Link
            key={label}
            to="/conversations"
            search={state === undefined ? kept : { ...kept, state }}
            aria-current={isShown ? 'page' : undefined}
            className={classes(
              'whitespace-nowrap rounded px-2.5 py-1 text-[13px] font-medium',
              isShown ? 'bg-sunken text-ink' : 'text-muted hover:text-ink',
            )}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}

function Row(props: {
  readonly conversation: Conversation;
  readonly names: ReadonlyMap<string, string>;
}) {
  const { conversation, names } = props;
  const { id, contact, channel, subject, state, ai_paused: isPaused } = conversation;
  return (
    <li>
      <Link
        to="/conversations/$conversationId"
        params={{ conversationId: id }}
        className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-[13px] -outline-offset-2 hover:bg-sunken"
      >
        <span className="min-w-0 grow basis-60">
          <span className="flex min-w-0 items-baseline gap-2">
            <span className="truncate font-medium">{nameOf(contact)}</span>
            {subject && <span className="min-w-0 truncate text-muted">{subject}</span>}
          </span>
          <span className="line-clamp-1 break-words text-xs text-muted">
            {conversation.last_message_preview ?? 'No message yet'}
          </span>
        </span>
        <span className="flex flex-wrap items-center gap-1.5">
          {conversation.tag_ids.map((tag) => (
            <Badge key={tag}>{names.get(tag) ?? 'topic'}</Badge>
          ))}
          {isPaused && <Badge tone="warn">a person has it</Badge>}
          <Badge>{channel.replace('_', ' ')}</Badge>
          <Badge tone={state === 'done' ? 'good' : state === 'todo' ? 'live' : 'warn'}>
            {stateName(state)}
          </Badge>
        </span>
        <span className="w-20 text-right text-xs text-muted">
          <Time at={conversation.last_message_at} />
        </span>
      </Link>
    </li>
  );
}

function Nothing(props: {
  readonly search: ConversationsSearch;
  readonly action: React.ReactNode;
}) {
  const isFiltered = Object.keys(props.search).length > 0;
  return (
    <Empty
      icon={<MessagesSquare aria-hidden />}
      title={isFiltered ? 'No conversation is like that' : 'No conversation yet'}
      action={props.action}
    >
      {isFiltered ? (
        <Link to="/conversations" search={{}} className="text-accent underline">
          Show all of them
        </Link>
      ) : (
        <>
          What people write by a channel of the{' '}
          <Link to="/settings" className="text-accent underline">
            settings
          </Link>{' '}
          comes here, and an agent with a message trigger answers it.
        </>
      )}
    </Empty>
  );
}
