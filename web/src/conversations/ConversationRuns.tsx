import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bot } from 'lucide-react';
import { newestRunsQuery } from '../api/queries.ts';
import type { RunRow, Step } from '../api/types.ts';
import { modelOutput } from '../run/step-output.ts';
import { useRunTrace } from '../run/use-run-trace.ts';
import { RunStatus } from '../runs/RunStatus.tsx';
import { isEnded } from '../runs/status.ts';
import { useSession } from '../shell/workspace.tsx';
import { Answer } from '../ui/Answer.tsx';
import { Card } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';

const newestEveryMs = 1_000;

function useRuns(conversationId: string) {
  const { workspaceId } = useSession();
  return useQuery({
    ...newestRunsQuery(workspaceId, { conversation_id: conversationId }, 20),
    refetchInterval: newestEveryMs,
  });
}

/** What agents did in the conversation, newest first. */
export function ConversationRuns({ conversationId }: { readonly conversationId: string }) {
  const runs = useRuns(conversationId);
  return (
    <Card title="Runs">
      <Answer query={runs} label="Loading runs">
        {(data) =>
          data.length === 0 ? (
            <p className="px-4 py-3 text-[13px] text-muted">No agent has done anything here yet.</p>
          ) : (
            <ul className="divide-y divide-line/70">
              {data.map((run) => (
                <li key={run.id}>
                  <Link
                    to="/runs/$agentId/$runId"
                    params={{ agentId: run.agent_id, runId: run.id }}
                    search={{}}
                    className="flex items-center gap-3 px-4 py-2 text-[13px] -outline-offset-2 hover:bg-sunken"
                  >
                    <span className="grow">
                      <RunStatus run={run} />
                    </span>
                    <span className="text-xs text-muted">
                      <Time at={run.created_at} />
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Card>
  );
}

/** While an agent is at it: what it does and says, as it comes. */
export function LiveRun({ conversationId }: { readonly conversationId: string }) {
  const runs = useRuns(conversationId);
  const run = runs.data?.find((one) => !isEnded(one));
  return run === undefined ? null : <Working key={run.id} run={run} />;
}

function Working({ run }: { readonly run: RunRow }) {
  const { steps = [], speaking, stream } = useRunTrace(run.agent_id, run.id);
  const said = steps.map(modelOutput).findLast((output) => Boolean(output?.text))?.text ?? '';
  return (
    <div className="flex items-start gap-2 px-4 pb-4 text-[13px] text-muted" role="status">
      <Bot size={15} aria-hidden className="lamp-on mt-0.5 shrink-0 text-model" />
      <div className="min-w-0 space-y-1">
        {(speaking || said) !== '' && (
          <p className="whitespace-pre-wrap break-words">{speaking || said}</p>
        )}
        {speaking === '' && (
          <p className="text-xs text-faint">
            {stream === 'lost' ? 'The connection is lost; trying again …' : doing(steps.at(-1))}
          </p>
        )}
      </div>
    </div>
  );
}

function doing(step: Step | undefined): string {
  if (step?.status === 'running' && step.type === 'tool') return `Calls ${step.name} …`;
  if (step?.status === 'running' && step.type === 'approval') return 'Waits for an approval.';
  return 'Thinks …';
}
