import { useQuery, useQueryClient } from '@tanstack/react-query';
import { MessagesSquare, Send } from 'lucide-react';
import { useEffect, useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { newestRunsQuery } from '../api/queries.ts';
import { channelsQuery } from '../api/settings-queries.ts';
import type { Agent } from '../api/types.ts';
import { answering } from '../conversations/chat-agents.ts';
import { makeChatChannel, newGuestId, openChats, writeAsGuest } from '../conversations/guests.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { TextArea } from '../ui/Field.tsx';
import { Loading, Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';

const everyMs = 1_000;

/** Messages to the agent as a contact would write them, by a chat channel of the workspace. */
export function PlaygroundChat(props: {
  readonly agent: Agent;
  readonly onRun: (runId: string) => void;
}) {
  const { agent, onRun } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const mayNotMake = useWhyNot('channel', 'write');
  const mayNot = useWhyNot('chat', 'write');
  const channels = useQuery(channelsQuery(workspaceId));
  const { busy, error, submit } = useSubmit();
  const [guestId, setGuestId] = useState(newGuestId);
  const [text, setText] = useState('');
  const [conversationId, setConversation] = useState<string | null>(null);
  const runs = useQuery({
    ...newestRunsQuery(
      workspaceId,
      { agent_id: agent.id, conversation_id: conversationId ?? '' },
      1,
    ),
    enabled: conversationId !== null,
    refetchInterval: everyMs,
  });
  const newest = runs.data?.[0]?.id;
  useEffect(() => {
    if (newest !== undefined) onRun(newest);
  }, [newest, onRun]);
  if (!agent.triggers.some(({ type, enabled }) => type === 'message' && enabled)) {
    return (
      <p className="text-[13px] text-muted">
        It has no message trigger: add one in its editor, and it can be written to.
      </p>
    );
  }
  if (channels.data === undefined) {
    return channels.error ? (
      <Problem error={channels.error} />
    ) : (
      <Loading label="Loading channels" />
    );
  }
  const chats = openChats(channels.data);
  const channel = chats.find((chat) => answering(chat, [agent]).length > 0) ?? chats[0];
  if (channel === undefined) {
    const make = () =>
      submit(async () => {
        await makeChatChannel(workspaceId);
        await queries.invalidateQueries({ queryKey: ['channels'] });
      });
    return (
      <div className="space-y-3">
        <p className="text-[13px] text-muted">
          Messages come by a channel, and this workspace has none for chats yet.
        </p>
        <Problem error={error} />
        <Button
          busy={busy}
          why={mayNotMake}
          icon={<MessagesSquare size={14} aria-hidden />}
          onClick={() => void make()}
        >
          Make a chat channel
        </Button>
      </div>
    );
  }
  const send = () =>
    submit(async () => {
      const from = { id: guestId, name: 'Playground' };
      const taken = await writeAsGuest(channel.id, from, text.trim());
      setText('');
      setConversation(taken.conversation_id);
      await queries.invalidateQueries({ queryKey: ['playground chat'] });
    });
  const why = mayNot ?? (text.trim() === '' ? 'There is nothing to send.' : null);
  return (
    <div className="space-y-3">
      {conversationId && <Messages conversationId={conversationId} />}
      <TextArea
        label="Message"
        rows={3}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || why !== null || busy) return;
          event.preventDefault();
          void send();
        }}
      />
      <Problem error={error} />
      <div className="flex gap-2">
        <Button
          kind="primary"
          className="grow"
          busy={busy}
          why={why}
          icon={<Send size={14} aria-hidden />}
          onClick={() => void send()}
        >
          Send
        </Button>
        {conversationId && (
          <Button
            onClick={() => {
              setGuestId(newGuestId());
              setConversation(null);
            }}
          >
            New chat
          </Button>
        )}
      </div>
      <p className="text-xs text-faint">
        It goes by the channel “{channel.name}”: other agents whose triggers match it answer, too.
      </p>
    </div>
  );
}

function Messages({ conversationId }: { readonly conversationId: string }) {
  const messages = useQuery({
    queryKey: ['playground chat', conversationId],
    queryFn: () =>
      dataOf(
        v1.GET('/v1/conversations/{id}/messages', {
          params: { path: { id: conversationId }, query: { limit: 50, order: 'asc' } },
        }),
      ),
    refetchInterval: everyMs,
  });
  return (
    <ol aria-label="Chat" aria-live="polite" className="max-h-80 space-y-2 overflow-y-auto">
      {messages.data?.map(({ id, body, direction }) => (
        <li
          key={id}
          className={classes(
            'w-fit max-w-[85%] whitespace-pre-wrap break-words rounded-lg px-3 py-1.5 text-[13px]',
            direction === 'inbound' ? 'ml-auto bg-sunken' : 'border border-line',
          )}
        >
          <span className="sr-only">{direction === 'inbound' ? 'You: ' : 'Agent: '}</span>
          {body}
        </li>
      ))}
    </ol>
  );
}
