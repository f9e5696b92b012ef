import type { Channel } from '../core/channel.ts';
import { ApiError } from '../core/errors.ts';
import type { SecretBox } from '../core/secret-box.ts';
import { findChannelByKey } from '../store/channels.ts';
import type { Database } from '../store/connect.ts';
import { type RecordedMessage, recordEdit, recordInbound } from '../store/inbound.ts';
import { findThread } from '../store/inbound-place.ts';
import { openSecrets } from './channel-secrets.ts';
import type { InboundRequest, OpenChannel, ReadItem } from './channels/adapter.ts';
import { adapters } from './channels/adapters.ts';
import { namesOf } from './channels/body.ts';

// What comes to a channel's URL: verified and read by its adapter, and acknowledged only after it is committed, so
// that a sender which repeats what was not acknowledged loses nothing.

export interface ReceiveDeps {
  readonly db: Database;
  readonly secretBox: SecretBox;
}

export type ReceivedAtChannel =
  | { readonly kind: 'greeting'; readonly answer: Readonly<Record<string, string>> }
  | { readonly kind: 'recorded'; readonly messages: readonly RecordedMessage[] };

/** The channel at a URL, and how large a request to it may be. Throws `not_found` for a key of no channel. */
export async function channelAt(
  deps: ReceiveDeps,
  key: string,
): Promise<{ readonly open: OpenChannel; readonly maxBytes: number | undefined }> {
  const found = await findChannelByKey(deps.db, key);
  if (found === null) throw new ApiError('not_found', 'There is no channel at this URL.');
  const { channel, sealedSecrets } = found;
  const secrets = openSecrets(deps.secretBox, channel.id, sealedSecrets);
  return { open: { channel, secrets }, maxBytes: adapters[channel.type].maxBytes };
}

/** Throws `unauthenticated`, `malformed_request`, `conflict` while the channel is off. */
export async function receiveAtChannel(
  deps: ReceiveDeps,
  open: OpenChannel,
  request: InboundRequest,
): Promise<ReceivedAtChannel> {
  const { channel } = open;
  const read = await adapters[channel.type].read(open, request);
  if (read.kind === 'greeting') return read;
  if (!channel.enabled) throw new ApiError('conflict', 'The channel is switched off.');
  const messages: RecordedMessage[] = [];
  for (const item of read.items) {
    const recorded = await recordItem(deps.db, channel, item);
    if (recorded !== null) messages.push(recorded);
  }
  return { kind: 'recorded', messages };
}

async function recordItem(
  db: Database,
  channel: Channel,
  item: ReadItem,
): Promise<RecordedMessage | null> {
  if (item.kind === 'edit') return await recordEdit(db, { channel, ...item });
  const { references = [], kind: _, ...message } = item;
  const address = item.contact.value;
  const thread =
    references.length === 0
      ? null
      : await findThread(db, { channelId: channel.id, externalIds: references, address });
  return await recordInbound(db, { ...message, channel, threadKey: thread ?? item.threadKey });
}

/** Takes in a message that somebody with a token hands over. Throws `conflict` while the channel is off. */
export async function takeIn(
  db: Database,
  channel: Channel,
  given: {
    readonly from: { readonly id: string; readonly name: string | null };
    readonly body: string;
    readonly externalId: string | null;
    readonly threadKey: string;
    readonly subject: string | null;
  },
): Promise<RecordedMessage> {
  if (!channel.enabled) throw new ApiError('conflict', 'The channel is switched off.');
  const { from, ...message } = given;
  return await recordInbound(db, {
    ...message,
    channel,
    contact: {
      value: from.id,
      // An address of the whole world is the same contact by every channel.
      scope: channel.type === 'email' ? '' : channel.id,
      ...namesOf(from.name),
    },
    sender: { externalId: from.id, name: from.name },
    wantsReply: true,
  });
}
