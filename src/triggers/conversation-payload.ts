import type { Attachment } from '../core/attachment.ts';
import type { Conversation, Message } from '../core/conversation.ts';
import { readAlts } from '../store/chat-uploads.ts';
import type { Queryable } from '../store/connect.ts';
import { readLastMessages } from '../store/messages.ts';

// What a run that answers a conversation is given: the conversation as it is when it fires.

/** How much of a conversation a run reads: so many messages, and so many characters of them. */
const longestTranscript = { messages: 60, characters: 60_000 } as const;

/** The payload, and when the message came that it fires for. */
export async function conversationPayload(db: Queryable, conversation: Conversation) {
  const all = await readLastMessages(db, conversation.id, longestTranscript.messages);
  const transcript = fitting(all);
  const last = all.findLast(({ direction }) => direction === 'inbound');
  const files = transcript.flatMap(({ attachments }) => attachments.map(({ id }) => id));
  const alts = await readAlts(db, files);
  const payload = {
    conversation_id: conversation.id,
    contact_id: conversation.contact.id,
    channel: conversation.channel,
    inbox_type_id: conversation.inboxTypeId,
    subject: conversation.subject,
    contact: {
      first_name: conversation.contact.firstName,
      last_name: conversation.contact.lastName,
    },
    omitted: (transcript[0]?.n ?? 1) - 1,
    messages: transcript.map(({ id, direction, body, createdAt, attachments }) => ({
      ...{ id, direction, body },
      at: createdAt.toISOString(),
      ...(attachments.length === 0
        ? {}
        : { attachments: attachments.map((file) => namedFile(file, alts.get(file.id))) }),
    })),
  };
  return { payload, occurredAt: last?.createdAt ?? null };
}

/** `alt`: what a picture shows, as its sender says. */
function namedFile(file: Attachment, alt: string | undefined) {
  const { id, name, mediaType: media_type, sizeBytes: size_bytes, notKept } = file;
  const named = { id, name, media_type, size_bytes, kept: notKept === null };
  return alt === undefined ? named : { ...named, alt };
}

/** All that has come in up to this count is one firing, whoever fires it. */
export function messageKey({ id, inboundRev }: Pick<Conversation, 'id' | 'inboundRev'>): string {
  return `message:${id}:${inboundRev}`;
}

/** The newest messages that fit; the last one whatever its length, cut. */
function fitting(messages: readonly Message[]): readonly Message[] {
  let left: number = longestTranscript.characters;
  const kept: Message[] = [];
  for (const message of messages.toReversed()) {
    if (kept.length > 0 && message.body.length > left) break;
    kept.unshift({ ...message, body: message.body.slice(0, left) });
    left -= message.body.length;
  }
  return kept;
}
