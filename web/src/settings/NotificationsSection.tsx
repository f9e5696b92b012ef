import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Bell } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentsQuery } from '../api/queries.ts';
import { preferencesQuery } from '../api/settings-queries.ts';
import type { NotificationPreference } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { EditButton } from '../ui/EditButton.tsx';
import { counted } from '../ui/format.ts';
import { ListCard, ListLine } from '../ui/ListCard.tsx';
import { ShownOnce } from '../ui/ShownOnce.tsx';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { NotificationDialog } from './NotificationDialog.tsx';
import { NotificationsSent } from './NotificationsSent.tsx';
import { channelNames, kindNames } from './notification-names.ts';

/** Who is told when something needs a person: oneself; owners see to everybody. */
export function NotificationsSection() {
  const { workspaceId } = useSession();
  const why = useWhyNot('notification', 'write');
  const preferences = useQuery(preferencesQuery(workspaceId));
  const [editing, setEditing] = useState<NotificationPreference | 'new' | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <ListCard
        title="Notifications"
        query={preferences}
        icon={<Bell aria-hidden />}
        emptyTitle="Nobody asked to be told"
        emptyText="When a run hands over, waits for an approval or fails, a member is told by e-mail, in Slack or by a webhook. What comes at once is one message."
        addLabel="Add a notification"
        why={why}
        onAdd={() => setEditing('new')}
      >
        {(preference) => (
          <PreferenceLine preference={preference} why={why} onEdit={() => setEditing(preference)} />
        )}
      </ListCard>
      <NotificationsSent />
      {editing !== null && (
        <NotificationDialog
          preference={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSecret={setSecret}
        />
      )}
      {secret !== null && (
        <ShownOnce
          title="What its messages are signed with"
          secret={secret}
          onClose={() => setSecret(null)}
        />
      )}
    </>
  );
}

function PreferenceLine(props: {
  readonly preference: NotificationPreference;
  readonly why: string | null;
  readonly onEdit: () => void;
}) {
  const { preference, why, onEdit } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const agents = useQuery({ ...agentsQuery(workspaceId), enabled: preference.agent_ids !== null });
  const { busy, error, submit } = useSubmit();
  const params = { path: { id: preference.id } };
  const { user, channel, target, kinds, agent_ids: only, enabled } = preference;
  const names = only?.map((id) => agents.data?.find((agent) => agent.id === id)?.name ?? id);
  const name = `what ${user.email} is told by ${channelNames[channel]}`;
  return (
    <div className="space-y-2">
      <ListLine
        title={user.email}
        badges={
          <>
            <Badge>{channelNames[channel]}</Badge>
            {!enabled && <Badge tone="warn">off</Badge>}
          </>
        }
        about={
          <>
            {kinds.map((kind) => kindNames[kind]).join(', ')}
            {names === undefined ? '' : ` of ${names.join(', ')}`}
            {', at most every '}
            {counted(Math.round(preference.group_seconds / 60), 'minute')}
            {target !== null && <span className="block break-all">to {target}</span>}
          </>
        }
        actions={
          <>
            <Button
              small
              busy={busy}
              why={why ?? (enabled ? null : 'It is off.')}
              onClick={() =>
                void submit(async () => {
                  await dataOf(v1.POST('/v1/notifications/preferences/{id}/test', { params }));
                  await queries.invalidateQueries({ queryKey: ['notifications'] });
                })
              }
            >
              Test
            </Button>
            <EditButton name={name} why={why} onClick={onEdit} />
            <DeleteButton
              name={name}
              why={why}
              explanation="Nothing more is sent, not even what waits to be."
              act={async () => {
                await dataOf(v1.DELETE('/v1/notifications/preferences/{id}', { params }));
                await queries.invalidateQueries({ queryKey: ['notifications'] });
              }}
            />
          </>
        }
      />
      <Problem error={error} />
    </div>
  );
}
