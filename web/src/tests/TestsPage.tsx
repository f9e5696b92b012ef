import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FlaskConical, Play, Plus } from 'lucide-react';
import { useState } from 'react';
import { agentsQuery } from '../api/queries.ts';
import type { TestCase } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Field.tsx';
import { Card, Page } from '../ui/Page.tsx';
import { Empty } from '../ui/States.tsx';
import { CaseDialog } from './CaseDialog.tsx';
import { CaseLine } from './CaseLine.tsx';
import { GateCard } from './GateCard.tsx';
import { StartTestDialog } from './StartTestDialog.tsx';
import { TestRunLine } from './TestRunLine.tsx';
import { casesQuery, testRunsQuery } from './test-queries.ts';

const route = getRouteApi('/tests');

/** Cases of agents, and what came of them whenever they ran. */
export function TestsPage() {
  const { workspaceId } = useSession();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const why = useWhyNot('test', 'write');
  const agents = useQuery(agentsQuery(workspaceId));
  const cases = useQuery(casesQuery(workspaceId, search.agent));
  const runs = useInfiniteQuery({
    ...testRunsQuery(workspaceId, search.agent),
    refetchInterval: 3_000,
  });
  const [editing, setEditing] = useState<TestCase | 'new' | null>(null);
  const [starting, setStarting] = useState(false);
  const withCases = new Set((cases.data ?? []).map(({ agent_id }) => agent_id));
  const agent =
    agents.data?.find(({ id }) => id === search.agent) ??
    (withCases.size === 1 ? agents.data?.find(({ id }) => withCases.has(id)) : undefined);
  const own = (cases.data ?? []).filter(({ agent_id }) => agent_id === agent?.id);
  const names = new Map((agents.data ?? []).map(({ id, name }) => [id, name]));
  const shownRuns = runs.data?.pages.flatMap(({ data }) => data);
  const add = (
    <Button
      icon={<Plus size={14} aria-hidden />}
      why={why ?? (agents.data?.length === 0 ? 'There is no agent yet.' : null)}
      onClick={() => setEditing('new')}
    >
      New case
    </Button>
  );
  const whyNotRun =
    why ??
    (agent === undefined
      ? 'Choose an agent: a test run is of one.'
      : own.length === 0
        ? 'It has no case yet.'
        : null);
  return (
    <Page
      title="Tests"
      actions={
        <>
          {cases.data && cases.data.length > 0 && add}
          <Button
            kind="primary"
            icon={<Play size={14} aria-hidden />}
            why={whyNotRun}
            onClick={() => setStarting(true)}
          >
            Run tests
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <search className="max-w-60">
          <Select
            label="Agent"
            value={search.agent ?? ''}
            options={[
              ['', 'All agents'],
              ...(agents.data ?? []).map(({ id, name }) => [id, name] as const),
            ]}
            onChange={({ target: { value } }) =>
              void navigate({ search: value === '' ? {} : { agent: value }, replace: true })
            }
          />
        </search>
        <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
          <div className="space-y-4">
            <Card title="Cases">
              {cases.data === undefined ? (
                <Unanswered query={cases} label="Loading cases" />
              ) : cases.data.length === 0 ? (
                <Empty icon={<FlaskConical aria-hidden />} title="No test case yet" action={add}>
                  A case says what an agent is given and what is expected. Save one from any run
                  with “Save as test”, or write it.
                </Empty>
              ) : (
                <ul className="divide-y divide-line/70">
                  {cases.data.map((each) => (
                    <CaseLine
                      key={each.id}
                      testCase={each}
                      agentName={search.agent ? undefined : names.get(each.agent_id)}
                      why={why}
                      onEdit={() => setEditing(each)}
                    />
                  ))}
                </ul>
              )}
            </Card>
            {agent && <GateCard agent={agent} />}
          </div>
          <Card title="Test runs">
            {shownRuns === undefined ? (
              <Unanswered query={runs} label="Loading test runs" />
            ) : shownRuns.length === 0 ? (
              <p className="px-4 py-8 text-center text-muted">
                None yet. A test run holds cases against versions of their{' '}
                <Link to="/agents" className="text-accent underline">
                  agent
                </Link>
                .
              </p>
            ) : (
              <ul className="divide-y divide-line/70">
                {shownRuns.map((run) => (
                  <TestRunLine key={run.id} run={run} agentName={names.get(run.agent_id)} />
                ))}
              </ul>
            )}
            {runs.hasNextPage && (
              <div className="border-t border-line p-2 text-center">
                <Button busy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
                  Older test runs
                </Button>
              </div>
            )}
          </Card>
        </div>
      </div>
      {editing !== null && (
        <CaseDialog
          testCase={editing === 'new' ? null : editing}
          agentId={agent?.id}
          onClose={() => setEditing(null)}
        />
      )}
      {starting && agent && (
        <StartTestDialog agent={agent} cases={own} onClose={() => setStarting(false)} />
      )}
    </Page>
  );
}
