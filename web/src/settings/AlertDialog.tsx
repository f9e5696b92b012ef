import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentsQuery } from '../api/queries.ts';
import type { AlertRule, Body } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Check, Select, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { alertKinds, type Kind, numberSettings, type Setting } from './alert-kinds.ts';

type Texts = Partial<Record<Setting, string>>;

export function AlertDialog(props: {
  readonly rule: AlertRule | null;
  readonly onClose: () => void;
}) {
  const { rule, onClose } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const agents = useQuery(agentsQuery(workspaceId));
  const [name, setName] = useState(rule?.name ?? '');
  const [kind, setKind] = useState<Kind>((rule?.kind as Kind | undefined) ?? 'failure_rate');
  const [texts, setTexts] = useState<Texts>(() => textsOf(rule));
  const [emails, setEmails] = useState(rule?.notify.emails.join(', ') ?? '');
  const [slack, setSlack] = useState(rule?.notify.slack_secret ?? '');
  const [enabled, setEnabled] = useState(rule?.enabled ?? true);
  const { needs, takes } = alertKinds[kind];
  const missing = needs.find((each) => !texts[each]);
  const save = async () => {
    const body = {
      name: name.trim(),
      kind,
      settings: settingsOf([...needs, ...takes], texts),
      notify: {
        emails: emails.split(/[,\s]+/).filter((each) => each !== ''),
        ...(slack.trim() && { slack_secret: slack.trim() }),
      },
      enabled,
    } as Body<'createAlert'>;
    await dataOf<AlertRule>(
      rule === null
        ? v1.POST('/v1/alerts', { body: { ...body, workspace_id: workspaceId } })
        : v1.PATCH('/v1/alerts/{id}', { params: { path: { id: rule.id } }, body }),
    );
    await queries.invalidateQueries({ queryKey: ['alerts'] });
  };
  const set = (setting: Setting, value: string) => setTexts({ ...texts, [setting]: value });
  const triggers = (agents.data ?? []).flatMap((agent) =>
    agent.triggers.map((each) => [each.id, `${agent.name}: ${each.name || each.type}`] as const),
  );
  return (
    <FormDialog
      title={rule === null ? 'An alert' : `Change ${rule.name}`}
      why={
        name.trim() === '' ? 'It needs a name.' : missing ? 'Not everything is filled in.' : null
      }
      save={save}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        placeholder="Runs fail"
        onChange={(event) => setName(event.target.value)}
      />
      <Select
        label="When"
        value={kind}
        options={Object.entries(alertKinds).map(([id, { label }]) => [id, label])}
        onChange={(event) => setKind(event.target.value as Kind)}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        {[...needs, ...takes].map((setting) =>
          setting === 'agent_id' ? (
            <Select
              key={setting}
              label="Of the agent"
              value={texts.agent_id ?? ''}
              options={[
                ['', 'any agent'],
                ...(agents.data ?? []).map((agent) => [agent.id, agent.name] as const),
              ]}
              onChange={(event) => set(setting, event.target.value)}
            />
          ) : setting === 'trigger_id' ? (
            <Select
              key={setting}
              label="Trigger"
              value={texts.trigger_id ?? ''}
              options={[['', 'choose one'], ...triggers]}
              onChange={(event) => set(setting, event.target.value)}
            />
          ) : (
            <TextField
              key={setting}
              label={numberSettings[setting] ?? setting}
              inputMode="decimal"
              placeholder={needs.includes(setting) ? '' : 'any'}
              value={texts[setting] ?? ''}
              onChange={(event) => set(setting, event.target.value)}
            />
          ),
        )}
      </div>
      <TextField
        label="E-mail to"
        value={emails}
        placeholder="ops@example.com, ada@example.com"
        onChange={(event) => setEmails(event.target.value)}
      />
      <TextField
        label="Slack"
        value={slack}
        placeholder="SLACK_ALERTS"
        spellCheck={false}
        hint="name of the secret with the URL of an incoming webhook"
        onChange={(event) => setSlack(event.target.value)}
      />
      <Check label="On" checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
    </FormDialog>
  );
}

function textsOf(rule: AlertRule | null): Texts {
  return Object.fromEntries(
    Object.entries(rule?.settings ?? {}).map(([name, value]) => [
      name,
      name === 'max_share' ? String(Number(value) * 100) : String(value),
    ]),
  );
}

function settingsOf(names: readonly Setting[], texts: Texts): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    names
      .filter((name) => texts[name])
      .map((name) => {
        const text = texts[name] ?? '';
        if (name.endsWith('_id')) return [name, text];
        return [name, name === 'max_share' ? Number(text) / 100 : Number(text)];
      }),
  );
}
