import { useQuery, useQueryClient } from '@tanstack/react-query';
import { MessagesSquare } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { channelsQuery } from '../api/settings-queries.ts';
import type { Channel } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Badge } from '../ui/Badge.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { EditButton } from '../ui/EditButton.tsx';
import { ListCard, ListLine } from '../ui/ListCard.tsx';
import { ShownOnce } from '../ui/ShownOnce.tsx';
import { ChannelDialog } from './ChannelDialog.tsx';

/** The ways by which messages come in and go out. */
export function ChannelsSection() {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const why = useWhyNot('channel', 'write');
  const channels = useQuery(channelsQuery(workspaceId));
  const [editing, setEditing] = useState<Channel | 'new' | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <ListCard
        title="Channels"
        query={channels}
        icon={<MessagesSquare aria-hidden />}
        emptyTitle="No channel yet"
        emptyText="By a channel, messages come in and replies go out: e-mail, Slack, a webhook of your own, or a chat by the API."
        addLabel="Add a channel"
        why={why}
        onAdd={() => setEditing('new')}
      >
        {(channel) => (
          <ListLine
            title={channel.name}
            badges={
              <>
                <Badge>{channel.type}</Badge>
                {!channel.enabled && <Badge tone="warn">disabled</Badge>}
              </>
            }
            about={
              channel.inbound_url ? (
                <span className="flex items-center gap-1">
                  in by <code className="min-w-0 truncate font-mono">{channel.inbound_url}</code>
                  <CopyButton
                    text={() => channel.inbound_url ?? ''}
                    label={`Copy the address of ${channel.name}`}
                  />
                </span>
              ) : (
                'in and out by the API'
              )
            }
            actions={
              <>
                <EditButton name={channel.name} why={why} onClick={() => setEditing(channel)} />
                <DeleteButton
                  name={channel.name}
                  why={why}
                  explanation="Its conversations stay; what has not been sent yet never is."
                  act={async () => {
                    const params = { path: { id: channel.id } };
                    await dataOf(v1.DELETE('/v1/channels/{id}', { params }));
                    await queries.invalidateQueries({ queryKey: ['channels'] });
                  }}
                />
              </>
            }
          />
        )}
      </ListCard>
      {editing !== null && (
        <ChannelDialog
          channel={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSecret={setSecret}
        />
      )}
      {secret !== null && (
        <ShownOnce
          title="The secret that it signs with"
          secret={secret}
          onClose={() => setSecret(null)}
        />
      )}
    </>
  );
}
