import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { answerOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { quotasQuery, workspaceQuery } from '../api/settings-queries.ts';
import type { Quotas } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
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

type Workspace = { readonly id: string } & Readonly<
  Record<'rate_limit' | 'max_running', number | null>
>;

const limitFields: readonly Field<'rate_limit' | 'max_running'>[] = [
  { name: 'rate_limit', label: 'Requests a minute', placeholder: 'the server’s limit' },
  { name: 'max_running', label: 'Runs at once', hint: 'more wait in the queue' },
];

function WorkspaceLimits({ workspace }: { readonly workspace: Workspace }) {
  const params = { path: { id: workspace.id } };
  return (
    <LimitsCard
      title="At once"
      columns="sm:grid-cols-2"
      inputMode="numeric"
      fields={limitFields}
      before={workspace}
      save={(body) => answerOf(v1.PATCH('/v1/workspaces/{id}', { params, body }))}
    />
  );
}

function QuotaCard(props: { readonly period: 'day' | 'month'; readonly quotas: Quotas }) {
  const { period, quotas } = props;
  const { workspaceId } = useSession();
  const quota = quotas[period];
  const params = { path: { id: workspaceId } };
  const used = (text: string) => (quota ? `${text} used` : '');
  return (
    <LimitsCard
      title={period === 'day' ? 'Each day' : 'Each month'}
      columns="sm:grid-cols-3"
      inputMode="decimal"
      fields={[
        { name: 'max_runs', label: 'Runs', hint: used(count(quota?.used.runs ?? 0)) },
        { name: 'max_tokens', label: 'Tokens', hint: used(count(quota?.used.tokens ?? 0)) },
        { name: 'max_cost_usd', label: 'Cost, $', hint: used(money(quota?.used.cost_usd ?? 0)) },
      ]}
      before={quota}
      save={(given) => {
        const isEmpty = Object.values(given).every((value) => value === null);
        const body = { [period]: isEmpty ? null : given } as never;
        return answerOf(v1.PUT('/v1/workspaces/{id}/quotas', { params, body }));
      }}
    >
      {quota?.state === 'exceeded' && (
        <p className="text-[13px] text-bad">
          It is used up: new runs are refused until the {period} is over.
        </p>
      )}
    </LimitsCard>
  );
}

interface Field<Name extends string> {
  readonly name: Name;
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
}

/** Numbers that may be left empty, saved together. */
function LimitsCard<Name extends string>(props: {
  readonly title: string;
  readonly columns: string;
  readonly inputMode: 'numeric' | 'decimal';
  readonly fields: readonly Field<Name>[];
  readonly before: Readonly<Partial<Record<Name, number | null>>> | null | undefined;
  readonly save: (given: Record<Name, number | null>) => Promise<unknown>;
  readonly children?: ReactNode;
}) {
  const { title, columns, inputMode, fields, before, save } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const mayNot = useWhyNot('workspace', 'admin');
  const [texts, setTexts] = useState<Partial<Record<Name, string>>>({});
  const { busy, error, submit } = useSubmit();
  const textAt = (name: Name) => texts[name] ?? textOf(before?.[name]);
  const isChanged = fields.some(({ name }) => textAt(name) !== textOf(before?.[name]));
  const send = async () => {
    const given = Object.fromEntries(fields.map(({ name }) => [name, numberOf(textAt(name))]));
    await save(given as Record<Name, number | null>);
    await queries.invalidateQueries({ queryKey: ['workspace', workspaceId] });
  };
  return (
    <Card title={title}>
      <div className="space-y-4 p-4">
        <div className={classes('grid gap-4', columns)}>
          {fields.map(({ name, label, hint, placeholder = 'no limit' }) => (
            <TextField
              key={name}
              label={label}
              value={textAt(name)}
              readOnly={mayNot !== null}
              inputMode={inputMode}
              placeholder={placeholder}
              hint={hint}
              onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
            />
          ))}
        </div>
        {props.children}
        <Problem error={error} />
        <Button
          busy={busy}
          why={mayNot ?? (isChanged ? null : 'Nothing is changed.')}
          onClick={() => void submit(send)}
        >
          Save
        </Button>
      </div>
    </Card>
  );
}

function textOf(value: number | null | undefined): string {
  return value == null ? '' : String(value);
}

function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
