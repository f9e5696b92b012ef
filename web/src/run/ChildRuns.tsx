import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { agentsQuery, runByIdQuery } from '../api/queries.ts';
import type { Run, Step } from '../api/types.ts';
import { RunStatus } from '../runs/RunStatus.tsx';
import { isEnded } from '../runs/status.ts';
import { useSession } from '../shell/workspace.tsx';
import { duration, money, shortId } from '../ui/format.ts';

/** Runs of other agents that this one asked for, each with the step that asked. */
export function ChildRuns({ steps }: { readonly steps: readonly Step[] }) {
  const { workspaceId } = useSession();
  const agents = useQuery(agentsQuery(workspaceId));
  const asking = steps.filter(({ child_run_id }) => child_run_id !== null);
  const runs = useQueries({
    queries: asking.map(({ child_run_id }) => ({
      ...runByIdQuery(child_run_id ?? ''),
      retry: false,
      refetchInterval: ({ state }: { state: { data?: Run | undefined } }) =>
        state.data !== undefined && isEnded(state.data) ? (false as const) : 2_000,
    })),
  });
  if (asking.length === 0) {
    return <p className="px-4 py-8 text-center text-muted">It has asked no other agent.</p>;
  }
  return (
    <ul className="divide-y divide-line/70">
      {asking.map((step, index) => {
        const run = runs[index]?.data;
        const agent = agents.data?.find(({ id }) => id === run?.agent_id);
        return (
          <li
            key={step.step_id}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-[13px]"
          >
            <span className="min-w-0 grow basis-40">
              <span className="font-medium">{agent?.name ?? step.name}</span>{' '}
              <Link
                to="/runs/$runId"
                params={{ runId: step.child_run_id ?? '' }}
                className="font-mono text-xs text-accent underline"
              >
                {shortId(step.child_run_id ?? '')}
              </Link>
            </span>
            {run ? (
              <>
                <RunStatus run={run} />
                <span className="text-muted">{duration(run.duration_ms)}</span>
                <span className="text-muted">{money(run.total_cost)}</span>
              </>
            ) : (
              <span className="text-faint">
                {runs[index]?.error ? 'cannot be read' : 'not there yet'}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
