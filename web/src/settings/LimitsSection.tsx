import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { quotasQuery, workspaceQuery } from '../api/settings-queries.ts';
import type { Budget, Quotas } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { count, money } from '../ui/format.ts';
import { Card } from '../ui/Page.tsx';
import { Failed, Loading, Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';

/** What the workspace may use at most. Its operator sets it; everybody sees it. */
export function LimitsSection() {
  const { workspaceId } = useSession();
  const workspace = useQuery(workspaceQuery(workspaceId));
  const quotas = useQuery({ ...quotasQuery(workspaceId), refetchInterval: 30_000 });
  const error = workspace.error ?? quotas.error;
  if (workspace.data === undefined || quotas.data === undefined) {
    return (
      <Card title="Limits">
        {error ? <Failed error={error} /> : <Loading label="Loading limits" />}
      </Card>
    );
  }
  return (
    <>
      <WorkspaceLimits key={workspace.data.updated_at} workspace={workspace.data} />
      <QuotaCard key={JSON.stringify(quotas.data.day)} period="day" quotas={quotas.data} />
      <QuotaCard key={JSON.stringify(quotas.data.month)} period="month" quotas={quotas.data} />
      <p className="px-1 text-[13px] text-muted">
        Budgets of single agents are on the{' '}
        <Link to="/usage" className="text-accent underline">
          usage page
        </Link>
        .
      </p>
    </>
  );
}

function WorkspaceLimits(props: {
  readonly workspace: {
    readonly id: string;
    readonly rate_limit: number | null;
    readonly max_running: number | null;
  };
}) {
  const { workspace } = props;
  const queries = useQueryClient();
  const mayNot = useWhyNot('workspace', 'admin');
  const [rate, setRate] = useState(textOf(workspace.rate_limit));
  const [running, setRunning] = useState(textOf(workspace.max_running));
  const { busy, error, submit } = useSubmit();
  const isChanged =
    rate !== textOf(workspace.rate_limit) || running !== textOf(workspace.max_running);
  const save = () =>
    submit(async () => {
      const body = { rate_limit: numberOf(rate), max_running: numberOf(running) };
      const params = { path: { id: workspace.id } };
      await dataOf(v1.PATCH('/v1/workspaces/{id}', { params, body }));
      await queries.invalidateQueries({ queryKey: ['workspace', workspace.id] });
    });
  return (
    <Card title="At once">
      <div className="space-y-4 p-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Requests a minute"
            value={rate}
            readOnly={mayNot !== null}
            inputMode="numeric"
            placeholder="the server’s limit"
            onChange={(event) => setRate(event.target.value)}
          />
          <TextField
            label="Runs at once"
            value={running}
            readOnly={mayNot !== null}
            inputMode="numeric"
            placeholder="no limit"
            hint="more wait in the queue"
            onChange={(event) => setRunning(event.target.value)}
          />
        </div>
        <Problem error={error} />
        <Button
          busy={busy}
          why={mayNot ?? (isChanged ? null : 'Nothing is changed.')}
          onClick={() => void save()}
        >
          Save
        </Button>
      </div>
    </Card>
  );
}

const quotaFields = [
  ['max_runs', 'Runs', (quota: Budget) => count(quota.used.runs)],
  ['max_tokens', 'Tokens', (quota: Budget) => count(quota.used.tokens)],
  ['max_cost_usd', 'Cost, $', (quota: Budget) => money(quota.used.cost_usd)],
] as const;

function QuotaCard({
  period,
  quotas,
}: {
  readonly period: 'day' | 'month';
  readonly quotas: Quotas;
}) {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const mayNot = useWhyNot('workspace', 'admin');
  const quota = quotas[period];
  const before = Object.fromEntries(
    quotaFields.map(([name]) => [name, textOf(quota?.[name] ?? null)]),
  );
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(before);
  const { busy, error, submit } = useSubmit();
  const isChanged = JSON.stringify(texts) !== JSON.stringify(before);
  const save = () =>
    submit(async () => {
      const given = Object.fromEntries(
        quotaFields.map(([name]) => [name, numberOf(texts[name] ?? '')]),
      );
      const isEmpty = Object.values(given).every((value) => value === null);
      const body = { [period]: isEmpty ? null : given };
      const params = { path: { id: workspaceId } };
      await dataOf(v1.PUT('/v1/workspaces/{id}/quotas', { params, body: body as never }));
      await queries.invalidateQueries({ queryKey: ['workspace', workspaceId] });
    });
  return (
    <Card title={period === 'day' ? 'Each day' : 'Each month'}>
      <div className="space-y-4 p-4">
        <div className="grid gap-4 sm:grid-cols-3">
          {quotaFields.map(([name, label, used]) => (
            <TextField
              key={name}
              label={label}
              value={texts[name] ?? ''}
              readOnly={mayNot !== null}
              inputMode="decimal"
              placeholder="no limit"
              hint={quota ? `${used(quota)} used` : ''}
              onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
            />
          ))}
        </div>
        {quota?.state === 'exceeded' && (
          <p className="text-[13px] text-bad">
            It is used up: new runs are refused until the {period} is over.
          </p>
        )}
        <Problem error={error} />
        <Button
          busy={busy}
          why={mayNot ?? (isChanged ? null : 'Nothing is changed.')}
          onClick={() => void save()}
        >
          Save
        </Button>
      </div>
    </Card>
  );
}

function textOf(value: number | null): string {
  return value === null ? '' : String(value);
}

function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
