import type { Attachment } from '../core/attachment.ts';
import type { Channel } from '../core/channel.ts';
import type {
  ContactChannel,
  Conversation,
  Message,
  MessageTemplate,
} from '../core/conversation.ts';
import { ApiError } from '../core/errors.ts';
import { refusal } from '../core/validate.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import { readAttachment } from '../store/attachments.ts';
import { getChannel, listChannelsFor } from '../store/channels.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { listContactChannels, requireContact } from '../store/contacts.ts';
import { getConversation } from '../store/conversations.ts';
import { requeueMessage } from '../store/message-claims.ts';
import { getMessage, toMessage } from '../store/messages.ts';
import { sendByHand } from '../store/outbound.ts';
import { openThread } from '../store/threads.ts';
import type { InTransaction } from '../store/workspaces.ts';

// What people send. A message is accepted when its row is committed; a deliverer sends it.

export interface SendDeps {
  readonly db: Database;
  /** Something is to be sent: look at once. */
  readonly nudge: () => void;
}

/** Sends a message in a conversation. Throws `not_found`, `conflict` when its channel is gone. */
export async function sendInConversation(
  deps: SendDeps,
  given: ScopedKey & { readonly body: string; readonly senderId: string },
  inTransaction?: InTransaction<Message>,
): Promise<Message> {
  const message = await deps.db.transaction(async (tx) => {
    const conversation = await requireConversation(tx, given);
    const channel = await getChannel(tx, 'all', conversation.channelId);
    if (channel === null) {
      throw new ApiError('conflict', 'The channel of this conversation was deleted.');
    }
    const { body, senderId } = given;
    const row = await sendByHand(tx, { conversationId: given.id, body, subject: null, senderId });
    const sent = toMessage(row);
    await inTransaction?.(tx, sent);
    return sent;
  });
  deps.nudge();
  return message;
}

/** A file of one of the conversation's messages, with its bytes. Throws `not_found` where it has none, or they were not kept. */
export async function requireAttachment(
  db: Queryable,
  key: ScopedKey & { readonly attachmentId: string },
): Promise<Attachment & { readonly bytes: Buffer }> {
  const { id: conversationId } = await requireConversation(db, key);
  const found = await readAttachment(db, { conversationId, id: key.attachmentId });
  if (found === null) {
    throw new ApiError('not_found', `The conversation has no attachment ${key.attachmentId}.`);
  }
  const { bytes } = found;
  if (bytes === null) {
    throw new ApiError('not_found', `The attachment was not kept: ${found.notKept}.`);
  }
  return { ...found, bytes };
}

/** Sends what failed, or whose outcome nobody knows, again under its id. Throws `not_found`, `conflict`. */
export async function resendMessage(
  deps: SendDeps,
  key: ScopedKey & { readonly messageId: string },
): Promise<Message> {
  const conversation = await requireConversation(deps.db, key);
  const message = { conversationId: conversation.id, id: key.messageId };
  const before = await requireMessage(deps.db, message);
  if (!(await requeueMessage(deps.db, message))) {
    throw new ApiError(
      'conflict',
      `Only what failed or is unknown is sent again, by a channel that is there; this one is ${before.status}.`,
    );
  }
  deps.nudge();
  return await requireMessage(deps.db, message);
}

export interface ContactMessage {
  readonly channelNodeId: string;
  readonly senderId: string | null;
  /** Null: only by a template. */
  readonly body: string | null;
  readonly subject: string | null;
  readonly template: MessageTemplate | null;
  /** The token that sends it. */
  readonly tokenId: string;
}

export interface SentToContact {
  readonly message: Message;
  readonly contactId: string;
  readonly address: ContactChannel;
  readonly channel: Channel;
}

/**
 * Sends a message to a contact, unasked: in the latest conversation with that address, or a new one (always,
 * when there is a subject). Throws `not_found`, `validation_error` when it is not clear by which channel.
 */
export async function sendToContact(
  deps: SendDeps,
  given: ScopedKey & ContactMessage,
  inTransaction?: InTransaction<SentToContact>,
): Promise<SentToContact> {
  const sent = await deps.db.transaction(async (tx) => {
    const contact = await requireContact(tx, given);
    const address = (await listContactChannels(tx, contact.id)).find(
      ({ id }) => id === given.channelNodeId,
    );
    if (address === undefined) {
      throw invalid('channel_node_id', 'names no channel of this contact');
    }
    const { template } = given;
    if (given.body === null && template === null) {
      throw invalid('body', 'is required unless `whatsapp_template` is given');
    }
    if (template !== null && address.type !== 'whatsapp') {
      throw invalid('whatsapp_template', `is for WhatsApp only; this address is ${address.type}`);
    }
    const channel = await senderFor(tx, contact.workspaceId, { address, given });
    const thread = { channel, contact, address, subject: given.subject };
    const conversationId = await openThread(tx, thread);
    const { subject, tokenId: senderId } = given;
    const body = given.body ?? `[template ${template?.contentSid}]`;
    const row = await sendByHand(tx, { conversationId, body, subject, senderId, template });
    const result = { message: toMessage(row), contactId: contact.id, address, channel };
    await inTransaction?.(tx, result);
    return result;
  });
  deps.nudge();
  return sent;
}

/** The channel to write by: the one that is named, the one the contact was heard from by, or the only one. */
async function senderFor(
  tx: Queryable,
  workspaceId: string,
  of: { readonly address: ContactChannel; readonly given: ContactMessage },
): Promise<Channel> {
  const { address, given } = of;
  const fitting = await listChannelsFor(tx, workspaceId, address.type);
  const named = given.senderId ?? address.channelId;
  const channel = fitting.find(({ id }) => id === named);
  if (channel !== undefined) return channel;
  if (given.senderId !== null) {
    throw invalid('sender_id', `names no channel of this workspace that sends ${address.type}`);
  }
  const [only, ...others] = fitting;
  if (only === undefined) {
    throw invalid(
      'channel_node_id',
      `cannot be reached: there is no channel that sends ${address.type}`,
    );
  }
  if (others.length > 0) {
    throw invalid('sender_id', `is required, since several channels send ${address.type}`);
  }
  return only;
}

/** Throws `not_found`. */
export async function requireConversation(
  db: Queryable,
  { scope, id }: ScopedKey,
): Promise<Conversation> {
  const conversation = await getConversation(db, scope, id);
  if (conversation !== null) return conversation;
  throw new ApiError('not_found', `There is no conversation ${id}.`);
}

async function requireMessage(
  db: Queryable,
  key: { readonly conversationId: string; readonly id: string },
): Promise<Message> {
  const message = await getMessage(db, key.conversationId, key.id);
  if (message !== null) return message;
  throw new ApiError('not_found', `The conversation has no message ${key.id}.`);
}

function invalid(field: string, problem: string): ApiError {
  return refusal(new Map([[field, problem]]));
}
