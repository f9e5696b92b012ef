import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Wallet } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentsQuery } from '../api/queries.ts';
import type { Budget } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { EditButton } from '../ui/EditButton.tsx';
import { count, money } from '../ui/format.ts';
import { ListCard, ListLine } from '../ui/ListCard.tsx';
import { BudgetDialog } from './BudgetDialog.tsx';
import { budgetsQuery } from './usage-queries.ts';

const tones: Readonly<Record<Budget['state'], Tone>> = {
  ok: 'good',
  warning: 'warn',
  exceeded: 'bad',
};
const states: Readonly<Record<Budget['state'], string>> = {
  ok: 'within',
  warning: 'nearly used up',
  exceeded: 'used up',
};

/** What an agent or the workspace may use in a day or a month. */
export function BudgetsCard() {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const why = useWhyNot('budget', 'write');
  const agents = useQuery(agentsQuery(workspaceId));
  const budgets = useQuery({ ...budgetsQuery(workspaceId), refetchInterval: 15_000 });
  const [editing, setEditing] = useState<Budget | 'new' | null>(null);
  const nameOf = (budget: Budget) =>
    budget.agent_id === null
      ? 'The whole workspace'
      : (agents.data?.find(({ id }) => id === budget.agent_id)?.name ?? 'An agent');
  return (
    <>
      <ListCard
        title="Budgets"
        query={budgets}
        icon={<Wallet aria-hidden />}
        emptyTitle="No budget yet"
        emptyText="A budget limits runs, tokens or money in a day or a month. Used up, it refuses new runs, or only warns."
        addLabel="Add a budget"
        why={why}
        onAdd={() => setEditing('new')}
      >
        {(budget) => (
          <div className="space-y-2">
            <ListLine
              title={`${nameOf(budget)}, each ${budget.period}`}
              badges={
                <>
                  <Badge tone={tones[budget.state]}>{states[budget.state]}</Badge>
                  {!budget.stops && <Badge>only warns</Badge>}
                </>
              }
              actions={
                <>
                  <EditButton
                    name={`the budget of ${nameOf(budget)}`}
                    why={why}
                    onClick={() => setEditing(budget)}
                  />
                  <DeleteButton
                    name="the budget"
                    why={why}
                    explanation="Nothing is limited by it any more."
                    act={async () => {
                      const params = { path: { id: budget.id } };
                      await dataOf(v1.DELETE('/v1/budgets/{id}', { params }));
                      await queries.invalidateQueries({ queryKey: ['budgets'] });
                    }}
                  />
                </>
              }
            />
            <Meters budget={budget} />
          </div>
        )}
      </ListCard>
      {editing !== null && (
        <BudgetDialog
          budget={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}

function Meters({ budget }: { readonly budget: Budget }) {
  const meters = [
    ['Cost', budget.used.cost_usd, budget.max_cost_usd, money],
    ['Runs', budget.used.runs, budget.max_runs, count],
    ['Tokens', budget.used.tokens, budget.max_tokens, count],
  ] as const;
  return (
    <div className="grid gap-x-6 gap-y-2 sm:grid-cols-3">
      {meters.map(([label, used, max, say]) =>
        max === null ? null : (
          <div key={label}>
            <p className="flex justify-between text-xs text-muted">
              <span>{label}</span>
              <span>
                {say(used)} of {say(max)}
              </span>
            </p>
            <div
              role="meter"
              aria-label={`${label} used`}
              aria-valuemin={0}
              aria-valuemax={max}
              aria-valuenow={Math.min(used, max)}
              className="mt-1 h-2 overflow-hidden rounded-full bg-sunken"
            >
              <div
                className={`h-full rounded-full ${used >= max ? 'bg-bad' : 'bg-accent'}`}
                style={{ width: `${max === 0 ? 100 : Math.min(100, (100 * used) / max)}%` }}
              />
            </div>
          </div>
        ),
      )}
    </div>
  );
}
