import { z } from '@hono/zod-openapi';
import { messageChannels } from '../../core/channel.ts';
import {
  type Contact,
  type ContactChannel,
  type Conversation,
  type ConversationTag,
  conversationStates,
  type Message,
  messageStatuses,
} from '../../core/conversation.ts';
import { template } from './inbox-fields.ts';
import { iso, isoOrNull } from './times.ts';

export const conversationShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  contact: z.object({
    id: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    image_url: z.string().nullable(),
    inbox_type_id: z.string(),
  }),
  inbox_type_id: z.string(),
  channel: z.enum(messageChannels),
  channel_id: z.string(),
  channel_node_id: z.string().openapi({ description: 'The address of the contact.' }),
  subject: z.string().nullable(),
  state: z.enum(conversationStates),
  follow_up_at: z.string().nullable(),
  assignee_id: z.string().nullable(),
  archived: z.boolean(),
  ai_paused: z.boolean().openapi({ description: 'While it is true, no agent answers here.' }),
  tag_ids: z.array(z.string()),
  last_message_at: z.string(),
  last_message_preview: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});

export function showConversation(conversation: Conversation) {
  const { contact } = conversation;
  return {
    id: conversation.id,
    workspace_id: conversation.workspaceId,
    contact: {
      id: contact.id,
      first_name: contact.firstName,
      last_name: contact.lastName,
      image_url: contact.imageUrl,
      inbox_type_id: contact.inboxTypeId,
    },
    inbox_type_id: conversation.inboxTypeId,
    channel: conversation.channel,
    channel_id: conversation.channelId,
    channel_node_id: conversation.contactChannelId,
    subject: conversation.subject,
    state: conversation.state,
    follow_up_at: isoOrNull(conversation.followUpAt),
    assignee_id: conversation.assigneeId,
    archived: conversation.archived,
    ai_paused: conversation.aiPaused,
    tag_ids: conversation.tagIds,
    last_message_at: iso(conversation.lastMessageAt),
    last_message_preview: conversation.lastMessagePreview,
    created_at: iso(conversation.createdAt),
    updated_at: iso(conversation.updatedAt),
  };
}

export const messageShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  conversation_id: z.string(),
  channel: z.enum(messageChannels),
  channel_id: z.string(),
  subject: z.string().nullable(),
  body: z.string(),
  whatsapp_template: template.nullable(),
  direction: z.enum(['inbound', 'outbound']),
  status: z.enum(messageStatuses).openapi({
    description:
      '`queued` and `sending`: accepted for delivery. `unknown`: it may have arrived; a person decides.',
  }),
  attempts: z.number().int(),
  next_attempt_at: z.string().nullable(),
  error: z.string().nullable(),
  sender: z.object({
    user_id: z.string().nullable(),
    external_id: z.string().nullable(),
    name: z.string().nullable(),
  }),
  attachments: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      media_type: z.string(),
      size_bytes: z.number().int(),
      kept: z.boolean(),
      not_kept_reason: z.string().nullable(),
      url: z.string().nullable().openapi({ description: 'Where its bytes are, if they are kept.' }),
    }),
  ),
  agent_run_id: z.string().nullable().openapi({ description: 'The run whose reply it is.' }),
  sent_at: z.string().nullable(),
  edited_at: z.string().nullable(),
  created_at: z.string(),
});

export function showMessage(message: Message) {
  return {
    id: message.id,
    workspace_id: message.workspaceId,
    conversation_id: message.conversationId,
    channel: message.channel,
    channel_id: message.channelId,
    subject: message.subject,
    body: message.body,
    whatsapp_template:
      message.template === null
        ? null
        : {
            content_sid: message.template.contentSid,
            variables: { ...message.template.variables },
          },
    direction: message.direction,
    status: message.status,
    attempts: message.attempts,
    next_attempt_at: isoOrNull(message.nextAttemptAt),
    error: message.error,
    sender: {
      user_id: message.sender.id,
      external_id: message.sender.externalId,
      name: message.sender.name,
    },
    attachments: message.attachments.map((file) => ({
      id: file.id,
      name: file.name,
      media_type: file.mediaType,
      size_bytes: file.sizeBytes,
      kept: file.notKept === null,
      not_kept_reason: file.notKept,
      url:
        file.notKept === null
          ? `/v1/conversations/${message.conversationId}/attachments/${file.id}`
          : null,
    })),
    agent_run_id: message.runId,
    sent_at: isoOrNull(message.direction === 'inbound' ? message.createdAt : message.sentAt),
    edited_at: isoOrNull(message.editedAt),
    created_at: iso(message.createdAt),
  };
}

export const contactShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  image_url: z.string().nullable(),
  type: z.string(),
  inbox_type_id: z.string(),
  archived: z.boolean(),
  ai_paused: z.boolean().openapi({ description: 'While it is true, no agent answers them.' }),
  follow_up_at: z.string().nullable(),
  last_channel: z.enum(messageChannels).nullable(),
  last_message_at: z.string().nullable(),
  last_message_preview: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});

export const contactDetailShape = contactShape.extend({
  channels: z.array(z.object({ id: z.string(), type: z.enum(messageChannels), value: z.string() })),
});

export function showContact(contact: Contact) {
  return {
    id: contact.id,
    workspace_id: contact.workspaceId,
    first_name: contact.firstName,
    last_name: contact.lastName,
    image_url: contact.imageUrl,
    type: contact.type,
    inbox_type_id: contact.inboxTypeId,
    archived: contact.archived,
    ai_paused: contact.aiPaused,
    follow_up_at: isoOrNull(contact.followUpAt),
    last_channel: contact.lastChannel,
    last_message_at: isoOrNull(contact.lastMessageAt),
    last_message_preview: contact.lastMessagePreview,
    created_at: iso(contact.createdAt),
    updated_at: iso(contact.updatedAt),
  };
}

export function showContactDetail(contact: Contact, channels: readonly ContactChannel[]) {
  return {
    ...showContact(contact),
    channels: channels.map(({ id, type, value }) => ({ id, type, value })),
  };
}

export const tagShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  parent_id: z.string().nullable().openapi({ description: 'Null: a root topic.' }),
  name: z.string(),
  description: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

export function showTag(tag: ConversationTag) {
  return {
    id: tag.id,
    workspace_id: tag.workspaceId,
    parent_id: tag.parentId,
    name: tag.name,
    description: tag.description,
    created_at: iso(tag.createdAt),
    updated_at: iso(tag.updatedAt),
  };
}
