import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { newestRunsQuery } from '../api/queries.ts';
import type { Agent } from '../api/types.ts';
import { Outcome } from '../run/Outcome.tsx';
import { RunFigures } from '../run/RunFigures.tsx';
import { Steps } from '../run/Steps.tsx';
import { useRunTrace } from '../run/use-run-trace.ts';
import { RunStatus } from '../runs/RunStatus.tsx';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { SaveCaseButton } from '../tests/SaveCaseButton.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Check, Select } from '../ui/Field.tsx';
import { JsonText } from '../ui/JsonText.tsx';
import { Card } from '../ui/Page.tsx';
import { parseJson } from '../ui/parse-json.ts';
import { Empty, Loading, Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { PlaygroundChat } from './PlaygroundChat.tsx';

type Way = 'payload' | 'chat';

function WayChoice(props: { readonly way: Way; readonly onChange: (way: Way) => void }) {
  return (
    <div role="group" aria-label="Way to start it" className="flex gap-1">
      {(['payload', 'chat'] as const).map((way) => (
        <button
          key={way}
          type="button"
          aria-pressed={way === props.way}
          onClick={() => props.onChange(way)}
          className="rounded-md px-2 py-1 text-xs font-medium capitalize text-muted hover:bg-sunken aria-pressed:bg-sunken aria-pressed:text-ink"
        >
          {way}
        </button>
      ))}
    </div>
  );
}

/** Sends the agent a payload, or chats with it, and shows the run as it comes. */
export function Playground({ agent }: { readonly agent: Agent }) {
  const { workspaceId } = useSession();
  const readOnly = useWhyNot('run', 'write');
  const key = `signalbox-playground-${agent.id}`;
  const startable = agent.triggers.filter(({ type }) => type !== 'message');
  const [payload, setPayload] = useState(() => localStorage.getItem(key) ?? '{\n  \n}');
  const [triggerId, setTriggerId] = useState(startable[0]?.id ?? '');
  const [dryRun, setDryRun] = useState(false);
  const [way, setWay] = useState<Way>(
    startable.length === 0 && agent.triggers.length > 0 ? 'chat' : 'payload',
  );
  const [runId, setRunId] = useState<string | null>(null);
  const { busy, error, submit } = useSubmit();
  const last = useQuery(newestRunsQuery(workspaceId, { agent_id: agent.id }, 1));
  const read = parseJson(payload);
  const shown = runId ?? last.data?.[0]?.id ?? null;
  const why = readOnly ?? (read.problem ? 'The payload is not JSON.' : null);
  const dispatch = async () => {
    if (why !== null || busy) return;
    localStorage.setItem(key, payload);
    await submit(async () => {
      const made = await dataOf(
        v1.POST('/v1/agents/{id}/run', {
          params: { path: { id: agent.id } },
          body: {
            payload: read.value,
            dry_run: dryRun,
            ...(triggerId === '' ? {} : { trigger_id: triggerId }),
          },
        }),
      );
      setRunId(made.id);
    });
  };
  return (
    <div className="grid grid-cols-1 items-start gap-4 @4xl:grid-cols-[22rem_minmax(0,1fr)]">
      <Card
        title={way === 'chat' ? 'Chat' : 'Dispatch'}
        actions={<WayChoice way={way} onChange={setWay} />}
      >
        {way === 'chat' ? (
          <div className="p-4">
            <PlaygroundChat agent={agent} onRun={setRunId} />
          </div>
        ) : (
          <div className="space-y-4 p-4">
            {startable.length > 1 && (
              <Select
                label="Trigger"
                value={triggerId}
                options={startable.map(({ id, name, type }) => [id, `${name || type} (${type})`])}
                onChange={(event) => setTriggerId(event.target.value)}
              />
            )}
            <JsonText
              label="Payload, as JSON"
              rows={10}
              value={payload}
              onChange={setPayload}
              onSend={() => void dispatch()}
            />
            <Check
              label="Dry run"
              hint="Tools with effects are not called; their calls are written down."
              checked={dryRun}
              onChange={(event) => setDryRun(event.target.checked)}
            />
            <Problem error={error} />
            <Button
              kind="primary"
              className="w-full"
              busy={busy}
              why={why}
              icon={<Send size={14} aria-hidden />}
              onClick={() => void dispatch()}
            >
              Dispatch
            </Button>
            <p className="text-xs text-faint">
              What is unsaved in the editor is not in it: a run is of the saved version{' '}
              {agent.agent_version}.
            </p>
          </div>
        )}
      </Card>
      {shown === null ? (
        <Card>
          {last.isPending ? (
            <Loading label="Loading the last run" />
          ) : (
            <Empty icon={<Send aria-hidden />} title="No run yet">
              Dispatch a payload: its trace appears here, step by step.
            </Empty>
          )}
        </Card>
      ) : (
        <PlaygroundRun key={shown} agentId={agent.id} runId={shown} isNew={runId !== null} />
      )}
    </div>
  );
}

function PlaygroundRun(props: {
  readonly agentId: string;
  readonly runId: string;
  readonly isNew: boolean;
}) {
  const { agentId, runId, isNew } = props;
  const trace = useRunTrace(agentId, runId);
  const { run, steps = [] } = trace;
  if (run === undefined) {
    return (
      <Card>
        <Unanswered query={trace} label="Loading the run" />
      </Card>
    );
  }
  return (
    <div className="min-w-0 space-y-3">
      <div className="flex flex-wrap items-center gap-3 text-[13px]">
        <span className="font-medium">{isNew ? 'This run' : 'Its last run'}</span>
        <RunStatus run={run} />
        {trace.stream === 'open' && <Badge tone="live">live</Badge>}
        <Link
          to="/runs/$agentId/$runId"
          params={{ agentId, runId }}
          className="ml-auto text-accent underline"
        >
          Open the run
        </Link>
        <SaveCaseButton run={run} />
      </div>
      <RunFigures run={run} steps={steps} />
      <Card>
        {steps.length === 0 && trace.speaking === '' ? (
          <p className="px-4 py-6 text-center text-muted">Waiting for its first step …</p>
        ) : (
          <Steps run={run} trace={trace} />
        )}
      </Card>
      <Outcome run={run} />
    </div>
  );
}
