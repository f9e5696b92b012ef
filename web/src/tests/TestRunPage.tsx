import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { CircleStop } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentQuery } from '../api/queries.ts';
import type { TestRun } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Unanswered } from '../ui/Answer.tsx';
import { Lamp } from '../ui/Badge.tsx';
import { ConfirmButton } from '../ui/Confirm.tsx';
import { money, shortId } from '../ui/format.ts';
import { Card, Page } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { type Chosen, ResultsCard } from './ResultsCard.tsx';
import { TestMatrix } from './TestMatrix.tsx';
import { testResultsQuery, testRunQuery } from './test-queries.ts';
import { isTestRunEnded, outcomeOf } from './test-status.ts';

const route = getRouteApi('/tests/$testRunId');
const everyMs = 1_500;

const trail = (
  <Link to="/tests" className="hover:underline">
    Tests
  </Link>
);

/** Cases against versions, side by side, with the reasons. */
export function TestRunPage() {
  const { testRunId } = route.useParams();
  const run = useQuery({
    ...testRunQuery(testRunId),
    refetchInterval: ({ state }) =>
      state.data !== undefined && isTestRunEnded(state.data) ? false : everyMs,
  });
  const isOpen = run.data !== undefined && !isTestRunEnded(run.data);
  const results = useQuery({
    ...testResultsQuery(testRunId, `${run.data?.status} ${run.data?.runs_ended}`),
    enabled: run.data !== undefined,
  });
  const agent = useQuery({
    ...agentQuery(run.data?.agent_id ?? ''),
    enabled: run.data !== undefined,
    retry: false,
  });
  const [chosen, setChosen] = useState<Chosen | null>(null);
  if (run.data === undefined) {
    return (
      <Page title="Test run" above={trail}>
        <Card>
          <Unanswered query={run} label="Loading the test run" />
        </Card>
      </Page>
    );
  }
  const { data } = run;
  const [tone, word] = outcomeOf(data);
  return (
    <Page
      title={`Tests of ${agent.data?.name ?? 'an agent'}`}
      above={
        <>
          {trail} / <span className="font-mono">{shortId(data.id)}</span>
        </>
      }
      badge={
        <span className="text-[13px] font-medium">
          <Lamp tone={tone}>{word}</Lamp>
        </span>
      }
      actions={isOpen && <CancelButton run={data} />}
    >
      <div className="space-y-4">
        <p className="text-[13px] text-muted" role="status">
          {data.runs_ended} of {data.runs} runs ended, {data.runs_passed} passed ·{' '}
          {money(data.cost_usd)} · begun <Time at={data.created_at} />
          {data.reason && <span className="block text-ink">{data.reason}</span>}
        </p>
        <TestMatrix run={data} chosen={chosen} onChoose={setChosen} />
        <ResultsCard
          agentId={data.agent_id}
          results={results.data}
          error={results.error}
          chosen={chosen}
          onAll={() => setChosen(null)}
        />
      </div>
    </Page>
  );
}

function CancelButton({ run }: { readonly run: TestRun }) {
  const queries = useQueryClient();
  const why = useWhyNot('test', 'write');
  return (
    <ConfirmButton
      kind="danger"
      icon={<CircleStop size={14} aria-hidden />}
      why={why}
      question="Cancel this test run?"
      explanation="Runs that go on are cancelled; what has ended stays."
      confirmLabel="Cancel it"
      act={async () => {
        const params = { path: { test_run_id: run.id } };
        await dataOf(v1.POST('/v1/tests/runs/{test_run_id}/cancel', { params }));
        await queries.invalidateQueries({ queryKey: ['test run', run.id] });
      }}
    >
      Cancel
    </ConfirmButton>
  );
}
