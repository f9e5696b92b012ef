import { useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Check, Select, TextField } from '../ui/Field.tsx';
import { fullTime } from '../ui/format.ts';
import { JsonField } from '../ui/JsonField.tsx';
import { messageOf } from '../ui/States.tsx';
import type { AgentDraft } from './agent-draft.ts';
import { ListField } from './ListField.tsx';

type Trigger = AgentDraft['triggers'][number];
type Config = Readonly<Record<string, unknown>>;

const types = [
  ['webhook', 'Webhook: a request from outside'],
  ['cron', 'Cron: by the clock'],
  ['event', 'Event: something happened'],
  ['message', 'Message: somebody wrote'],
] as const;

const freshConfigs: Readonly<Record<string, Config>> = {
  webhook: {},
  cron: {
    expression: '0 9 * * MON-FRI',
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  },
  event: { event: '' },
  message: {},
};

export function TriggersField(props: {
  readonly value: AgentDraft['triggers'];
  readonly onChange: (value: AgentDraft['triggers']) => void;
}) {
  return (
    <ListField<Trigger>
      title="Triggers"
      itemName="trigger"
      empty="None: nothing starts it, not even a dispatch by hand."
      fresh={() => ({ type: 'webhook', name: '', config: {} })}
      {...props}
    >
      {(trigger, change) => (
        <div className="space-y-3">
          <div className="grid gap-3 sm:grid-cols-2">
            <Select
              label="Type"
              value={trigger.type}
              disabled={trigger.id !== undefined}
              options={types}
              onChange={({ target: { value } }) =>
                change({
                  type: value as NonNullable<Trigger['type']>,
                  config: freshConfigs[value] ?? {},
                })
              }
            />
            <TextField
              label="Name"
              value={trigger.name ?? ''}
              onChange={(event) => change({ name: event.target.value })}
            />
          </div>
          <ConfigFields
            type={trigger.type ?? 'webhook'}
            config={trigger.config ?? {}}
            onChange={(config) => change({ config })}
          />
          <Check
            label="Enabled"
            checked={trigger.enabled ?? true}
            onChange={(event) => change({ enabled: event.target.checked })}
          />
        </div>
      )}
    </ListField>
  );
}

interface ConfigProps {
  readonly config: Config;
  readonly onChange: (config: Config) => void;
}

function ConfigFields({ type, ...props }: ConfigProps & { readonly type: string }) {
  if (type === 'cron') return <CronFields {...props} />;
  if (type === 'webhook') return <WebhookFields {...props} />;
  if (type === 'event') return <EventFields {...props} />;
  return <JsonField label="Settings, as JSON" value={props.config} onChange={props.onChange} />;
}

function CronFields({ config, onChange }: ConfigProps) {
  const expression = useDeferredValue(String(config.expression ?? ''));
  const timezone = useDeferredValue(String(config.timezone ?? 'UTC'));
  const explained = useQuery({
    queryKey: ['cron', expression, timezone],
    queryFn: () => dataOf(v1.POST('/v1/triggers/cron/explain', { body: { expression, timezone } })),
    enabled: expression !== '',
    retry: false,
    staleTime: 60_000,
  });
  return (
    <div className="space-y-2">
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Expression"
          className="font-mono"
          spellCheck={false}
          value={String(config.expression ?? '')}
          problem={explained.error ? messageOf(explained.error) : null}
          onChange={(event) => onChange({ ...config, expression: event.target.value })}
        />
        <TextField
          label="Time zone"
          spellCheck={false}
          value={String(config.timezone ?? '')}
          onChange={(event) => onChange({ ...config, timezone: event.target.value })}
        />
        <Select
          label="Missed while the server was down"
          value={String(config.catch_up ?? 'latest')}
          options={[
            ['latest', 'Run the latest once'],
            ['all', 'Run them all'],
            ['skip', 'Skip them'],
          ]}
          onChange={(event) => onChange({ ...config, catch_up: event.target.value })}
        />
        <Select
          label="While its last run goes on"
          value={String(config.overlap ?? 'allow')}
          options={[
            ['allow', 'Run beside it'],
            ['skip', 'Skip'],
            ['queue', 'Wait for it'],
          ]}
          onChange={(event) => onChange({ ...config, overlap: event.target.value })}
        />
      </div>
      {explained.data && (
        <div className="rounded-md bg-sunken px-3 py-2 text-xs text-muted">
          <p className="font-medium text-ink">{explained.data.explanation}</p>
          <p className="mt-1">
            Next: {explained.data.next_ticks.slice(0, 3).map(fullTime).join(' · ')}
          </p>
        </div>
      )}
    </div>
  );
}

const verifications = [
  ['none', 'Nothing is checked'],
  ['token', 'Token'],
  ['hmac', 'HMAC'],
  ['standard_webhooks', 'Standard Webhooks'],
  ['github', 'GitHub'],
  ['stripe', 'Stripe'],
  ['slack', 'Slack'],
] as const;

function WebhookFields({ config, onChange }: ConfigProps) {
  const url = typeof config.url === 'string' ? config.url : null;
  const verify = String(config.verify ?? 'none');
  return (
    <div className="space-y-3">
      {url !== null && (
        <p className="flex items-center gap-1 text-xs text-muted">
          <code className="min-w-0 truncate rounded bg-sunken px-1.5 py-1 font-mono">{url}</code>
          <CopyButton text={() => url} label="Copy the webhook’s address" />
        </p>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label="Sender is verified by"
          value={verify}
          options={verifications}
          onChange={(event) => onChange({ ...config, verify: event.target.value })}
        />
        {verify !== 'none' && (
          <TextField
            label="Secret"
            type="password"
            autoComplete="new-password"
            value={String(config.secret ?? '')}
            placeholder="unchanged"
            hint="Write-only; at least 8 characters."
            onChange={({ target: { value } }) => {
              const { secret: _before, ...rest } = config;
              onChange(value === '' ? rest : { ...rest, secret: value });
            }}
          />
        )}
      </div>
    </div>
  );
}

function EventFields({ config, onChange }: ConfigProps) {
  return (
    <div className="space-y-3">
      <TextField
        label="Event"
        placeholder="reservation.created"
        spellCheck={false}
        value={String(config.event ?? '')}
        onChange={(event) => onChange({ ...config, event: event.target.value })}
      />
      <JsonField
        label="Filter, as JSON"
        hint='All must hold: [{"field": "status", "op": "eq", "value": "confirmed"}]'
        value={config.filter ?? []}
        onChange={(filter) => onChange({ ...config, filter })}
      />
    </div>
  );
}
