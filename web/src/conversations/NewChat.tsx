import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { agentsQuery } from '../api/queries.ts';
import { channelsQuery } from '../api/settings-queries.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Select, TextArea, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { Loading, Problem } from '../ui/States.tsx';
import { answering } from './chat-agents.ts';
import { makeChatChannel, newGuestId, openChats, writeAsGuest } from './guests.ts';

/** Begins a chat as somebody outside would: a message that comes in, and whoever answers it. */
export function NewChat(props: { readonly agentId?: string; readonly onClose: () => void }) {
  const { agentId, onClose } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const channels = useQuery(channelsQuery(workspaceId));
  const agents = useQuery(agentsQuery(workspaceId));
  const mayNotMake = useWhyNot('channel', 'write');
  const [channelId, setChannelId] = useState('');
  const [name, setName] = useState('Somebody in the dashboard');
  const [body, setBody] = useState('');
  const chats = openChats(channels.data ?? []);
  const channel = chats.find(({ id }) => id === channelId) ?? chats[0];
  const place = channel ?? { channel: 'chat' as const, inbox_type_id: 'guest' };
  const who = agents.data === undefined ? undefined : answering(place, agents.data);
  const isKnown = channels.data !== undefined && who !== undefined;
  const whyNot = !isKnown
    ? 'Channels and agents are not read yet.'
    : who.length === 0
      ? 'No agent would answer.'
      : channel === undefined && mayNotMake !== null
        ? `There is no chat channel yet. ${mayNotMake}`
        : body.trim() === ''
          ? 'Write a message first.'
          : null;
  const begin = async () => {
    const by = channel ?? (await makeChatChannel(workspaceId));
    await queries.invalidateQueries({ queryKey: ['channels'] });
    const taken = await writeAsGuest(by.id, { id: newGuestId(), name: name.trim() || null }, body);
    await navigate({
      to: '/conversations/$conversationId',
      params: { conversationId: taken.conversation_id },
    });
  };
  return (
    <FormDialog
      title="Chat with an agent"
      description="You write as somebody outside would, and the agent answers by its message trigger."
      saveLabel="Begin"
      why={whyNot}
      save={begin}
      onClose={onClose}
    >
      <Problem error={channels.error ?? agents.error} />
      {isKnown ? (
        <Answering names={who.map((agent) => agent.name)} isOther={isOther(agentId, who)} />
      ) : (
        !channels.error && !agents.error && <Loading label="Loading agents" />
      )}
      {chats.length > 1 && (
        <Select
          label="Channel"
          value={channel?.id ?? ''}
          options={chats.map(({ id, name: of }) => [id, of])}
          onChange={(event) => setChannelId(event.target.value)}
        />
      )}
      <TextField
        label="Your name in the chat"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label="Message"
        rows={3}
        value={body}
        onChange={(event) => setBody(event.target.value)}
      />
      {isKnown && channel === undefined && mayNotMake === null && (
        <p className="text-xs text-faint">
          There is no chat channel yet; one named “Dashboard” is made.
        </p>
      )}
    </FormDialog>
  );
}

function isOther(agentId: string | undefined, who: readonly { readonly id: string }[]): boolean {
  return agentId !== undefined && who.length > 0 && who.every(({ id }) => id !== agentId);
}

function Answering(props: { readonly names: readonly string[]; readonly isOther: boolean }) {
  const { names, isOther: isByOther } = props;
  if (names.length === 0) {
    return (
      <p className="rounded-md bg-warn/10 px-3 py-2 text-[13px] text-warn">
        No agent would answer here. Give one a message trigger in{' '}
        <Link to="/agents" className="underline">
          its editor
        </Link>
        .
      </p>
    );
  }
  return (
    <p className="text-[13px] text-muted">
      Who answers: <span className="font-medium text-ink">{names.join(', ')}</span>
      {isByOther && ', by the message triggers as they are; this agent has none that listens here'}.
    </p>
  );
}
