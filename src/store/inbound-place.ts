import { createHash } from 'node:crypto';
import type { Channel } from '../core/channel.ts';
import { newId } from '../core/ids.ts';
import { fromStorableText, storableOrNull, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

// Where a message that comes in belongs: its conversation, and the contact that is reached there.

/** What a message says of its place. */
export interface ToPlace {
  readonly channel: Channel;
  /** Messages with the same key are one conversation. */
  readonly threadKey: string;
  readonly contact: {
    /** Where they can be reached, unique within the scope. */
    readonly value: string;
    readonly scope: string;
    readonly firstName: string | null;
    readonly lastName: string | null;
  };
  readonly subject: string | null;
}

export interface Place {
  readonly conversationId: string;
  readonly contactId: string;
  readonly contactChannelId: string;
  readonly isNew: boolean;
}

/** The locked conversation, made if need be, with its contact. */
export async function placeOf(tx: Queryable, message: ToPlace): Promise<Place> {
  const { channel } = message;
  const key = toStorableText(message.threadKey);
  const before = await lockThread(tx, channel.id, key);
  if (before !== null) return { ...before, isNew: false };
  const reached = await contactOf(tx, message);
  const inserted = await tx.execute({
    name: 'conversation_insert',
    text: `INSERT INTO conversations (id, workspace_id, contact_id, inbox_type_id, channel_id, channel,
        contact_channel_id, thread_key, subject)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (channel_id, md5(thread_key)) DO NOTHING`,
    values: [
      newId('conversation'),
      channel.workspaceId,
      reached.contactId,
      channel.inboxTypeId,
      channel.id,
      channel.channel,
      reached.contactChannelId,
      key,
      storableOrNull(message.subject),
    ],
  });
  const made = await lockThread(tx, channel.id, key);
  if (made === null) throw new Error('The conversation that was just made is not there.');
  return { ...made, isNew: inserted > 0 };
}

/**
 * The key of the thread with this address that one of the messages belongs to; null: none does. A stranger who knows
 * the id of somebody's message begins a thread of their own.
 */
export async function findThread(
  db: Queryable,
  of: {
    readonly channelId: string;
    readonly externalIds: readonly string[];
    readonly address: string;
  },
): Promise<string | null> {
  const { channelId, externalIds, address } = of;
  // A message of ours may come back by its id before its sending was noted.
  const ids = externalIds.flatMap((id) => /^<(ms[0-9a-z]{30})@/.exec(id)?.[1] ?? []);
  const [row] = await db.query<{ thread_key: string }>({
    name: 'thread_by_references',
    text: `SELECT v.thread_key FROM messages m JOIN conversations v ON v.id = m.conversation_id
      JOIN contact_channels k ON k.id = v.contact_channel_id
      WHERE m.channel_id = $1 AND k.value = $5 AND ((m.external_id IS NOT NULL AND md5(m.external_id) = ANY ($2) AND m.external_id = ANY ($3))
        OR m.id = ANY ($4))
      ORDER BY m.created_at DESC LIMIT 1`,
    values: [
      channelId,
      externalIds.map((id) => createHash('md5').update(toStorableText(id)).digest('hex')),
      externalIds.map(toStorableText),
      ids,
      toStorableText(address),
    ],
  });
  return row === undefined ? null : fromStorableText(row.thread_key);
}

async function lockThread(
  tx: Queryable,
  channelId: string,
  threadKey: string,
): Promise<Omit<Place, 'isNew'> | null> {
  const [row] = await tx.query<{ id: string; contact_id: string; contact_channel_id: string }>({
    name: 'conversation_lock_thread',
    text: `SELECT id, contact_id, contact_channel_id FROM conversations
      WHERE channel_id = $1 AND md5(thread_key) = md5($2) AND thread_key = $2 FOR UPDATE`,
    values: [channelId, threadKey],
  });
  if (row === undefined) return null;
  return {
    conversationId: row.id,
    contactId: row.contact_id,
    contactChannelId: row.contact_channel_id,
  };
}

interface Reached {
  readonly contactId: string;
  readonly contactChannelId: string;
}

/** Who is reached at the address, made if nobody was known there. */
async function contactOf(tx: Queryable, message: ToPlace): Promise<Reached> {
  const { channel, contact } = message;
  const value = toStorableText(contact.value);
  const address = [channel.workspaceId, channel.channel, contact.scope, value];
  const known = await findAddress(tx, address);
  if (known !== null) return known;
  // Two first messages of one address at once make one contact.
  await tx.query({
    name: 'contact_address_lock',
    text: `SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'contact', $1::text, $2::text, $3::text, $4::text), 0))`,
    values: address,
  });
  const meanwhile = await findAddress(tx, address);
  if (meanwhile !== null) return meanwhile;
  const reached = { contactId: newId('contact'), contactChannelId: newId('contactChannel') };
  await tx.execute({
    name: 'contact_insert',
    text: `WITH contact AS (
        INSERT INTO contacts (id, workspace_id, inbox_type_id, type, first_name, last_name)
        VALUES ($6, $1, $8, 'person', $9, $10)
      )
      INSERT INTO contact_channels (id, workspace_id, contact_id, type, scope, value, channel_id)
      VALUES ($7, $1, $6, $2, $3, $4, $5)`,
    values: [
      ...address,
      channel.id,
      reached.contactId,
      reached.contactChannelId,
      channel.inboxTypeId,
      storableOrNull(contact.firstName),
      storableOrNull(contact.lastName),
    ],
  });
  return reached;
}

async function findAddress(tx: Queryable, address: readonly unknown[]): Promise<Reached | null> {
  const [row] = await tx.query<{ id: string; contact_id: string }>({
    name: 'contact_by_address',
    text: `SELECT id, contact_id FROM contact_channels
      WHERE workspace_id = $1 AND type = $2 AND scope = $3 AND md5(value) = md5($4) AND value = $4`,
    values: address,
  });
  return row === undefined ? null : { contactId: row.contact_id, contactChannelId: row.id };
}
