import { Link } from '@tanstack/react-router';
import { Steps } from '../run/Steps.tsx';
import { useRunTrace } from '../run/use-run-trace.ts';
import { RunStatus } from '../runs/RunStatus.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { duration, money } from '../ui/format.ts';
import { Card } from '../ui/Page.tsx';

/** The run behind an item of the inbox, step by step, as it goes on. */
export function TracePanel(props: { readonly agentId: string; readonly runId: string }) {
  const { agentId, runId } = props;
  const trace = useRunTrace(agentId, runId);
  const { run } = trace;
  return (
    <Card
      title="The run"
      actions={
        <Link
          to="/runs/$agentId/$runId"
          params={{ agentId, runId }}
          className="text-[13px] text-accent underline"
        >
          Open the run
        </Link>
      }
    >
      {run === undefined ? (
        <Unanswered query={trace} label="Loading the run" />
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2.5 text-[13px]">
            <RunStatus run={run} />
            <span className="text-xs text-muted">
              {run.duration_ms !== null && `${duration(run.duration_ms)}, `}
              {money(run.total_cost)}
            </span>
            {trace.stream === 'open' && <Badge tone="live">live</Badge>}
            {trace.stream === 'lost' && <Badge tone="warn">reconnecting</Badge>}
          </div>
          <Steps run={run} trace={trace} />
        </>
      )}
    </Card>
  );
}
