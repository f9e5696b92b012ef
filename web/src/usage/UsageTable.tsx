import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { agentsQuery } from '../api/queries.ts';
import type { Usage } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { count, money, tokens } from '../ui/format.ts';
import { Failed, Loading } from '../ui/States.tsx';
import { usageQuery } from './usage-queries.ts';

type By = 'agent' | 'model' | 'trigger';
type Group = Usage['groups'][number];

/** Who used how much, the dearest first. */
export function UsageTable(props: {
  readonly by: By;
  readonly days: number;
  readonly agentId: string | undefined;
}) {
  const { by, days, agentId } = props;
  const { workspaceId } = useSession();
  const usage = useQuery(usageQuery(workspaceId, { days, by, agentId }));
  if (usage.data === undefined) {
    return usage.error ? <Failed error={usage.error} /> : <Loading label="Loading usage" />;
  }
  const { groups, totals, truncated } = usage.data;
  if (groups.length === 0) {
    return <p className="px-4 py-8 text-center text-muted">No run has ended in this time.</p>;
  }
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-[13px]">
        <thead>
          <tr className="border-b border-line text-left text-xs text-muted [&>th]:px-4 [&>th]:py-2 [&>th]:font-medium">
            <th scope="col">{{ agent: 'Agent', model: 'Model', trigger: 'Trigger' }[by]}</th>
            <th scope="col" className="text-right">
              Cost
            </th>
            <th scope="col" className="max-sm:hidden">
              <span className="sr-only">Share</span>
            </th>
            <th scope="col" className="text-right">
              Runs
            </th>
            <th scope="col" className="text-right max-sm:hidden">
              Failed
            </th>
            <th scope="col" className="text-right max-sm:hidden">
              Tokens
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr
              key={`${group.agent_id}${group.model}${group.trigger_id}`}
              className="border-b border-line/70 last:border-b-0 [&>td]:px-4 [&>td]:py-2"
            >
              <td className="min-w-0 break-words">
                <Name by={by} group={group} />
              </td>
              <td className="whitespace-nowrap text-right">
                {money(group.total_cost)}
                {group.runs_of_unknown_cost > 0 && <span className="text-warn"> +?</span>}
              </td>
              <td className="w-1/4 max-sm:hidden">
                <span aria-hidden className="block h-2 overflow-hidden rounded-full bg-sunken">
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${shareOf(group.total_cost, totals.total_cost)}%` }}
                  />
                </span>
              </td>
              <td className="text-right text-muted">{count(group.runs)}</td>
              <td className="text-right text-muted max-sm:hidden">{count(group.failed)}</td>
              <td className="whitespace-nowrap text-right text-muted max-sm:hidden">
                {`${tokens(group.token_usage.input)} → ${tokens(group.token_usage.output)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {truncated && (
        <p className="px-4 py-2 text-xs text-faint">There are more; the sums are whole.</p>
      )}
    </div>
  );
}

function Name({ by, group }: { readonly by: By; readonly group: Group }) {
  const { workspaceId } = useSession();
  const agents = useQuery({ ...agentsQuery(workspaceId), enabled: by === 'trigger' });
  if (by === 'model') return <code className="font-mono text-xs">{group.model}</code>;
  if (by === 'agent') {
    if (group.agent_id === null) return <span className="text-faint">knowledge, by no run</span>;
    return group.agent_name === null ? (
      <span className="text-faint">a deleted agent</span>
    ) : (
      <Link
        to="/runs"
        search={{ agent: group.agent_id ?? '' }}
        className="font-medium hover:underline"
      >
        {group.agent_name}
      </Link>
    );
  }
  const owner = agents.data?.find((agent) =>
    agent.triggers.some(({ id }) => id === group.trigger_id),
  );
  const trigger = owner?.triggers.find(({ id }) => id === group.trigger_id);
  if (group.trigger_id === null) return <span className="text-faint">none</span>;
  return trigger ? `${owner?.name}: ${trigger.name || trigger.type}` : group.trigger_id;
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}
