import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { Body, Channel } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Check, Select, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { JsonField } from '../ui/JsonField.tsx';

type Type = Channel['type'];

const types = [
  ['chat', 'Chat, by the API'],
  ['email', 'E-mail'],
  ['slack', 'Slack'],
  ['webhook', 'Webhook'],
] as const;

/** What triggers may know the messages by; the first is usual. */
const kinds: Readonly<Record<Type, readonly Channel['channel'][]>> = {
  chat: ['chat', 'widget'],
  email: ['email', 'unthreaded_email'],
  slack: ['slack'],
  webhook: ['webhook', 'sms', 'whatsapp', 'teams', 'widget'],
};

const secretFields: Readonly<Record<Type, readonly (readonly [string, string])[]>> = {
  chat: [],
  email: [
    ['smtp_password', 'SMTP password'],
    ['inbound_password', 'Password of the mail service, when it comes in by one'],
    ['mailgun_signing_key', 'Mailgun’s signing key, when it comes in by Mailgun'],
  ],
  slack: [
    ['signing_secret', 'Signing secret of the app'],
    ['bot_token', 'Bot token'],
  ],
  webhook: [['secret', 'Secret that both sides sign with']],
};

const freshConfigs: Readonly<Record<Type, Readonly<Record<string, unknown>>>> = {
  chat: {},
  email: {
    from: '',
    from_name: '',
    smtp: { host: '', port: 465, security: 'tls', user: '' },
    verify: 'url',
  },
  slack: {},
  webhook: { url: null },
};

export function ChannelDialog(props: {
  readonly channel: Channel | null;
  readonly onClose: () => void;
  readonly onSecret: (secret: string) => void;
}) {
  const { channel, onClose, onSecret } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const inboxTypes = useQuery({
    queryKey: ['inbox types', workspaceId],
    queryFn: () =>
      dataOf(v1.GET('/v1/inbox-types', { params: { query: { workspace_id: workspaceId } } })),
  });
  const [type, setType] = useState<Type>(channel?.type ?? 'chat');
  const [name, setName] = useState(channel?.name ?? '');
  const [kind, setKind] = useState<Channel['channel']>(channel?.channel ?? 'chat');
  const [inbox, setInbox] = useState(channel?.inbox_type_id ?? 'guest');
  const [config, setConfig] = useState<Readonly<Record<string, unknown>>>(
    channel?.config ?? freshConfigs.chat,
  );
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const [enabled, setEnabled] = useState(channel?.enabled ?? true);
  const save = async () => {
    const given = Object.entries(secrets).filter(([, value]) => value !== '');
    const body = {
      name: name.trim(),
      channel: kind,
      inbox_type_id: inbox,
      config,
      enabled,
      ...(given.length > 0 && { secrets: Object.fromEntries(given) }),
    } as Omit<Body<'createChannel'>, 'type'> & { name: string };
    if (channel === null) {
      const made = await dataOf(
        v1.POST('/v1/channels', { body: { ...body, type, workspace_id: workspaceId } }),
      );
      const { secret } = made as { secret: string | null };
      if (secret) onSecret(secret);
    } else {
      await dataOf(
        v1.PATCH('/v1/channels/{id}', {
          params: { path: { id: channel.id } },
          body: body as never,
        }),
      );
    }
    await queries.invalidateQueries({ queryKey: ['channels'] });
  };
  const change = (next: Type) => {
    setType(next);
    setKind(kinds[next][0] ?? 'chat');
    setConfig(freshConfigs[next]);
    setSecrets({});
  };
  return (
    <FormDialog
      wide
      title={channel === null ? 'A channel' : `Change ${channel.name}`}
      why={name.trim() === '' ? 'It needs a name.' : null}
      save={save}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label="Type"
          value={type}
          disabled={channel !== null}
          options={types}
          onChange={(event) => change(event.target.value as Type)}
        />
        <TextField
          label="Name"
          value={name}
          placeholder="Support"
          onChange={(event) => setName(event.target.value)}
        />
        <Select
          label="Triggers know its messages as"
          value={kind}
          options={kinds[type].map((each) => [each, each.replaceAll('_', ' ')])}
          onChange={(event) => setKind(event.target.value as Channel['channel'])}
        />
        <Select
          label="Inbox"
          value={inbox}
          options={(inboxTypes.data ?? [{ id: inbox, name: inbox }]).map((each) => [
            each.id,
            each.name,
          ])}
          onChange={(event) => setInbox(event.target.value)}
        />
      </div>
      {type === 'webhook' && (
        <TextField
          label="Where its messages go out to"
          value={String(config.url ?? '')}
          placeholder="https://…; nowhere when empty"
          spellCheck={false}
          onChange={(event) => setConfig({ ...config, url: event.target.value || null })}
        />
      )}
      {type === 'email' && (
        <JsonField
          key={type}
          rows={11}
          label="Mail settings, as JSON"
          hint="security: tls, starttls or none; verify: url, password or mailgun, by which mail that comes in is known"
          value={config}
          onChange={setConfig}
        />
      )}
      {secretFields[type].map(([field, label]) => (
        <TextField
          key={field}
          label={label}
          type="password"
          autoComplete="off"
          value={secrets[field] ?? ''}
          placeholder={channel ? 'unchanged' : field === 'secret' ? 'made by the server' : ''}
          onChange={(event) => setSecrets({ ...secrets, [field]: event.target.value })}
        />
      ))}
      <Check
        label="Enabled"
        checked={enabled}
        onChange={(event) => setEnabled(event.target.checked)}
      />
    </FormDialog>
  );
}
