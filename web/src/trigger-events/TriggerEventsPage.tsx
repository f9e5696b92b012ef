import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Send, Zap } from 'lucide-react';
import { useCallback, useState } from 'react';
import { agentsQuery } from '../api/queries.ts';
import { triggerEventsQuery } from '../api/work-queries.ts';
import type { TriggerEventFilters, TriggerEventRow } from '../api/work-types.ts';
import { searchOf, type TriggerEventsSearch } from '../search.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer, itemsOf, More } from '../ui/Answer.tsx';
import { Badge, Lamp } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Field.tsx';
import { liveInterval } from '../ui/live.ts';
import { Card, Page } from '../ui/Page.tsx';
import { SearchField } from '../ui/SearchField.tsx';
import { Empty } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { SendEvent } from './SendEvent.tsx';
import { isSource, sourceName, sources } from './sources.ts';

const route = getRouteApi('/trigger-events');

/** What has fired, and what it came to: the page that says why something did not run. */
export function TriggerEventsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { workspaceId } = useSession();
  const maySend = useWhyNot('trigger_event', 'write') === null;
  const [isSending, setSending] = useState(false);
  const agents = useQuery(agentsQuery(workspaceId));
  const events = useInfiniteQuery({
    ...triggerEventsQuery(workspaceId, filtersOf(search)),
    refetchInterval: liveInterval,
  });
  const change = useCallback(
    (patch: TriggerEventsSearch | Record<string, string>) =>
      void navigate({
        search: (before) => searchOf.triggerEvents({ ...before, ...patch }),
        replace: true,
      }),
    [navigate],
  );
  const seekType = useCallback((type: string) => change({ type }), [change]);
  const seekEntity = useCallback((entity: string) => change({ entity }), [change]);
  const send = maySend && (
    <Button icon={<Send size={14} aria-hidden />} onClick={() => setSending(true)}>
      Send an event
    </Button>
  );
  const isFiltered = Object.keys(search).length > 0;
  return (
    <Page title="Trigger events" actions={send}>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Select
          label="What came of it"
          hideLabel
          className="w-40"
          value={search.matched ?? ''}
          options={[
            ['', 'Ran or not'],
            ['yes', 'Started a run'],
            ['no', 'Started none'],
          ]}
          onChange={(event) => change({ matched: event.target.value })}
        />
        <Select
          label="Agent"
          hideLabel
          className="w-44"
          value={search.agent ?? ''}
          options={[
            ['', 'Every agent'],
            ...(agents.data ?? []).map(({ id, name }) => [id, name] as const),
          ]}
          onChange={(event) => change({ agent: event.target.value })}
        />
        <Select
          label="Source"
          hideLabel
          className="w-36"
          value={search.source ?? ''}
          options={[['', 'Every source'], ...Object.entries(sources)]}
          onChange={(event) => change({ source: event.target.value })}
        />
        <SearchField label="Name of the event" value={search.type ?? ''} onChange={seekType} />
        <SearchField label="Entity" value={search.entity ?? ''} onChange={seekEntity} />
      </div>
      <Card>
        <Answer query={{ ...events, data: itemsOf(events.data) }} label="Loading trigger events">
          {(shown) =>
            shown.length === 0 ? (
              <Empty
                icon={<Zap aria-hidden />}
                title={isFiltered ? 'No trigger event is like that' : 'Nothing has fired yet'}
                action={send}
              >
                {isFiltered
                  ? 'What did not come here never reached the server: look at the sender.'
                  : 'Webhooks, ticks of the clock, events, messages and dispatches are kept here, whether they started a run or not.'}
              </Empty>
            ) : (
              <>
                <ul className="divide-y divide-line/70">
                  {shown.map((event) => (
                    <Row key={event.id} event={event} />
                  ))}
                </ul>
                <More query={events}>Older events</More>
              </>
            )
          }
        </Answer>
      </Card>
      {isSending && <SendEvent onClose={() => setSending(false)} />}
    </Page>
  );
}

function filtersOf(search: TriggerEventsSearch): TriggerEventFilters {
  return {
    ...(search.agent && { agent_id: search.agent }),
    ...(isSource(search.source) && { source: search.source }),
    ...(search.type && { type: search.type }),
    ...(search.entity && { entity_id: search.entity }),
    ...(search.matched && { matched: search.matched === 'yes' }),
  };
}

function Row({ event }: { readonly event: TriggerEventRow }) {
  const { ran, not_matched: notMatched, refused, skipped } = event.verdicts;
  const rest = [
    [notMatched, 'did not match'],
    [refused, 'refused'],
    [skipped, 'skipped'],
  ] as const;
  return (
    <li>
      <Link
        to="/trigger-events/$eventId"
        params={{ eventId: event.id }}
        className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-[13px] -outline-offset-2 hover:bg-sunken"
      >
        <span className="w-24 shrink-0">
          <Lamp tone={ran > 0 ? 'good' : refused > 0 ? 'bad' : 'plain'}>
            {ran === 0 ? 'no run' : ran === 1 ? '1 run' : `${ran} runs`}
          </Lamp>
        </span>
        <span className="min-w-0 grow basis-48">
          <span className="block truncate font-medium">
            {event.type ?? sourceName(event.source)}
          </span>
          <span className="flex flex-wrap gap-x-2 text-xs text-muted">
            {event.entity_id !== null && (
              <span className="max-w-60 truncate">
                about {event.source === 'message' ? 'its conversation' : event.entity_id}
              </span>
            )}
            {rest
              .filter(([count]) => count > 0)
              .map(([count, words]) => (
                <span key={words}>
                  {count} {words}
                </span>
              ))}
            {ran + notMatched + refused + skipped === 0 && <span>no trigger listens to it</span>}
          </span>
        </span>
        <span className="flex gap-1.5">
          {event.replay_of !== null && <Badge>replay</Badge>}
          <Badge>{sourceName(event.source)}</Badge>
        </span>
        <span className="w-20 text-right text-xs text-muted">
          <Time at={event.created_at} />
        </span>
      </Link>
    </li>
  );
}
