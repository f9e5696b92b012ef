import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { retentionQuery } from '../api/settings-queries.ts';
import type { Retention } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Unanswered } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { count } from '../ui/format.ts';
import { Card } from '../ui/Page.tsx';
import { Problem } from '../ui/States.tsx';
import { Time } from '../ui/Time.tsx';
import { useSubmit } from '../ui/use-submit.ts';

const kinds = [
  ['runs', 'Runs', 'Runs that have ended, with their steps and outputs.'],
  ['payloads', 'Payloads and large outputs', 'Such a run cannot be retried or made a test.'],
  ['logs', 'Logs', 'What tools printed.'],
  ['tool_runs', 'Calls of tools by hand', 'Calls by runs go with their run.'],
  ['trigger_events', 'Trigger events', 'A webhook that comes again after that counts as new.'],
  ['deliveries', 'Deliveries of webhooks', 'Without a rule, 30 days.'],
] as const;

type Kind = (typeof kinds)[number][0];
type Texts = Readonly<Record<Kind, { readonly days: string; readonly most: string }>>;

/** What is kept, and for how long. Its owners say so. */
export function RetentionSection() {
  const { workspaceId } = useSession();
  const retention = useQuery(retentionQuery(workspaceId));
  if (retention.data === undefined) {
    return (
      <Card title="Retention">
        <Unanswered query={retention} label="Loading retention" />
      </Card>
    );
  }
  return <Rules key={JSON.stringify(textsOf(retention.data))} retention={retention.data} />;
}

function Rules({ retention }: { readonly retention: Retention }) {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const mayNot = useWhyNot('retention', 'owner');
  const before = textsOf(retention);
  const [texts, setTexts] = useState(before);
  const { busy, error, submit } = useSubmit();
  const changed = kinds.filter(
    ([kind]) => JSON.stringify(texts[kind]) !== JSON.stringify(before[kind]),
  );
  const wrong = kinds.find(
    ([kind]) => !/^\d*$/.test(texts[kind].days) || !/^\d*$/.test(texts[kind].most),
  );
  const save = () =>
    submit(async () => {
      const body = Object.fromEntries(changed.map(([kind]) => [kind, ruleOf(texts[kind])]));
      const params = { query: { workspace_id: workspaceId } };
      await dataOf(v1.PATCH('/v1/retention', { params, body }));
      await queries.invalidateQueries({ queryKey: ['retention'] });
    });
  const set = (kind: Kind, patch: Partial<Texts[Kind]>) =>
    setTexts({ ...texts, [kind]: { ...texts[kind], ...patch } });
  return (
    <Card title="Retention">
      <p className="px-4 pt-3 text-[13px] text-muted">
        Everything is kept until you say otherwise. What is older, or comes after so many newer
        ones, is removed for good.
        {retention.last_pass_at && (
          <>
            {' '}
            Last looked at <Time at={retention.last_pass_at} />.
          </>
        )}
      </p>
      <ul className="divide-y divide-line/70">
        {kinds.map(([kind, label, hint]) => (
          <li key={kind} className="flex flex-wrap items-end gap-x-4 gap-y-2 px-4 py-3 text-[13px]">
            <div className="min-w-0 grow basis-56">
              <p className="font-medium">{label}</p>
              <p className="text-xs text-muted">
                {hint}
                {retention.removed[kind] > 0 &&
                  ` ${count(retention.removed[kind])} removed so far.`}
              </p>
            </div>
            <div className="w-28">
              <TextField
                label="Days"
                aria-label={`${label}: days`}
                inputMode="numeric"
                placeholder="for ever"
                readOnly={mayNot !== null}
                value={texts[kind].days}
                onChange={(event) => set(kind, { days: event.target.value })}
              />
            </div>
            <div className="w-28">
              <TextField
                label="The newest"
                aria-label={`${label}: the newest`}
                inputMode="numeric"
                placeholder="all"
                readOnly={mayNot !== null}
                value={texts[kind].most}
                onChange={(event) => set(kind, { most: event.target.value })}
              />
            </div>
          </li>
        ))}
      </ul>
      <div className="space-y-3 border-t border-line p-4">
        <Problem error={error} />
        <Button
          busy={busy}
          why={
            mayNot ??
            (wrong
              ? `${wrong[1]}: only whole numbers.`
              : changed.length === 0
                ? 'Nothing is changed.'
                : null)
          }
          onClick={() => void save()}
        >
          Save
        </Button>
      </div>
    </Card>
  );
}

function textsOf(retention: Retention): Texts {
  const text = (value: number | null | undefined) => (value == null ? '' : String(value));
  return Object.fromEntries(
    kinds.map(([kind]) => [
      kind,
      { days: text(retention[kind]?.max_age_days), most: text(retention[kind]?.max_count) },
    ]),
  ) as Texts;
}

function ruleOf({ days, most }: Texts[Kind]) {
  if (days === '' && most === '') return null;
  return {
    max_age_days: days === '' ? null : Number(days),
    max_count: most === '' ? null : Number(most),
  };
}
