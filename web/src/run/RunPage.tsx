import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { agentQuery } from '../api/queries.ts';
import type { Run, Step } from '../api/types.ts';
import { RunStatus } from '../runs/RunStatus.tsx';
import { isEnded } from '../runs/status.ts';
import { Unanswered } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { shortId } from '../ui/format.ts';
import { Card, Page } from '../ui/Page.tsx';
import { Failed, Loading } from '../ui/States.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { useMedia } from '../ui/use-media.ts';
import { ChildRuns } from './ChildRuns.tsx';
import { Conversation } from './Conversation.tsx';
import { LogsView } from './LogsView.tsx';
import { Outcome } from './Outcome.tsx';
import { RunActions } from './RunActions.tsx';
import { RunFigures } from './RunFigures.tsx';
import { RunOrigin } from './RunOrigin.tsx';
import { StepDetail } from './StepDetail.tsx';
import { numberOf } from './step-number.ts';
import { useRunTrace } from './use-run-trace.ts';
import { Waterfall } from './Waterfall.tsx';

const route = getRouteApi('/runs/$agentId/$runId');

export function RunPage() {
  const { agentId, runId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const agent = useQuery({ ...agentQuery(agentId), retry: false });
  const trace = useRunTrace(agentId, runId);
  const { run, steps } = trace;
  const name = agent.data?.name ?? 'Deleted agent';
  if (run === undefined) {
    return (
      <Page title="Run">
        <Card>
          <Unanswered query={trace} label="Loading the run" />
        </Card>
      </Page>
    );
  }
  const select = (step: Step | null) =>
    void navigate({
      search: {
        ...(search.tab && { tab: search.tab }),
        ...(step && { step: numberOf(step) }),
      },
      replace: true,
    });
  const selected = steps?.find((step) => numberOf(step) === search.step) ?? null;
  return (
    <Page
      title={name}
      tab={`Run of ${name}`}
      above={<Trail run={run} />}
      badge={
        <span className="flex flex-wrap items-center gap-2 text-[13px] font-medium">
          <RunStatus run={run} />
          {run.dry_run && <Badge>dry run</Badge>}
          {trace.stream === 'open' && <Badge tone="live">live</Badge>}
          {trace.stream === 'lost' && <Badge tone="warn">reconnecting</Badge>}
        </span>
      }
      actions={<RunActions run={run} steps={steps ?? []} onChanged={trace.refetch} />}
    >
      <div className="space-y-3">
        <RunFigures run={run} steps={steps ?? []} />
        <Outcome run={run} />
        <Card>
          <Tabs
            label="Views of the run"
            value={search.tab ?? 'trace'}
            onChange={(tab) => void navigate({ search: { ...search, tab }, replace: true })}
            tabs={[
              {
                value: 'trace',
                label: 'Trace',
                content: (
                  <TraceView
                    {...{ run, steps, selected, select }}
                    speaking={trace.speaking}
                    error={trace.error}
                    refetch={trace.refetch}
                  />
                ),
              },
              {
                value: 'conversation',
                label: 'Conversation',
                content: <Conversation run={run} steps={steps ?? []} speaking={trace.speaking} />,
              },
              ...(steps?.some(({ child_run_id }) => child_run_id !== null)
                ? [{ value: 'children', label: 'Child runs', content: <ChildRuns steps={steps} /> }]
                : []),
              { value: 'logs', label: 'Logs', content: <LogsView steps={steps ?? []} /> },
              {
                value: 'event',
                label: 'Trigger',
                content: <RunOrigin run={run} agent={agent.data} />,
              },
            ]}
          />
        </Card>
      </div>
    </Page>
  );
}

function Trail({ run }: { readonly run: Run }) {
  return (
    <span className="flex items-center gap-1">
      <Link to="/runs" className="hover:underline">
        Runs
      </Link>
      <span aria-hidden>/</span>
      <span className="font-mono">{shortId(run.id)}</span>
      <CopyButton text={() => run.id} label="Copy the run’s id" />
    </span>
  );
}

function TraceView(props: {
  readonly run: Run;
  readonly steps: readonly Step[] | undefined;
  readonly selected: Step | null;
  readonly select: (step: Step | null) => void;
  readonly speaking: string;
  readonly error: unknown;
  readonly refetch: () => void;
}) {
  const { run, steps, selected, select, speaking, error, refetch } = props;
  const wide = useMedia('(min-width: 1024px)');
  if (steps === undefined) {
    return error ? <Failed error={error} onRetry={refetch} /> : <Loading label="Loading steps" />;
  }
  if (steps.length === 0 && speaking === '') {
    return (
      <p className="px-4 py-8 text-center text-muted">
        {isEnded(run) ? 'It ended before its first step.' : 'Its first step has not ended yet.'}
      </p>
    );
  }
  const shown = selected ?? (wide ? (steps.at(-1) ?? null) : null);
  return (
    <div className="lg:grid lg:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)]">
      <Waterfall run={run} steps={steps} speaking={speaking} selected={shown} onSelect={select} />
      <div className="min-w-0 border-line max-lg:border-t lg:border-l">
        {shown === null ? (
          <p className="px-4 py-6 text-center text-muted">
            Choose a step to see what went in and out.
          </p>
        ) : (
          <StepDetail key={shown.step_id} run={run} steps={steps} step={shown} />
        )}
      </div>
    </div>
  );
}
