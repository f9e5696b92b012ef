import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Activity, FilterX } from 'lucide-react';
import { agentsQuery, runStatsQuery } from '../api/queries.ts';
import type { RunFilters } from '../api/types.ts';
import { isTurnedAround, type RunsSearch } from '../search.ts';
import { useSession } from '../shell/workspace.tsx';
import { Checklist } from '../start/Checklist.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { fullTime } from '../ui/format.ts';
import { Card, Page } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { RunFiltersBar } from './RunFiltersBar.tsx';
import { RunsChart } from './RunsChart.tsx';
import { RunsTable } from './RunsTable.tsx';
import { useLiveRuns } from './use-live-runs.ts';

const route = getRouteApi('/runs');
const hourMs = 3_600_000;
const defaultHours = 24;

export function RunsPage() {
  const { workspaceId } = useSession();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const agents = useQuery(agentsQuery(workspaceId));
  const filters = filtersOf(search);
  const runs = useLiveRuns(workspaceId, filters);
  const hours = search.hours ?? defaultHours;
  const isTurned = isTurnedAround(search);
  const stats = useQuery({
    ...runStatsQuery(workspaceId, {
      windowMs: hours * hourMs,
      buckets: 60,
      agentId: search.agent,
      from: search.from,
      to: search.to,
    }),
    refetchInterval: 10_000,
    enabled: !isTurned,
  });
  const isFiltered = Object.keys(search).length > 0;
  const change = (next: RunsSearch) => void navigate({ search: next, replace: true });
  const names = new Map((agents.data ?? []).map(({ id, name }) => [id, name]));
  const isNew = !isFiltered && runs.data?.length === 0;
  return (
    <Page title="Runs">
      {isNew ? (
        <Checklist />
      ) : (
        <div className="flex min-h-0 grow flex-col gap-3">
          <Card title={windowName(search)}>
            {isTurned ? (
              <p className="px-4 py-3 text-muted">No time is between these two moments.</p>
            ) : stats.data ? (
              <RunsChart stats={stats.data} />
            ) : stats.error ? (
              <p className="px-4 py-3 text-muted">The counts could not be read.</p>
            ) : (
              <div className="h-32" role="status" aria-label="Loading counts" />
            )}
          </Card>
          <RunFiltersBar search={search} agents={agents.data ?? []} onChange={change} />
          {runs.data === undefined ? (
            <Card>
              <Unanswered query={runs} label="Loading runs" />
            </Card>
          ) : runs.data.length === 0 ? (
            <Card>
              <Empty
                icon={<Activity aria-hidden />}
                title="No run is like that"
                action={
                  <Button icon={<FilterX size={14} aria-hidden />} onClick={() => change({})}>
                    Take the filters away
                  </Button>
                }
              >
                Other filters show other runs, or dispatch one from an{' '}
                <Link to="/agents" className="text-accent underline">
                  agent’s playground
                </Link>
                .
              </Empty>
            </Card>
          ) : (
            <RunsTable
              runs={runs.data}
              names={names}
              hasMore={runs.hasMore}
              isLoadingMore={runs.isLoadingMore}
              loadMore={runs.loadMore}
            />
          )}
        </div>
      )}
    </Page>
  );
}

function filtersOf(search: RunsSearch): RunFilters {
  // To the minute, so that the same filters are the same question for a while.
  const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
  const cost = Number(search.cost);
  return {
    ...(search.agent && { agent_id: search.agent }),
    ...(search.status && { status: search.status }),
    ...(search.disposition && { disposition: search.disposition }),
    ...(search.trigger && { trigger_id: search.trigger }),
    ...(search.from && { from: search.from }),
    ...(search.to && { to: search.to }),
    ...(search.hours && { from: new Date(nowMs - search.hours * hourMs).toISOString() }),
    ...(cost > 0 && { min_cost: cost }),
    ...(search.q && { q: search.q }),
  };
}

/** Of the counts; without a beginning they are of the day before the end. */
function windowName({ hours = defaultHours, from, to }: RunsSearch): string {
  if (from !== undefined || to !== undefined) {
    const since = from ?? new Date(Date.parse(to ?? '') - defaultHours * hourMs).toISOString();
    return `Started from ${fullTime(since)} to ${to === undefined ? 'now' : fullTime(to)}`;
  }
  if (hours === 1) return 'Started in the last hour';
  return `Started in the last ${hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`}`;
}
