import { toAttachments } from '../../src/core/attachment.ts';
import { getChannel } from '../../src/store/channels.ts';
import { getConversation } from '../../src/store/conversations.ts';
import { recordInbound } from '../../src/store/inbound.ts';
import { readLastMessages } from '../../src/store/messages.ts';
import type { ObjectMaker } from './object-maker.ts';

/** A picture that was sent in the chat session; its id. */
export async function addChatAttachment(api: ObjectMaker, sessionId: string): Promise<string> {
  const { db } = api.deps;
  const conversation = await getConversation(db, 'all', sessionId);
  const channel = await getChannel(db, 'all', conversation?.channelId ?? '');
  if (conversation === null || channel === null) throw new Error(`There is no chat ${sessionId}.`);
  const bytes = Buffer.from('a');
  await recordInbound(db, {
    ...{ channel, threadKey: conversation.threadKey, externalId: null, subject: null },
    contact: { value: sessionId, scope: channel.id, firstName: null, lastName: null },
    sender: { externalId: null, name: null },
    body: 'See here.',
    attachments: toAttachments([{ name: 'a.png', mediaType: 'image/png', bytes }]),
    wantsReply: false,
  });
  const [message] = await readLastMessages(db, sessionId, 1);
  return message?.attachments[0]?.id ?? '';
}
