// Channels: the ways by which messages come in and go out.

/** What a message came by, as message triggers name it. */
export const messageChannels = [
  'chat',
  'widget',
  'sms',
  'whatsapp',
  'slack',
  'teams',
  'email',
  'unthreaded_email',
  'webhook',
] as const;
export type MessageChannel = (typeof messageChannels)[number];

/** What speaks to the other side. */
export const channelTypes = ['webhook', 'slack', 'email', 'chat'] as const;
export type ChannelType = (typeof channelTypes)[number];

export interface Channel {
  readonly id: string;
  readonly workspaceId: string;
  readonly type: ChannelType;
  readonly name: string;
  /** What message triggers know its messages by. */
  readonly channel: MessageChannel;
  readonly inboxTypeId: string;
  /** By its type, checked on write; without secrets. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The unguessable part of the URL that messages come in at. */
  readonly inboundKey: string | null;
  /** A run starts when no other message has come for so long. */
  readonly quietMs: number;
  /** A sending whose outcome nobody knows is made again, under the same id; else a person decides. */
  readonly resendUnknown: boolean;
  readonly enabled: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A kind of inbox: what message triggers and filters name. */
export interface InboxType {
  readonly id: string;
  readonly name: string;
}
