import { createHash } from 'node:crypto';
import type { Channel, ChannelType, MessageChannel } from '../core/channel.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

// Channels. Their secrets are sealed, and leave this file only for whoever speaks to the other side.

export interface ChannelRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly type: ChannelType;
  readonly name: string;
  readonly channel: MessageChannel;
  readonly inbox_type_id: string;
  readonly config: string;
  readonly inbound_key: string | null;
  readonly quiet_ms: number;
  readonly resend_unknown: boolean;
  readonly enabled: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export const channelColumns = [
  'id',
  'workspace_id',
  'type',
  'name',
  'channel',
  'inbox_type_id',
  'config',
  'inbound_key',
  'quiet_ms',
  'resend_unknown',
  'enabled',
  'created_at',
  'updated_at',
] as const;

const columns = channelColumns.join(', ');

/** A channel with its secrets, sealed. */
export interface SealedChannel {
  readonly channel: Channel;
  readonly sealedSecrets: string | null;
}

export interface ChannelToSave
  extends Pick<
    Channel,
    'name' | 'channel' | 'inboxTypeId' | 'config' | 'quietMs' | 'resendUnknown' | 'enabled'
  > {
  readonly sealedSecrets: string | null;
}

/** A page of the workspace's channels, newest first. */
export async function listChannels(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<Channel>> {
  const conditions = new Conditions().inScope([workspaceId], 'workspace_id');
  const rows = await db.query<ChannelRow>({
    text: `SELECT ${columns} FROM channels ${conditions.pageOf(page, ['deleted_at IS NULL'])}`,
    values: conditions.values,
  });
  return toPage(rows.map(toChannel), page.limit, (channel) => channel);
}

/** The channel; null when there is none in scope. */
export async function getChannel(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<Channel | null> {
  return (await getSealedChannel(db, scope, id))?.channel ?? null;
}

/** The same with its secrets. `lock` holds it until the transaction ends. */
export async function getSealedChannel(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
  lock: 'lock' | 'read' = 'read',
): Promise<SealedChannel | null> {
  const rows = await db.query<ChannelRow & { sealed_secrets: string | null }>({
    name: `channel_get_${lock}`,
    text: `SELECT ${columns}, sealed_secrets FROM channels
      WHERE id = $1 AND deleted_at IS NULL AND ${inScopeSql('workspace_id', '$2')}
      ${lock === 'lock' ? 'FOR UPDATE' : ''}`,
    values: [id, scopeValue(scope)],
  });
  const [row] = rows;
  return row === undefined ? null : { channel: toChannel(row), sealedSecrets: row.sealed_secrets };
}

/** The channel that messages come in for at the URL with this key; null when there is none. */
export async function findChannelByKey(
  db: Queryable,
  inboundKey: string,
): Promise<SealedChannel | null> {
  const rows = await db.query<ChannelRow & { sealed_secrets: string | null }>({
    name: 'channel_by_key',
    text: `SELECT ${columns}, sealed_secrets FROM channels
      WHERE inbound_hash = $1 AND deleted_at IS NULL`,
    values: [hashOf(inboundKey)],
  });
  const [row] = rows;
  return row === undefined ? null : { channel: toChannel(row), sealedSecrets: row.sealed_secrets };
}

/** The workspace's channels that messages of this kind go by, the oldest first. */
export async function listChannelsFor(
  db: Queryable,
  workspaceId: string,
  kind: MessageChannel,
): Promise<readonly Channel[]> {
  const rows = await db.query<ChannelRow>({
    name: 'channels_for_kind',
    text: `SELECT ${columns} FROM channels
      WHERE workspace_id = $1 AND channel = $2 AND deleted_at IS NULL ORDER BY created_at, id`,
    values: [workspaceId, kind],
  });
  return rows.map(toChannel);
}

/** Adds a channel; null when the workspace has `maxCount` already. */
export async function insertChannel(
  tx: Queryable,
  channel: ChannelToSave &
    Pick<Channel, 'id' | 'workspaceId' | 'type' | 'inboundKey'> & { readonly maxCount: number },
): Promise<Channel | null> {
  const rows = await tx.query<ChannelRow>({
    text: `INSERT INTO channels (name, channel, inbox_type_id, config, quiet_ms, resend_unknown, enabled,
        sealed_secrets, id, workspace_id, type, inbound_key, inbound_hash)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
      WHERE (SELECT count(*) FROM channels WHERE workspace_id = $10 AND deleted_at IS NULL) < $14
      RETURNING ${columns}`,
    values: [
      ...fieldValues(channel),
      channel.id,
      channel.workspaceId,
      channel.type,
      channel.inboundKey,
      channel.inboundKey === null ? null : hashOf(channel.inboundKey),
      channel.maxCount,
    ],
  });
  return rows[0] === undefined ? null : toChannel(rows[0]);
}

/** Writes a locked channel. */
export async function updateChannel(
  tx: Queryable,
  id: string,
  channel: ChannelToSave,
): Promise<Channel> {
  const rows = await tx.query<ChannelRow>({
    text: `UPDATE channels SET name = $1, channel = $2, inbox_type_id = $3, config = $4, quiet_ms = $5,
        resend_unknown = $6, enabled = $7, sealed_secrets = $8, updated_at = clock_timestamp()
      WHERE id = $9 RETURNING ${columns}`,
    values: [...fieldValues(channel), id],
  });
  if (rows[0] === undefined) throw new Error('The channel is not there to be updated.');
  return toChannel(rows[0]);
}

/** Deletes (softly) the channel; what is not sent yet has failed. False: there is none in scope. */
export async function deleteChannel(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  const rows = await db.query({
    text: `WITH gone AS (
        UPDATE channels SET deleted_at = clock_timestamp(), updated_at = clock_timestamp(),
          inbound_hash = NULL, sealed_secrets = NULL
        WHERE id = $1 AND deleted_at IS NULL AND ${inScopeSql('workspace_id', '$2')}
        RETURNING id
      ), failed AS (
        UPDATE messages m SET status = 'failed', next_at = NULL, error = 'The channel was deleted.'
        FROM gone WHERE m.channel_id = gone.id AND m.status = 'queued'
      )
      SELECT id FROM gone`,
    values: [id, scopeValue(scope)],
  });
  return rows.length > 0;
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}

function fieldValues(channel: ChannelToSave): unknown[] {
  return [
    toStorableText(channel.name),
    channel.channel,
    channel.inboxTypeId,
    toJsonColumn(channel.config),
    channel.quietMs,
    channel.resendUnknown,
    channel.enabled,
    channel.sealedSecrets,
  ];
}

export function toChannel(row: ChannelRow): Channel {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    type: row.type,
    name: fromStorableText(row.name),
    channel: row.channel,
    inboxTypeId: row.inbox_type_id,
    config: fromJsonColumn<Record<string, unknown>>(row.config),
    inboundKey: row.inbound_key,
    quietMs: row.quiet_ms,
    resendUnknown: row.resend_unknown,
    enabled: row.enabled,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
