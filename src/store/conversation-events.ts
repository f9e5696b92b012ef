import type { Conversation, Message } from '../core/conversation.ts';
import type { Queryable } from './connect.ts';
import { recordEvent } from './internal-events.ts';

// What conversations tell of, in the commit of the change. A body is cut: who wants the rest reads the message.

/** Characters of a message's body in an event. */
const longestBody = 16_000;

/** Tells of a conversation. `id` is unique to the change. */
export async function conversationEvent(
  tx: Queryable,
  event: {
    readonly id: string;
    readonly type: 'conversation.created' | 'conversation.updated';
    readonly conversation: Conversation;
    readonly causedByRunId: string | null;
  },
): Promise<void> {
  const { conversation: one } = event;
  await recordEvent(tx, {
    id: event.id,
    workspaceId: one.workspaceId,
    type: event.type,
    payloadJson: JSON.stringify({
      id: one.id,
      contact_id: one.contact.id,
      inbox_type_id: one.inboxTypeId,
      channel: one.channel,
      channel_id: one.channelId,
      subject: one.subject,
      state: one.state,
      archived: one.archived,
      ai_paused: one.aiPaused,
      assignee_id: one.assigneeId,
      follow_up_at: one.followUpAt?.toISOString() ?? null,
      tag_ids: one.tagIds,
      created_at: one.createdAt.toISOString(),
      updated_at: one.updatedAt.toISOString(),
    }),
    entityId: one.id,
    causedByRunId: event.causedByRunId,
  });
}

/** Tells of a message that came in or went out: once, however often this is called. */
export async function messageEvent(
  tx: Queryable,
  type: 'message.received' | 'message.sent',
  message: Message & { readonly contactId: string },
): Promise<void> {
  await recordEvent(tx, {
    id: `${type}/${message.id}`,
    workspaceId: message.workspaceId,
    type,
    payloadJson: JSON.stringify({
      id: message.id,
      conversation_id: message.conversationId,
      contact_id: message.contactId,
      channel: message.channel,
      direction: message.direction,
      status: message.status,
      subject: message.subject,
      body: message.body.slice(0, longestBody),
      attachments: message.attachments.map(({ id, name, mediaType, sizeBytes }) => ({
        ...{ id, name, media_type: mediaType, size_bytes: sizeBytes },
      })),
      sender: { external_id: message.sender.externalId, name: message.sender.name },
      agent_run_id: message.runId,
      sent_at: message.sentAt?.toISOString() ?? null,
      created_at: message.createdAt.toISOString(),
    }),
    entityId: message.conversationId,
    causedByRunId: message.runId,
  });
}
