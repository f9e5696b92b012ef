import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { answerOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { channelsQuery } from '../api/settings-queries.ts';
import { messagesQuery } from '../api/work-queries.ts';
import type { Conversation } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { itemsOf } from '../ui/Answer.tsx';
import { Button } from '../ui/Button.tsx';
import { Select, TextArea } from '../ui/Field.tsx';
import { Problem } from '../ui/States.tsx';
import { useDraft } from '../ui/use-draft.ts';
import { useSubmit } from '../ui/use-submit.ts';
import { type Guest, isGuestOfOurs, writeAsGuest } from './guests.ts';

/** Where one writes: to the contact as a person, or in a chat begun here as the one who began it. */
export function Composer({ conversation }: { readonly conversation: Conversation }) {
  const guest = useGuest(conversation);
  const whyNotPerson = useWhyNot('conversation', 'write');
  const whyNotGuest = useWhyNot('chat', 'write');
  const mayBeGuest = guest !== null && whyNotGuest === null;
  if (whyNotPerson !== null && !mayBeGuest) return null;
  return <Writing conversation={conversation} guest={mayBeGuest ? guest : null} />;
}

function Writing(props: { readonly conversation: Conversation; readonly guest: Guest | null }) {
  const { conversation, guest } = props;
  const queries = useQueryClient();
  const draft = useDraft({ name: `message-${conversation.id}`, base: '', saved: { body: '' } });
  const [as, setAs] = useState<'guest' | 'person'>('guest');
  const { busy, error, submit } = useSubmit();
  const { body } = draft.value;
  const isGuest = guest !== null && as === 'guest';
  const send = () =>
    submit(async () => {
      if (isGuest) {
        await writeAsGuest(conversation.channel_id, guest, body);
      } else {
        const params = { path: { id: conversation.id } };
        await answerOf(v1.POST('/v1/conversations/{id}/messages', { params, body: { body } }));
      }
      draft.discard();
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['messages', conversation.id] }),
        queries.invalidateQueries({ queryKey: ['conversations'] }),
      ]);
    });
  const why = body.trim() === '' ? 'Write something first.' : null;
  return (
    <form
      className="space-y-3 border-t border-line p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (why === null && !busy) void send();
      }}
    >
      <TextArea
        label={isGuest ? 'Message to the agent' : 'Message to them'}
        rows={3}
        value={body}
        hint={
          isGuest
            ? 'You write as the one who chats; the agent answers.'
            : 'You write as a person: an agent that was about to answer does not.'
        }
        onChange={(event) => draft.change({ body: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.currentTarget.form?.requestSubmit();
          }
        }}
      />
      <Problem error={error} />
      <div className="flex flex-wrap items-center justify-end gap-2">
        {guest !== null && (
          <Select
            label="Write as"
            hideLabel
            className="w-56"
            value={as}
            options={[
              ['guest', `As ${guest.name ?? 'who chats'}`],
              ['person', 'As a person who answers'],
            ]}
            onChange={(event) => setAs(event.target.value === 'guest' ? 'guest' : 'person')}
          />
        )}
        <Button
          type="submit"
          kind="primary"
          busy={busy}
          why={why}
          icon={<Send size={14} aria-hidden />}
        >
          Send
        </Button>
      </div>
    </form>
  );
}

/** Who chats in a conversation that was begun in the dashboard; null in every other. */
function useGuest(conversation: Conversation): Guest | null {
  const { workspaceId } = useSession();
  const channels = useQuery({
    ...channelsQuery(workspaceId),
    enabled: conversation.channel === 'chat',
    retry: false,
  });
  const messages = useInfiniteQuery(messagesQuery(conversation.id));
  const channel = channels.data?.find(({ id }) => id === conversation.channel_id);
  if (channel?.type !== 'chat' || !channel.enabled) return null;
  const sender = itemsOf(messages.data)?.find(({ direction }) => direction === 'inbound')?.sender;
  if (!isGuestOfOurs(sender?.external_id)) return null;
  return { id: sender.external_id, name: sender.name };
}
