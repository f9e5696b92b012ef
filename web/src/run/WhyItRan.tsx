import { useQuery } from '@tanstack/react-query';
import { triggerEventQuery } from '../api/queries.ts';
import type { Run, TriggerEvent } from '../api/types.ts';
import { Badge } from '../ui/Badge.tsx';
import { Loading, Problem } from '../ui/States.tsx';

type Verdict = TriggerEvent['verdicts'][number];

const words: Readonly<Record<Verdict['verdict'], string>> = {
  ran: 'ran',
  not_matched: 'did not match',
  refused: 'was refused',
  skipped: 'was skipped',
};

/** What the event was compared with: for this run's agent, and for the others that were looked at. */
export function WhyItRan({ run, eventId }: { readonly run: Run; readonly eventId: string }) {
  const event = useQuery({ ...triggerEventQuery(eventId), retry: false });
  if (event.isPending) return <Loading label="Loading the trigger event" />;
  if (event.error) return <Problem error={event.error} />;
  const { verdicts, source, type } = event.data;
  const own = verdicts.filter(({ agent_id }) => agent_id === run.agent_id);
  const others = verdicts.filter(({ agent_id }) => agent_id !== run.agent_id);
  return (
    <section aria-label="Why it ran" className="space-y-2">
      <h3 className="text-xs font-medium text-muted">Why it ran</h3>
      <p className="text-[13px]">
        {source === 'manual'
          ? 'Somebody dispatched it by hand or by a call of the API.'
          : `Source: ${source}.`}
        {type && ` Type: ${type}.`}
      </p>
      {[...own, ...others].map((verdict) => (
        <OneVerdict key={`${verdict.agent_id}${verdict.trigger_id}`} verdict={verdict} />
      ))}
    </section>
  );
}

function OneVerdict({ verdict }: { readonly verdict: Verdict }) {
  const { agent_name: agent, trigger_name: trigger, detail, comparisons } = verdict;
  return (
    <div className="rounded-md border border-line px-3 py-2 text-[13px]">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{agent}</span>
        {trigger && <span className="text-muted">{trigger}</span>}
        <Badge tone={verdict.verdict === 'ran' ? 'good' : 'plain'}>{words[verdict.verdict]}</Badge>
      </p>
      {detail && <p className="mt-1 text-muted">{detail}</p>}
      {comparisons.length > 0 && (
        <ul className="mt-1 space-y-0.5 font-mono text-xs">
          {comparisons.map(({ field, op, expected, actual, matched }) => (
            <li
              key={`${field}${op}${JSON.stringify(expected)}`}
              className={matched ? 'text-good' : 'text-bad'}
            >
              {matched ? '✓' : '✗'} {field} {op} {JSON.stringify(expected)}
              <span className="text-muted">
                {' '}
                — it was {actual === undefined ? 'absent' : JSON.stringify(actual)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
