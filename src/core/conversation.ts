import type { Attachment } from './attachment.ts';
import type { MessageChannel } from './channel.ts';

// Threads with somebody outside.

export const conversationStates = ['todo', 'follow_up', 'done'] as const;
export type ConversationState = (typeof conversationStates)[number];

export interface Contact {
  readonly id: string;
  readonly workspaceId: string;
  readonly inboxTypeId: string;
  readonly type: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly imageUrl: string | null;
  readonly archived: boolean;
  /** No agent answers while it is set. */
  readonly aiPaused: boolean;
  readonly followUpAt: Date | null;
  readonly lastChannel: MessageChannel | null;
  readonly lastMessageAt: Date | null;
  readonly lastMessagePreview: string | null;
  readonly activeAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Where a contact can be reached. */
export interface ContactChannel {
  readonly id: string;
  readonly contactId: string;
  readonly type: MessageChannel;
  /** An address, a number, or an id that the channel gave. */
  readonly value: string;
  /** The channel of ours to write by. */
  readonly channelId: string | null;
}

export interface Conversation {
  readonly id: string;
  readonly workspaceId: string;
  readonly contact: Pick<Contact, 'id' | 'firstName' | 'lastName' | 'imageUrl' | 'inboxTypeId'>;
  readonly inboxTypeId: string;
  readonly channelId: string;
  readonly channel: MessageChannel;
  readonly contactChannelId: string;
  readonly threadKey: string;
  readonly subject: string | null;
  readonly state: ConversationState;
  readonly followUpAt: Date | null;
  readonly assigneeId: string | null;
  readonly archived: boolean;
  readonly aiPaused: boolean;
  /** Counts what came in; see the migration. */
  readonly inboundRev: number;
  readonly answeredRev: number;
  readonly tagIds: readonly string[];
  readonly lastMessagePreview: string | null;
  readonly lastMessageAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const messageStatuses = [
  'received',
  'queued',
  'sending',
  'sent',
  'failed',
  'unknown',
] as const;
export type MessageStatus = (typeof messageStatuses)[number];

/** A text that the other side keeps and has allowed, and what goes into its gaps. */
export interface MessageTemplate {
  readonly contentSid: string;
  readonly variables: Readonly<Record<string, string>>;
}

export interface Message {
  readonly id: string;
  readonly workspaceId: string;
  readonly conversationId: string;
  /** Its place in the conversation, from 1. */
  readonly n: number;
  readonly direction: 'inbound' | 'outbound';
  readonly channelId: string;
  readonly channel: MessageChannel;
  readonly body: string;
  readonly subject: string | null;
  /** Null: the body is what is said. */
  readonly template: MessageTemplate | null;
  readonly status: MessageStatus;
  readonly externalId: string | null;
  /** Who wrote it: a token of ours, or what the other side calls them. */
  readonly sender: {
    readonly id: string | null;
    readonly externalId: string | null;
    readonly name: string | null;
  };
  readonly runId: string | null;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly error: string | null;
  readonly sentAt: Date | null;
  readonly editedAt: Date | null;
  readonly attachments: readonly Attachment[];
  readonly createdAt: Date;
}

export interface ConversationTag {
  readonly id: string;
  readonly workspaceId: string;
  /** Null: a root topic. */
  readonly parentId: string | null;
  readonly name: string;
  readonly description: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What a run has to do with a conversation. */
export interface RunConversation {
  readonly id: string | null;
  readonly contactId: string | null;
  /** Up to which count it has read, and so answers; null: its reply goes to nobody. */
  readonly readRev: number | null;
}

/** Characters of a message's beginning that lists show; of one without text, the names of its files. */
export function previewOf(body: string, files: readonly { readonly name: string }[] = []): string {
  const text = body.trim() === '' ? files.map(({ name }) => name).join(', ') : body;
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}
