import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { agentQuery } from '../api/queries.ts';
import type { Approval, Escalation, FieldDecision } from '../api/work-types.ts';
import { Badge } from '../ui/Badge.tsx';
import { decidedAs } from './status.ts';
import { TracePanel } from './TracePanel.tsx';

/** An item of the inbox: whose it is, what there is to decide, and the run that asks beside it. */
export function ItemFrame(props: {
  readonly item: Approval | Escalation | FieldDecision;
  /** What it is, before how it was decided. */
  readonly kind?: string;
  readonly badges?: ReactNode;
  /** Where it comes from, and since when. */
  readonly origin: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Above the run. */
  readonly beside?: ReactNode;
}) {
  const { item, kind } = props;
  const decided = decidedAs(item);
  return (
    <div className="space-y-4">
      <header className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 grow">
          <h2 className="flex flex-wrap items-center gap-2 text-base font-semibold">
            {'agent_name' in item ? item.agent_name : <AgentName id={item.agent_id} />}
            {kind !== undefined && <Badge>{kind}</Badge>}
            {decided !== null && <Badge>{decided}</Badge>}
            {props.badges}
          </h2>
          <p className="text-xs text-muted">{props.origin}</p>
        </div>
        {props.actions}
      </header>
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem] 2xl:grid-cols-2">
        <div className="min-w-0 space-y-4">{props.children}</div>
        <div className="min-w-0 space-y-4">
          {props.beside}
          <TracePanel
            agentId={item.agent_id}
            runId={'agent_run_id' in item ? item.agent_run_id : item.run_id}
          />
        </div>
      </div>
    </div>
  );
}

function AgentName({ id }: { readonly id: string }) {
  const agent = useQuery({ ...agentQuery(id), retry: false });
  return agent.data?.name ?? 'Deleted agent';
}
