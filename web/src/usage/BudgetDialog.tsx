import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentsQuery } from '../api/queries.ts';
import type { Budget } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Check, Select, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';

const fields = [
  ['max_cost_usd', 'Cost, $'],
  ['max_runs', 'Runs'],
  ['max_tokens', 'Tokens'],
] as const;

export function BudgetDialog(props: {
  readonly budget: Budget | null;
  readonly onClose: () => void;
}) {
  const { budget, onClose } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const agents = useQuery(agentsQuery(workspaceId));
  const [agentId, setAgentId] = useState(budget?.agent_id ?? '');
  const [period, setPeriod] = useState<'day' | 'month'>(budget?.period ?? 'month');
  const [stops, setStops] = useState(budget?.stops ?? true);
  const [warnAt, setWarnAt] = useState(String(Math.round((budget?.warn_at ?? 0.8) * 100)));
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(
      fields.map(([name]) => [name, budget?.[name] == null ? '' : String(budget[name])]),
    ),
  );
  const given = fields.filter(([name]) => texts[name]);
  const save = async () => {
    const limits = Object.fromEntries(
      fields.map(([name]) => [name, texts[name] ? Number(texts[name]) : null]),
    );
    const common = { ...limits, stops, warn_at: Number(warnAt) / 100 };
    const body = {
      workspace_id: workspaceId,
      period,
      ...(agentId && { agent_id: agentId }),
      ...Object.fromEntries(Object.entries(common).filter(([, value]) => value !== null)),
    };
    await dataOf<Budget>(
      budget === null
        ? v1.POST('/v1/budgets', { body })
        : v1.PATCH('/v1/budgets/{id}', { params: { path: { id: budget.id } }, body: common }),
    );
    await queries.invalidateQueries({ queryKey: ['budgets'] });
  };
  return (
    <FormDialog
      title={budget === null ? 'A budget' : 'Change the budget'}
      why={given.length === 0 ? 'At least one limit is needed.' : null}
      save={save}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label="Of"
          value={agentId}
          disabled={budget !== null}
          options={[
            ['', 'the whole workspace'],
            ...(agents.data ?? []).map(({ id, name }) => [id, name] as const),
          ]}
          onChange={(event) => setAgentId(event.target.value)}
        />
        <Select
          label="In each"
          value={period}
          disabled={budget !== null}
          options={[
            ['day', 'day (UTC)'],
            ['month', 'month (UTC)'],
          ]}
          onChange={(event) => setPeriod(event.target.value === 'day' ? 'day' : 'month')}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-3">
        {fields.map(([name, label]) => (
          <TextField
            key={name}
            label={label}
            inputMode="decimal"
            placeholder="no limit"
            value={texts[name] ?? ''}
            onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
          />
        ))}
      </div>
      <TextField
        label="Warn at, in %"
        inputMode="numeric"
        value={warnAt}
        onChange={(event) => setWarnAt(event.target.value)}
      />
      <Check
        label="Refuse new runs once it is used up"
        hint="Otherwise it only warns."
        checked={stops}
        onChange={(event) => setStops(event.target.checked)}
      />
    </FormDialog>
  );
}
