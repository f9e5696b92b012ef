import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { membersQuery } from '../api/settings-queries.ts';
import { conversationQuery, tagsQuery } from '../api/work-queries.ts';
import type { Conversation, ConversationChange } from '../api/work-types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Choices } from '../ui/Choices.tsx';
import { Fact, Facts } from '../ui/Facts.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { fullTime } from '../ui/format.ts';
import { localTime } from '../ui/local-time.ts';
import { Card } from '../ui/Page.tsx';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { nameOf, stateName, states } from './names.ts';

/** What is known of a conversation, and what can be set: state, topics, who has it. */
export function AboutConversation({ conversation }: { readonly conversation: Conversation }) {
  const why = useWhyNot('conversation', 'write');
  const { contact } = conversation;
  return (
    <Card title="About it">
      <div className="space-y-4 p-4">
        <Facts>
          <Fact name="Contact">
            <Link
              to="/contacts/$contactId"
              params={{ contactId: contact.id }}
              className="text-accent underline"
            >
              {nameOf(contact)}
            </Link>
          </Fact>
          <Fact name="Begun">{fullTime(conversation.created_at)}</Fact>
        </Facts>
        {why === null ? (
          <Settings conversation={conversation} />
        ) : (
          <Shown conversation={conversation} />
        )}
      </div>
    </Card>
  );
}

function Shown({ conversation }: { readonly conversation: Conversation }) {
  const { workspaceId } = useSession();
  const tags = useQuery(tagsQuery(workspaceId));
  const names = new Map((tags.data ?? []).map(({ id, name }) => [id, name]));
  return (
    <Facts>
      <Fact name="State">{stateName(conversation.state)}</Fact>
      {conversation.follow_up_at !== null && (
        <Fact name="Follow up">{fullTime(conversation.follow_up_at)}</Fact>
      )}
      <Fact name="Topics">
        <span className="flex flex-wrap gap-1">
          {conversation.tag_ids.length === 0 && 'none'}
          {conversation.tag_ids.map((tag) => (
            <Badge key={tag}>{names.get(tag) ?? 'topic'}</Badge>
          ))}
        </span>
      </Fact>
    </Facts>
  );
}

function Settings({ conversation }: { readonly conversation: Conversation }) {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const tags = useQuery(tagsQuery(workspaceId));
  const members = useQuery({ ...membersQuery(workspaceId), retry: false });
  const { busy, error, submit } = useSubmit();
  const { id, tag_ids: tagIds, assignee_id: assignee, ai_paused: isPaused } = conversation;
  const change = (body: ConversationChange) =>
    void submit(async () => {
      const changed = await dataOf(
        v1.PATCH('/v1/conversations/{id}', { params: { path: { id } }, body }),
      );
      queries.setQueryData(conversationQuery(id).queryKey, changed);
      await queries.invalidateQueries({ queryKey: ['conversations'] });
    });
  const writers = (members.data ?? []).filter(({ role }) => role !== 'viewer');
  const known = writers.some((writer) => writer.id === assignee);
  return (
    <>
      <Select
        label="State"
        value={conversation.state}
        options={states}
        onChange={(event) => change({ state: event.target.value as Conversation['state'] })}
      />
      {conversation.state === 'follow_up' && (
        <TextField
          label="Follow up at"
          type="datetime-local"
          value={localTime(conversation.follow_up_at)}
          onChange={({ target: { value } }) =>
            value !== '' && change({ follow_up_at: new Date(value).toISOString() })
          }
        />
      )}
      {(writers.length > 0 || assignee !== null) && (
        <Select
          label="Assigned to"
          value={assignee ?? ''}
          options={[
            ['', 'nobody'],
            ...(assignee !== null && !known ? [[assignee, 'a token'] as const] : []),
            ...writers.map((writer) => [writer.id, writer.email] as const),
          ]}
          onChange={(event) =>
            change({ assignee_id: event.target.value === '' ? null : event.target.value })
          }
        />
      )}
      {(tags.data ?? []).length > 0 && (
        <Choices
          legend="Topics"
          className="max-h-40 space-y-1 overflow-y-auto"
          options={(tags.data ?? []).map(({ id: tag, name }) => [tag, name])}
          chosen={tagIds}
          onChange={(tag_ids) => change({ tag_ids: [...tag_ids] })}
        />
      )}
      <Problem error={error} />
      <div className="flex flex-wrap gap-2">
        <Button busy={busy} onClick={() => change({ ai_paused: !isPaused })}>
          {isPaused ? 'Give it back to agents' : 'Take it over'}
        </Button>
        <Button busy={busy} onClick={() => change({ archived: !conversation.archived })}>
          {conversation.archived ? 'Bring it back' : 'Archive'}
        </Button>
      </div>
    </>
  );
}
