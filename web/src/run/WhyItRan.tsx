import { useQuery } from '@tanstack/react-query';
import { triggerEventQuery } from '../api/queries.ts';
import type { Run } from '../api/types.ts';
import { Loading, Problem } from '../ui/States.tsx';
import { OneVerdict } from './OneVerdict.tsx';

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
