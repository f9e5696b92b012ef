import type { MessageChannel } from '../core/channel.ts';
import type { Conversation, ConversationState } from '../core/conversation.ts';
import { newId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableOrNull, fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { type ContactSearchField, contactMatches } from './contacts.ts';
import { conversationEvent } from './conversation-events.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface ConversationRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly contact_id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly image_url: string | null;
  readonly contact_inbox_type_id: string;
  readonly inbox_type_id: string;
  readonly channel_id: string;
  readonly channel: MessageChannel;
  readonly contact_channel_id: string;
  readonly thread_key: string;
  readonly subject: string | null;
  readonly state: ConversationState;
  readonly follow_up_at: Date | null;
  readonly assignee_id: string | null;
  readonly archived: boolean;
  readonly ai_paused: boolean;
  readonly inbound_rev: number;
  readonly answered_rev: number;
  readonly tag_ids: readonly string[];
  readonly last_message_preview: string | null;
  readonly last_message_at: Date;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const selected = `SELECT v.id, v.workspace_id, v.contact_id, c.first_name, c.last_name, c.image_url,
    c.inbox_type_id AS contact_inbox_type_id, v.inbox_type_id, v.channel_id, v.channel, v.contact_channel_id,
    v.thread_key, v.subject, v.state, v.follow_up_at, v.assignee_id, v.archived, v.ai_paused,
    v.inbound_rev, v.answered_rev, v.last_message_preview, v.last_message_at, v.created_at, v.updated_at,
    ARRAY(SELECT t.tag_id FROM tagged_conversations t WHERE t.conversation_id = v.id ORDER BY 1) AS tag_ids
  FROM conversations v JOIN contacts c ON c.id = v.contact_id`;

export interface ConversationFilter {
  readonly workspaceId: string;
  readonly inboxTypeId?: string | undefined;
  readonly channel?: MessageChannel | undefined;
  readonly state?: ConversationState | undefined;
  readonly archived?: boolean | undefined;
  readonly contactId?: string | undefined;
  readonly assigneeId?: string | undefined;
  /** A topic; a root topic means its subtopics too. */
  readonly tagId?: string | undefined;
  readonly search?: { readonly text: string; readonly field: ContactSearchField | 'message' };
}

/** A page of conversations, by their last message. */
export async function listConversations(
  db: Queryable,
  filter: ConversationFilter,
  page: PageRequest & { readonly order: 'asc' | 'desc' },
): Promise<Page<Conversation>> {
  const conditions = new Conditions().inScope([filter.workspaceId], 'v.workspace_id');
  const equals = (value: unknown, column: string) => {
    if (value !== undefined) conditions.add(value, (p) => `v.${column} = ${p}`);
  };
  equals(filter.inboxTypeId, 'inbox_type_id');
  equals(filter.channel, 'channel');
  equals(filter.state, 'state');
  equals(filter.archived, 'archived');
  equals(filter.contactId, 'contact_id');
  equals(filter.assigneeId, 'assignee_id');
  if (filter.tagId !== undefined) {
    conditions.add(
      filter.tagId,
      (p) => `EXISTS (
        SELECT 1 FROM tagged_conversations t JOIN conversation_tags g ON g.id = t.tag_id
        WHERE t.conversation_id = v.id AND (g.id = ${p} OR g.parent_id = ${p}))`,
    );
  }
  const { search } = filter;
  if (search?.field === 'message') {
    conditions.add(
      toStorableText(search.text),
      (p) => `EXISTS (
        SELECT 1 FROM messages m WHERE m.conversation_id = v.id
          AND to_tsvector('simple', left(m.body, 100000)) @@ plainto_tsquery('simple', ${p}))`,
    );
  } else if (search !== undefined) {
    contactMatches(conditions, { text: search.text, field: search.field });
  }
  const by = { at: 'v.last_message_at', id: 'v.id', order: page.order };
  const rows = await db.query<ConversationRow>({
    text: `${selected} ${conditions.orderedPageOf(page, by)}`,
    values: conditions.values,
  });
  return toPage(rows.map(toConversation), page.limit, ({ lastMessageAt, id }) => ({
    createdAt: lastMessageAt,
    id,
  }));
}

/** The conversation; null when there is none in scope. */
export async function getConversation(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<Conversation | null> {
  const rows = await db.query<ConversationRow>({
    name: 'conversation_get',
    text: `${selected} WHERE v.id = $1 AND ${inScopeSql('v.workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toConversation(rows[0]);
}

export interface ConversationPatch {
  readonly state?: ConversationState | undefined;
  readonly followUpAt?: Date | null | undefined;
  readonly assigneeId?: string | null | undefined;
  readonly archived?: boolean | undefined;
  readonly aiPaused?: boolean | undefined;
  /** All of them, ids that the caller has checked. */
  readonly tagIds?: readonly string[] | undefined;
}

/**
 * Changes what is given, in the caller's transaction, and tells of it; null when there is no such conversation
 * in scope. Taking it from the agents (`aiPaused`) takes hold at once: what a run has not delivered yet, it
 * does not.
 */
export async function updateConversation(
  tx: Queryable,
  key: { readonly scope: WorkspaceScope; readonly id: string },
  patch: ConversationPatch,
): Promise<Conversation | null> {
  const changed = await tx.execute({
    text: `UPDATE conversations v SET
        state = coalesce($3, state),
        follow_up_at = CASE WHEN $4 THEN $5::timestamptz ELSE follow_up_at END,
        assignee_id = CASE WHEN $6 THEN $7 ELSE assignee_id END,
        archived = coalesce($8, archived),
        ai_paused = coalesce($9, ai_paused),
        updated_at = clock_timestamp()
      WHERE v.id = $1 AND ${inScopeSql('v.workspace_id', '$2')}`,
    values: [
      key.id,
      scopeValue(key.scope),
      patch.state ?? null,
      patch.followUpAt !== undefined,
      patch.followUpAt ?? null,
      patch.assigneeId !== undefined,
      patch.assigneeId ?? null,
      patch.archived ?? null,
      patch.aiPaused ?? null,
    ],
  });
  if (changed === 0) return null;
  if (patch.tagIds !== undefined) await replaceTags(tx, key.id, patch.tagIds);
  if (patch.aiPaused === true) await wakeReaders(tx, key.id);
  const conversation = await getConversation(tx, key.scope, key.id);
  if (conversation === null) return null;
  await conversationEvent(tx, {
    id: newId('unit'),
    type: 'conversation.updated',
    conversation,
    causedByRunId: null,
  });
  return conversation;
}

/** Makes runs that wait to answer in the conversation look whether they still may. Under the conversation's lock. */
export async function wakeReaders(tx: Queryable, conversationId: string): Promise<void> {
  await tx.execute({
    name: 'conversation_wake_readers',
    // In the order in which everybody locks runs.
    text: `UPDATE runs SET wake_at = least(wake_at, clock_timestamp()) WHERE id IN (
        SELECT id FROM runs
        WHERE conversation_id = $1 AND read_rev IS NOT NULL AND status IN ('running', 'waiting')
        ORDER BY id FOR NO KEY UPDATE)`,
    values: [conversationId],
  });
}

async function replaceTags(tx: Queryable, id: string, tagIds: readonly string[]): Promise<void> {
  await tx.execute({
    text: 'DELETE FROM tagged_conversations WHERE conversation_id = $1 AND tag_id <> ALL ($2)',
    values: [id, tagIds],
  });
  await tx.execute({
    text: `INSERT INTO tagged_conversations (conversation_id, tag_id)
      SELECT $1, * FROM unnest($2::text[]) ON CONFLICT DO NOTHING`,
    values: [id, tagIds],
  });
}

function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    contact: {
      id: row.contact_id,
      firstName: fromStorableOrNull(row.first_name),
      lastName: fromStorableOrNull(row.last_name),
      imageUrl: fromStorableOrNull(row.image_url),
      inboxTypeId: row.contact_inbox_type_id,
    },
    inboxTypeId: row.inbox_type_id,
    channelId: row.channel_id,
    channel: row.channel,
    contactChannelId: row.contact_channel_id,
    threadKey: fromStorableText(row.thread_key),
    subject: fromStorableOrNull(row.subject),
    state: row.state,
    followUpAt: row.follow_up_at,
    assigneeId: row.assignee_id,
    archived: row.archived,
    aiPaused: row.ai_paused,
    inboundRev: row.inbound_rev,
    answeredRev: row.answered_rev,
    tagIds: row.tag_ids,
    lastMessagePreview: fromStorableOrNull(row.last_message_preview),
    lastMessageAt: row.last_message_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
