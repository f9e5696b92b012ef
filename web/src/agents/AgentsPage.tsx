import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Bot, Plus } from 'lucide-react';
import { agentsQuery, runStatsQuery } from '../api/queries.ts';
import type { Agent, RunStats } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Badge, Lamp } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { count, duration, money } from '../ui/format.ts';
import { Card, Page } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';

const weekMs = 7 * 24 * 3_600_000;
type Health = RunStats['agents'][number];

export function AgentsPage() {
  const { workspaceId } = useSession();
  const navigate = useNavigate();
  const readOnly = useWhyNot('agent', 'write');
  const agents = useQuery(agentsQuery(workspaceId));
  const stats = useQuery({
    ...runStatsQuery(workspaceId, { windowMs: weekMs, buckets: 1 }),
    refetchInterval: 10_000,
  });
  const health = new Map((stats.data?.agents ?? []).map((each) => [each.agent_id, each]));
  const create = (
    <Button
      kind="primary"
      icon={<Plus size={14} aria-hidden />}
      why={readOnly}
      onClick={() => void navigate({ to: '/agents/$agentId', params: { agentId: 'new' } })}
    >
      New agent
    </Button>
  );
  return (
    <Page title="Agents" actions={create}>
      <Card>
        {agents.data === undefined ? (
          <Unanswered query={agents} label="Loading agents" />
        ) : agents.data.length === 0 ? (
          <Empty icon={<Bot aria-hidden />} title="No agent yet" action={create}>
            An agent has instructions, a model and tools. A trigger or a dispatch makes it run.
          </Empty>
        ) : (
          <div className="overflow-x-auto">
            <table className="w-full text-[13px]">
              <thead>
                <tr className="border-b border-line text-left text-xs text-muted [&>th]:px-4 [&>th]:py-2 [&>th]:font-medium">
                  <th scope="col">Agent</th>
                  <th scope="col">Success, 7 days</th>
                  <th scope="col" className="max-sm:hidden">
                    Runs
                  </th>
                  <th scope="col" className="max-sm:hidden">
                    Median time
                  </th>
                  <th scope="col" className="max-sm:hidden">
                    Cost
                  </th>
                  <th scope="col">Last run</th>
                </tr>
              </thead>
              <tbody>
                {agents.data.map((agent) => (
                  <AgentRow key={agent.id} agent={agent} health={health.get(agent.id)} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
    </Page>
  );
}

function AgentRow({
  agent,
  health,
}: {
  readonly agent: Agent;
  readonly health: Health | undefined;
}) {
  const ended = (health?.completed ?? 0) + (health?.failed ?? 0);
  const rate = ended === 0 ? null : (health?.completed ?? 0) / ended;
  return (
    <tr className="border-b border-line/70 last:border-b-0 hover:bg-sunken [&>td]:px-4 [&>td]:py-2.5">
      <td>
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          <Link
            to="/agents/$agentId"
            params={{ agentId: agent.id }}
            className="font-medium hover:underline"
          >
            {agent.name}
          </Link>
          {!agent.enabled && <Badge tone="warn">disabled</Badge>}
          {agent.paused_at !== null && <Badge tone="warn">paused</Badge>}
          {agent.operation_mode !== 'autopilot' && <Badge>{agent.operation_mode}</Badge>}
        </div>
        <p className="line-clamp-1 text-xs text-faint">{agent.description}</p>
      </td>
      <td className="whitespace-nowrap">
        {rate === null ? (
          <span className="text-faint">no runs ended</span>
        ) : (
          <Lamp tone={rate >= 0.95 ? 'good' : rate >= 0.8 ? 'warn' : 'bad'}>
            {Math.floor(rate * 100)} %
          </Lamp>
        )}
      </td>
      <td className="text-muted max-sm:hidden">{count(ended + (health?.open ?? 0))}</td>
      <td className="whitespace-nowrap text-muted max-sm:hidden">
        {duration(health?.p50_duration_ms ?? null)}
      </td>
      <td className="text-muted max-sm:hidden">{health ? money(health.total_cost) : '–'}</td>
      <td className="text-muted">
        <Time at={health?.last_run_at ?? null} />
      </td>
    </tr>
  );
}
