import type { Channel } from '../core/channel.ts';
import type { Contact, ContactChannel } from '../core/conversation.ts';
import { newId } from '../core/ids.ts';
import { storableOrNull, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';
import { conversationEvent } from './conversation-events.ts';
import { getConversation } from './conversations.ts';

/**
 * The conversation to write to a contact in, unasked: the latest one with the address by this channel, or a new
 * one, always where a subject begins it. Its id.
 */
export async function openThread(
  tx: Queryable,
  thread: {
    readonly channel: Channel;
    readonly contact: Pick<Contact, 'id' | 'inboxTypeId'>;
    readonly address: ContactChannel;
    readonly subject: string | null;
  },
): Promise<string> {
  const { channel, contact, address, subject } = thread;
  const isNewTopic = subject !== null && channel.channel === 'email';
  if (!isNewTopic) {
    const latest = await tx.query<{ id: string }>({
      name: 'thread_latest',
      text: `SELECT id FROM conversations WHERE contact_id = $1 AND channel_id = $2 AND contact_channel_id = $3
        ORDER BY last_message_at DESC, id DESC LIMIT 1`,
      values: [contact.id, channel.id, address.id],
    });
    if (latest[0] !== undefined) return latest[0].id;
  }
  const id = newId('conversation');
  // A thread of e-mail is known by what its messages refer to; elsewhere the address is the thread.
  const key = channel.channel === 'email' ? id : address.value;
  await tx.execute({
    name: 'thread_insert',
    text: `INSERT INTO conversations (id, workspace_id, contact_id, inbox_type_id, channel_id, channel,
        contact_channel_id, thread_key, subject)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (channel_id, md5(thread_key)) DO NOTHING`,
    values: [
      id,
      channel.workspaceId,
      contact.id,
      channel.inboxTypeId,
      channel.id,
      channel.channel,
      address.id,
      toStorableText(key),
      storableOrNull(subject),
    ],
  });
  const [row] = await tx.query<{ id: string }>({
    name: 'thread_by_key',
    text: 'SELECT id FROM conversations WHERE channel_id = $1 AND md5(thread_key) = md5($2)',
    values: [channel.id, toStorableText(key)],
  });
  const made = row === undefined ? null : await getConversation(tx, 'all', row.id);
  if (made === null) throw new Error('The conversation that was just made is not there.');
  if (made.id === id) {
    const type = 'conversation.created';
    await conversationEvent(tx, {
      id: `${type}/${id}`,
      type,
      conversation: made,
      causedByRunId: null,
    });
  }
  return made.id;
}
