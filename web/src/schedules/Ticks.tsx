import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarClock } from 'lucide-react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentsQuery } from '../api/queries.ts';
import type { Agent } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { fullTime } from '../ui/format.ts';
import { Card } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';

interface Clock {
  readonly agent: Agent;
  readonly triggerId: string;
  readonly name: string;
  readonly expression: string;
  readonly timezone: string;
  readonly why: string | null;
}

/** The cron triggers of all agents, by when they are due next. */
export function Ticks() {
  const { workspaceId } = useSession();
  const agents = useQuery(agentsQuery(workspaceId));
  return (
    <Card>
      <Answer query={agents} label="Loading schedules">
        {(data) => {
          const clocks = data.flatMap(clocksOf);
          if (clocks.length > 0) return <Clocks clocks={clocks} />;
          return (
            <Empty icon={<CalendarClock aria-hidden />} title="Nothing runs by the clock yet">
              Give an{' '}
              <Link to="/agents" className="text-accent underline">
                agent
              </Link>{' '}
              a cron trigger, and its next ticks are shown here.
            </Empty>
          );
        }}
      </Answer>
    </Card>
  );
}

function clocksOf(agent: Agent): Clock[] {
  return agent.triggers
    .filter(({ type }) => type === 'cron')
    .map((trigger) => ({
      agent,
      triggerId: trigger.id,
      name: trigger.name,
      expression: String(trigger.config.expression ?? ''),
      timezone: String(trigger.config.timezone ?? 'UTC'),
      why: whyNot(agent, trigger.enabled),
    }));
}

function whyNot(agent: Agent, isEnabled: boolean): string | null {
  if (!agent.enabled) return 'the agent is disabled';
  if (agent.operation_mode === 'inactive') return 'the agent is inactive';
  if (!isEnabled) return 'the trigger is disabled';
  return agent.paused_at === null ? null : 'the agent is paused: its runs wait';
}

function Clocks({ clocks }: { readonly clocks: readonly Clock[] }) {
  const explained = useQueries({
    queries: clocks.map(({ expression, timezone }) => ({
      queryKey: ['cron', expression, timezone],
      queryFn: () =>
        dataOf(v1.POST('/v1/triggers/cron/explain', { body: { expression, timezone } })),
      retry: false,
      refetchInterval: 60_000,
    })),
  });
  const rows = clocks
    .map((clock, index) => ({ clock, about: explained[index]?.data }))
    .toSorted((a, b) => dueOf(a).localeCompare(dueOf(b)));
  return (
    <ul className="divide-y divide-line/70">
      {rows.map(({ clock, about }) => (
        <li
          key={clock.triggerId}
          className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-3 text-[13px]"
        >
          <div className="min-w-0 grow basis-64">
            <p className="flex flex-wrap items-baseline gap-2">
              <Link
                to="/agents/$agentId"
                params={{ agentId: clock.agent.id }}
                className="font-medium hover:underline"
              >
                {clock.agent.name}
              </Link>
              <span className="text-muted">{clock.name}</span>
              {clock.why !== null && <Badge tone="warn">{clock.why}</Badge>}
            </p>
            <p className="text-xs text-muted">
              {about?.explanation ?? '…'}{' '}
              <code className="font-mono text-faint">
                {clock.expression} {clock.timezone}
              </code>
            </p>
          </div>
          <div className="text-xs text-muted sm:text-right">
            {about?.next_ticks[0] !== undefined && (
              <p className="font-medium text-ink">
                {clock.why === null ? 'next ' : 'would be '}
                <Time at={about.next_ticks[0]} />
              </p>
            )}
            <p>{about?.next_ticks.slice(0, 3).map(fullTime).join(' · ')}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** What does not tick comes last. */
function dueOf(row: {
  readonly clock: Clock;
  readonly about: { readonly next_ticks: readonly string[] } | undefined;
}): string {
  return `${row.clock.why === null ? 0 : 1}${row.about?.next_ticks[0] ?? '~'}`;
}
