import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CircleStop, Columns2, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { newestRunsQuery } from '../api/queries.ts';
import type { Run, Step } from '../api/types.ts';
import { RunStatus } from '../runs/RunStatus.tsx';
import { isEnded } from '../runs/status.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { SaveCaseButton } from '../tests/SaveCaseButton.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmButton } from '../ui/Confirm.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { shortId } from '../ui/format.ts';
import { Loading, Problem } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';

/** What can be done with a run; what cannot be done now says why. */
export function RunActions(props: {
  readonly run: Run;
  readonly steps: readonly Step[];
  readonly onChanged: () => void;
}) {
  const { run, onChanged } = props;
  const navigate = useNavigate();
  const readOnly = useWhyNot('run', 'write');
  const [comparing, setComparing] = useState(false);
  const ended = isEnded(run);
  const path = { id: run.agent_id, run_id: run.id };
  const cancel = async () => {
    await dataOf(v1.POST('/v1/agents/{id}/runs/{run_id}/cancel', { params: { path } }));
    onChanged();
  };
  const retry = async () => {
    const made = await dataOf(v1.POST('/v1/agents/{id}/runs/{run_id}/retry', { params: { path } }));
    await navigate({
      to: '/runs/$agentId/$runId',
      params: { agentId: run.agent_id, runId: made.id },
    });
  };
  return (
    <>
      <Button icon={<Columns2 size={14} aria-hidden />} onClick={() => setComparing(true)}>
        Compare
      </Button>
      <SaveCaseButton run={run} />
      <ConfirmButton
        icon={<RotateCcw size={14} aria-hidden />}
        why={readOnly ?? (ended ? null : 'It has not ended yet.')}
        question="Run it again?"
        explanation="A new run with the same payload, of the agent as it is now. Its tools are called again, with all that they do."
        confirmLabel="Run again"
        act={retry}
      >
        Retry
      </ConfirmButton>
      {!ended && (
        <ConfirmButton
          kind="danger"
          icon={<CircleStop size={14} aria-hidden />}
          why={readOnly}
          question="Cancel this run?"
          explanation="It ends at once and for good. What it has done so far stays done, and stays in its trace."
          confirmLabel="Cancel the run"
          act={cancel}
        >
          Cancel
        </ConfirmButton>
      )}
      {comparing && <CompareDialog run={run} onClose={() => setComparing(false)} />}
    </>
  );
}

function CompareDialog({ run, onClose }: { readonly run: Run; readonly onClose: () => void }) {
  const navigate = useNavigate();
  const { workspaceId } = useSession();
  const recent = useQuery(newestRunsQuery(workspaceId, { agent_id: run.agent_id }, 30));
  const origin = run.forked_from ?? run.retry_of;
  const others = (recent.data ?? []).filter(({ id }) => id !== run.id && id !== origin);
  const open = (other: string) => {
    onClose();
    void navigate({
      to: '/compare',
      search: { agent: run.agent_id, left: other, right: run.id },
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Compare with another run"
      description="Step by step, side by side."
    >
      {origin && (
        <Button kind="primary" className="w-full" onClick={() => open(origin)}>
          {run.forked_from ? 'The run that it was forked from' : 'The run that it repeats'}
        </Button>
      )}
      <Problem error={recent.error} />
      {recent.isPending ? (
        <Loading label="Loading runs" />
      ) : others.length === 0 ? (
        <p className="text-muted">This agent has no other run to compare with.</p>
      ) : (
        <ul className="divide-y divide-line rounded-md border border-line">
          {others.map((other) => (
            <li key={other.id}>
              <button
                type="button"
                onClick={() => open(other.id)}
                className="flex w-full items-center gap-3 px-3 py-2 text-left text-[13px] hover:bg-sunken"
              >
                <span className="grow">
                  <RunStatus run={other} />
                </span>
                <code className="font-mono text-xs text-faint">{shortId(other.id)}</code>
                <span className="text-muted">
                  <Time at={other.created_at} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
