import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { agentsQuery } from '../api/queries.ts';
import { useSession } from '../shell/workspace.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Select } from '../ui/Field.tsx';
import { count, money, tokens } from '../ui/format.ts';
import { Card, Page } from '../ui/Page.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { BudgetsCard } from './BudgetsCard.tsx';
import { CostByDay } from './CostByDay.tsx';
import { UsageTable } from './UsageTable.tsx';
import { usageQuery } from './usage-queries.ts';

const route = getRouteApi('/usage');

const spans = [
  ['7', 'Last 7 days'],
  ['30', 'Last 30 days'],
  ['90', 'Last 90 days'],
  ['365', 'Last 365 days'],
] as const;

const groups = [
  ['agent', 'By agent'],
  ['model', 'By model'],
  ['trigger', 'By trigger'],
] as const;

/** What was used and what it cost: by day, agent, model and trigger; and the budgets. */
export function UsagePage() {
  const { workspaceId } = useSession();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { days = 30, agent, by = 'agent' } = search;
  const agents = useQuery(agentsQuery(workspaceId));
  const daily = useQuery({
    ...usageQuery(workspaceId, { days, by: 'day', agentId: agent }),
    refetchInterval: 15_000,
  });
  const change = (patch: typeof search) =>
    void navigate({
      search: Object.fromEntries(
        Object.entries({ ...search, ...patch }).filter(([, value]) => value !== ''),
      ),
      replace: true,
    });
  const { data } = daily;
  return (
    <Page title="Usage">
      <div className="space-y-4">
        <search className="grid max-w-md grid-cols-2 gap-2">
          <Select
            label="Time"
            value={String(days)}
            options={spans}
            onChange={(event) => change({ days: Number(event.target.value) })}
          />
          <Select
            label="Agent"
            value={agent ?? ''}
            options={[
              ['', 'All agents'],
              ...(agents.data ?? []).map(({ id, name }) => [id, name] as const),
            ]}
            onChange={(event) => change({ agent: event.target.value })}
          />
        </search>
        {data === undefined ? (
          <Card>
            <Unanswered query={daily} label="Loading usage" />
          </Card>
        ) : (
          <Card title="Cost by day">
            <dl className="grid grid-cols-2 gap-x-6 gap-y-1 px-4 pt-3 text-[13px] sm:flex">
              <Sum name="Cost" value={money(data.totals.total_cost)} />
              <Sum name="Runs" value={count(data.totals.runs)} />
              <Sum name="Failed" value={count(data.totals.failed)} />
              <Sum
                name="Tokens"
                value={`${tokens(data.totals.token_usage.input)} → ${tokens(data.totals.token_usage.output)}`}
              />
            </dl>
            <CostByDay usage={data} />
            {data.totals.runs_of_unknown_cost > 0 && (
              <p className="px-4 pb-3 text-xs text-warn">
                The cost of {count(data.totals.runs_of_unknown_cost)} runs is not known and not in
                it: their models have no price.
              </p>
            )}
          </Card>
        )}
        <Card>
          <Tabs
            label="Usage in groups"
            value={by}
            onChange={(next) =>
              change({ by: groups.find(([each]) => each === next)?.[0] ?? 'agent' })
            }
            tabs={groups.map(([value, label]) => ({
              value,
              label,
              content: <UsageTable by={value} days={days} agentId={agent} />,
            }))}
          />
        </Card>
        <BudgetsCard />
      </div>
    </Page>
  );
}

function Sum({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="text-lg font-semibold tracking-tight">{value}</dd>
    </div>
  );
}
