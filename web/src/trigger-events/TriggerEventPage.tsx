import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { triggerEventQuery } from '../api/queries.ts';
import type { TriggerEvent } from '../api/types.ts';
import { OneVerdict, type Verdict } from '../run/OneVerdict.tsx';
import { useWhyNot } from '../shell/rights.ts';
import { Answer } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Fact, Facts } from '../ui/Facts.tsx';
import { fullTime, shortId } from '../ui/format.ts';
import { JsonView } from '../ui/JsonView.tsx';
import { Card, Page } from '../ui/Page.tsx';
import { ReplayDialog } from './ReplayDialog.tsx';
import { sourceName } from './sources.ts';

const route = getRouteApi('/trigger-events/$eventId');
const trail = (
  <Link to="/trigger-events" className="hover:underline">
    Trigger events
  </Link>
);

/** One firing: what came, and for each agent that was looked at, why it ran or did not. */
export function TriggerEventPage() {
  const { eventId } = route.useParams();
  const event = useQuery(triggerEventQuery(eventId));
  const mayReplay = useWhyNot('trigger_event', 'write') === null;
  const [isReplaying, setReplaying] = useState(false);
  const { data } = event;
  return (
    <Page
      title={data === undefined ? 'Trigger event' : (data.type ?? sourceName(data.source))}
      tab="Trigger event"
      above={trail}
      badge={data && <Badge>{sourceName(data.source)}</Badge>}
      actions={
        data &&
        mayReplay && (
          <Button icon={<RotateCcw size={14} aria-hidden />} onClick={() => setReplaying(true)}>
            Replay
          </Button>
        )
      }
    >
      {data === undefined ? (
        <Card>
          <Answer query={event} label="Loading the trigger event">
            {() => null}
          </Answer>
        </Card>
      ) : (
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <Card title={data.matched ? 'What ran, and what did not' : 'Why nothing ran'}>
            <Verdicts event={data} />
          </Card>
          <Card title="What came">
            <div className="space-y-3 p-4">
              <Origin event={data} />
              <JsonView value={data.payload} label="Payload" />
            </div>
          </Card>
        </div>
      )}
      {data && isReplaying && <ReplayDialog event={data} onClose={() => setReplaying(false)} />}
    </Page>
  );
}

const order: Readonly<Record<Verdict['verdict'], number>> = {
  ran: 0,
  refused: 1,
  skipped: 2,
  not_matched: 3,
};

function Verdicts({ event }: { readonly event: TriggerEvent }) {
  const { verdicts } = event;
  if (verdicts.length === 0) {
    return (
      <p className="p-4 text-[13px] text-muted">
        {event.type === null
          ? 'No agent was looked at.'
          : `No enabled trigger of any agent listens to ${event.type}. Give an agent an event trigger with that name.`}
      </p>
    );
  }
  return (
    <ul className="space-y-2 p-4">
      {verdicts
        .toSorted((a, b) => order[a.verdict] - order[b.verdict])
        .map((verdict) => (
          <li key={`${verdict.agent_id}${verdict.trigger_id}`}>
            <OneVerdict verdict={verdict} />
          </li>
        ))}
    </ul>
  );
}

function Origin({ event }: { readonly event: TriggerEvent }) {
  return (
    <Facts>
      <Fact name="Came in">{fullTime(event.created_at)}</Fact>
      {event.occurred_at !== null && (
        <Fact name="Happened">{fullTime(event.occurred_at)}, its sender says</Fact>
      )}
      {event.entity_id !== null && (
        <Fact name="About">
          {event.source === 'message' ? (
            <Link
              to="/conversations/$conversationId"
              params={{ conversationId: event.entity_id }}
              className="text-accent underline"
            >
              its conversation
            </Link>
          ) : (
            event.entity_id
          )}
        </Fact>
      )}
      {event.caused_by_run_id !== null && (
        <Fact name="Caused by">
          <Link
            to="/runs/$runId"
            params={{ runId: event.caused_by_run_id }}
            className="text-accent underline"
          >
            run {shortId(event.caused_by_run_id)}
          </Link>
          {event.depth > 0 && <span className="text-faint">, {event.depth} along its chain</span>}
        </Fact>
      )}
      {event.replay_of !== null && (
        <Fact name="Replay of">
          <Link
            to="/trigger-events/$eventId"
            params={{ eventId: event.replay_of }}
            className="text-accent underline"
          >
            {shortId(event.replay_of)}
          </Link>
        </Fact>
      )}
      <Fact name="Id">
        <code className="break-all font-mono text-xs">{event.id}</code>
      </Fact>
    </Facts>
  );
}
