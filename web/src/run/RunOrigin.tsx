import { Link } from '@tanstack/react-router';
import type { Agent, Run } from '../api/types.ts';
import { Fact, Facts } from '../ui/Facts.tsx';
import { fullTime, shortId } from '../ui/format.ts';
import { JsonView } from '../ui/JsonView.tsx';
import { WhyItRan } from './WhyItRan.tsx';

/** What started the run: trigger, event, payload, and the run that it came from. */
export function RunOrigin({
  run,
  agent,
}: {
  readonly run: Run;
  readonly agent: Agent | undefined;
}) {
  const trigger = agent?.triggers.find(({ id }) => id === run.trigger_id);
  const other = run.forked_from ?? run.retry_of;
  return (
    <div className="space-y-3 p-4">
      <Facts>
        <Fact name="Started">{fullTime(run.created_at)}</Fact>
        <Fact name="Trigger">
          {trigger?.name || run.trigger_type || 'none'}
          {trigger && <span className="text-faint"> ({trigger.type})</span>}
        </Fact>
        {run.trigger_event_id && (
          <Fact name="Trigger event">
            <Link
              to="/trigger-events/$eventId"
              params={{ eventId: run.trigger_event_id }}
              className="text-accent underline"
            >
              {shortId(run.trigger_event_id)}
            </Link>
          </Fact>
        )}
        {other && (
          <Fact name={run.forked_from ? 'Forked from' : 'Retry of'}>
            <Link
              to="/runs/$agentId/$runId"
              params={{ agentId: run.agent_id, runId: other }}
              className="text-accent underline"
            >
              {shortId(other)}
            </Link>
            {run.from_step !== null && (
              <span className="text-faint"> from step {run.from_step}</span>
            )}
          </Fact>
        )}
        <Fact name="Agent version">
          <Link
            to="/agents/$agentId"
            params={{ agentId: run.agent_id }}
            search={{ tab: 'versions' }}
            className="text-accent underline"
          >
            {run.agent_version}
          </Link>
        </Fact>
        <Fact name="Model">{run.model}</Fact>
        {run.parent_run_id && (
          <Fact name="Asked for by run">
            <Link
              to="/runs/$runId"
              params={{ runId: run.parent_run_id }}
              className="text-accent underline"
            >
              {shortId(run.parent_run_id)}
            </Link>
          </Fact>
        )}
        {run.engine_url && (
          <Fact name="Driven by">
            <a
              href={run.engine_url}
              target="_blank"
              rel="noreferrer"
              className="text-accent underline"
            >
              Temporal
            </a>
          </Fact>
        )}
        {run.session_id && <Fact name="Session">{run.session_id}</Fact>}
        {run.conversation_id && (
          <Fact name="Conversation">
            <Link
              to="/conversations/$conversationId"
              params={{ conversationId: run.conversation_id }}
              className="text-accent underline"
            >
              {shortId(run.conversation_id)}
            </Link>
          </Fact>
        )}
        {run.trace_id && (
          <Fact name="Trace id">
            <code className="break-all font-mono text-xs">{run.trace_id}</code>
          </Fact>
        )}
      </Facts>
      <JsonView value={run.payload} label="Payload" />
      {run.trigger_event_id && <WhyItRan run={run} eventId={run.trigger_event_id} />}
    </div>
  );
}
