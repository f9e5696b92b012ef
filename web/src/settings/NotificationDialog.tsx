import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentsQuery } from '../api/queries.ts';
import { membersQuery } from '../api/settings-queries.ts';
import type { NotificationPreference } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Choices } from '../ui/Choices.tsx';
import { Check, Select, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { channelNames, type Kind, kindNames, type Via } from './notification-names.ts';

const targets: Readonly<Record<Exclude<Via, 'email'>, readonly [string, string, string]>> = {
  slack: ['Secret', 'SLACK_DESK', 'its name; its value is the URL of an incoming webhook'],
  webhook: ['Address', 'https://example.com/hooks', 'its posts are signed'],
};

const columns = 'grid max-h-48 gap-1 overflow-y-auto sm:grid-cols-3';

export function NotificationDialog(props: {
  readonly preference: NotificationPreference | null;
  readonly onClose: () => void;
  readonly onSecret: (secret: string) => void;
}) {
  const { preference: before, onClose, onSecret } = props;
  const { me, workspaceId } = useSession();
  const queries = useQueryClient();
  const agents = useQuery(agentsQuery(workspaceId));
  const mayNotName = useWhyNot('webhook', 'write');
  const [userId, setUser] = useState(before?.user.id ?? me.user?.id ?? '');
  const [channel, setChannel] = useState<Via>(before?.channel ?? 'email');
  const [target, setTarget] = useState(before?.target ?? '');
  const [kinds, setKinds] = useState<readonly string[]>(
    before?.kinds ?? ['escalation', 'approval'],
  );
  const [only, setOnly] = useState<readonly string[]>(before?.agent_ids ?? []);
  const [minutes, setMinutes] = useState(String((before?.group_seconds ?? 300) / 60));
  const [enabled, setEnabled] = useState(before?.enabled ?? true);
  const why =
    userId === ''
      ? 'Choose who is told.'
      : channel !== 'email' && target.trim() === ''
        ? `The ${targets[channel][0].toLowerCase()} is missing.`
        : kinds.length === 0
          ? 'Nothing is chosen to be told.'
          : !(Number(minutes) >= 1 && Number(minutes) <= 1_440)
            ? 'Minutes are from 1 to 1,440.'
            : null;
  const save = async () => {
    const body = {
      ...(channel !== 'email' && mayNotName === null && { target: target.trim() }),
      kinds: [...kinds] as Kind[],
      agent_ids: only.length === 0 ? null : [...only],
      group_seconds: Math.round(60 * Number(minutes)),
      enabled,
    };
    if (before === null) {
      const made = await dataOf(
        v1.POST('/v1/notifications/preferences', {
          body: { ...body, workspace_id: workspaceId, user_id: userId, channel },
        }),
      );
      if (made.secret !== null) onSecret(made.secret);
    } else {
      const params = { path: { id: before.id } };
      await dataOf(v1.PATCH('/v1/notifications/preferences/{id}', { params, body }));
    }
    await queries.invalidateQueries({ queryKey: ['notifications'] });
  };
  return (
    <FormDialog
      title={before === null ? 'A notification' : `What ${before.user.email} is told`}
      why={why}
      save={save}
      onClose={onClose}
    >
      {before === null && (
        <div className="grid gap-4 sm:grid-cols-2">
          <MemberField value={userId} onChange={setUser} />
          <Select
            label="By"
            value={channel}
            disabled={mayNotName !== null}
            hint={mayNotName === null ? undefined : 'By e-mail; editors can set up the others.'}
            options={Object.entries(channelNames)}
            onChange={(event) => setChannel(event.target.value as Via)}
          />
        </div>
      )}
      {channel !== 'email' && (
        <TextField
          label={targets[channel][0]}
          placeholder={targets[channel][1]}
          hint={targets[channel][2]}
          value={target}
          disabled={mayNotName !== null}
          spellCheck={false}
          onChange={(event) => setTarget(event.target.value)}
        />
      )}
      <Choices
        legend="Of what"
        className={columns}
        options={Object.entries(kindNames)}
        chosen={kinds}
        onChange={setKinds}
      />
      <Choices
        legend="Of these agents; none chosen: of all"
        className={columns}
        options={(agents.data ?? []).map(({ id, name }) => [id, name])}
        chosen={only}
        onChange={setOnly}
      />
      <TextField
        label="At most one message in, minutes"
        inputMode="numeric"
        value={minutes}
        onChange={(event) => setMinutes(event.target.value)}
      />
      <Check label="On" checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
    </FormDialog>
  );
}

/** Oneself; owners and tokens choose among all. */
function MemberField(props: { readonly value: string; readonly onChange: (id: string) => void }) {
  const { me, workspaceId } = useSession();
  const isOwner = me.workspaces.find(({ id }) => id === workspaceId)?.role === 'owner';
  const mayChoose = me.user === null || isOwner;
  const members = useQuery({ ...membersQuery(workspaceId), enabled: mayChoose });
  const self = me.user === null ? [] : [me.user];
  const all = mayChoose ? (members.data ?? self) : self;
  return (
    <Select
      label="Who"
      value={props.value}
      disabled={!mayChoose}
      options={[
        ...(props.value === '' ? [['', 'choose one'] as const] : []),
        ...all.map(({ id, email }) => [id, email] as const),
      ]}
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}
