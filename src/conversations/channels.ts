import { randomBytes } from 'node:crypto';
import type { Channel, ChannelType, MessageChannel } from '../core/channel.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { SecretBox } from '../core/secret-box.ts';
import { newStandardSecret } from '../core/standard-webhooks.ts';
import { collect, type Problems, refuse } from '../core/validate.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import {
  deleteChannel,
  getChannel,
  getSealedChannel,
  insertChannel,
  listChannelsFor,
  updateChannel,
} from '../store/channels.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { listInboxTypes } from '../store/inbox-types.ts';
import { holdWorkspace, type InTransaction, requireWorkspace } from '../store/workspaces.ts';
import { openSecrets, sealSecrets } from './channel-secrets.ts';
import { adapters } from './channels/adapters.ts';

// The rules of channels. Secrets are sealed with the channel, and come back once at most: when we made them.

export interface ChannelDeps {
  readonly db: Database;
  readonly secretBox: SecretBox;
}

/** What can be set of a channel; what is not given has its type's default, or stays. */
export interface ChannelInput {
  readonly name?: string | undefined;
  readonly channel?: MessageChannel | undefined;
  readonly inboxTypeId?: string | undefined;
  readonly config?: unknown;
  /** By name; null takes one away. */
  readonly secrets?: Readonly<Record<string, string | null>> | undefined;
  readonly quietMs?: number | undefined;
  readonly resendUnknown?: boolean | undefined;
  readonly enabled?: boolean | undefined;
}

type NewChannel = ChannelInput & {
  readonly workspaceId: string;
  readonly type: ChannelType;
  readonly name: string;
};

export interface MadeChannel {
  readonly channel: Channel;
  /** The secret that was made for it, if none was given. */
  readonly secret: string | null;
}

const maxChannels = 200;
/** A burst has ended when nothing came for so long; people who chat are quicker. */
const quietMs = { usual: 3_000, chat: 1_000 } as const;

/** Throws `validation_error`, and `conflict` when the workspace has too many. */
export async function createChannel(
  deps: ChannelDeps,
  input: NewChannel,
  inTransaction?: InTransaction<MadeChannel>,
): Promise<MadeChannel> {
  return await deps.db.transaction(async (tx) => {
    const made = await addChannel(deps, tx, input);
    await inTransaction?.(tx, made);
    return made;
  });
}

/** Changes what is given; of the config, only what `configChanges` names. Throws `not_found`, `validation_error`. */
export async function patchChannel(
  deps: ChannelDeps,
  key: ScopedKey,
  changes: ChannelInput & { readonly configChanges?: Readonly<Record<string, unknown>> },
): Promise<Channel> {
  return await deps.db.transaction(async (tx) => {
    const found = await getSealedChannel(tx, key.scope, key.id, 'lock');
    if (found === null) throw noChannel(key.id);
    const { id, workspaceId, type, config } = found.channel;
    const { configChanges = {} } = changes;
    const isChanged = Object.keys(configChanges).length > 0;
    const given = isChanged ? { ...changes, config: { ...config, ...configChanges } } : changes;
    const secrets = openSecrets(deps.secretBox, id, found.sealedSecrets);
    const checked = await check(tx, { workspaceId, type, given, before: found.channel, secrets });
    const sealedSecrets = sealSecrets(deps.secretBox, id, checked.secrets);
    return await updateChannel(tx, id, { ...checked.fields, sealedSecrets });
  });
}

/** Throws `not_found`. */
export async function requireChannel(db: Queryable, { scope, id }: ScopedKey): Promise<Channel> {
  const channel = await getChannel(db, scope, id);
  if (channel === null) throw noChannel(id);
  return channel;
}

/** What has not been sent yet never is; conversations stay. Throws `not_found`. */
export async function removeChannel(db: Queryable, { scope, id }: ScopedKey): Promise<void> {
  if (!(await deleteChannel(db, scope, id))) throw noChannel(id);
}

/** The workspace's first chat channel, made if it has none. */
export async function ensureChatChannel(deps: ChannelDeps, workspaceId: string): Promise<Channel> {
  const [first] = await listChannelsFor(deps.db, workspaceId, 'chat');
  if (first !== undefined) return first;
  return await deps.db.transaction(async (tx) => {
    // Asked for twice at once: who waited finds what the other made.
    await holdWorkspace(tx, 'all', workspaceId);
    const [meanwhile] = await listChannelsFor(tx, workspaceId, 'chat');
    if (meanwhile !== undefined) return meanwhile;
    return (await addChannel(deps, tx, { workspaceId, type: 'chat', name: 'Chat' })).channel;
  });
}

async function addChannel(
  deps: ChannelDeps,
  tx: Queryable,
  input: NewChannel,
): Promise<MadeChannel> {
  const { type, workspaceId } = input;
  await requireWorkspace(tx, 'all', workspaceId);
  const needsSecret = type === 'webhook' && typeof input.secrets?.secret !== 'string';
  const secret = needsSecret ? newStandardSecret() : null;
  const given = secret === null ? input : { ...input, secrets: { ...input.secrets, secret } };
  const adapter = adapters[type];
  const before = {
    name: input.name,
    channel: adapter.kinds[0] ?? 'webhook',
    inboxTypeId: 'guest',
    config: {},
    quietMs: type === 'chat' ? quietMs.chat : quietMs.usual,
    resendUnknown: adapter.knowsRepeats,
    enabled: true,
  };
  const checked = await check(tx, { workspaceId, type, given, before, secrets: {} });
  const id = newId('channel');
  const channel = await insertChannel(tx, {
    ...checked.fields,
    ...{ id, workspaceId, type, maxCount: maxChannels },
    sealedSecrets: sealSecrets(deps.secretBox, id, checked.secrets),
    inboundKey: adapter.hasUrl ? `in_${randomBytes(24).toString('base64url')}` : null,
  });
  if (channel === null) {
    throw new ApiError('conflict', `The workspace has ${maxChannels} channels already.`);
  }
  return { channel, secret };
}

type Fields = Pick<
  Channel,
  'name' | 'channel' | 'inboxTypeId' | 'config' | 'quietMs' | 'resendUnknown' | 'enabled'
>;

async function check(
  tx: Queryable,
  of: {
    readonly workspaceId: string;
    readonly type: ChannelType;
    readonly given: ChannelInput;
    readonly before: Fields;
    readonly secrets: Readonly<Record<string, string>>;
  },
): Promise<{ readonly fields: Fields; readonly secrets: Readonly<Record<string, string>> }> {
  const { type, given, before } = of;
  const adapter = adapters[type];
  const problems: Problems = new Map();
  const channel = given.channel ?? before.channel;
  if (!adapter.kinds.includes(channel)) {
    problems.set(
      'channel',
      `must be one of ${adapter.kinds.join(', ')} for a channel of type ${type}`,
    );
  }
  const inboxTypeId = given.inboxTypeId ?? before.inboxTypeId;
  const types = await listInboxTypes(tx, [of.workspaceId], of.workspaceId);
  if (!types.some(({ id }) => id === inboxTypeId)) {
    problems.set('inbox_type_id', 'names no inbox type of this workspace');
  }
  const config = collect(adapter.config, {
    value: given.config ?? before.config,
    at: ['config'],
    problems,
  });
  const added = collect(adapter.secrets, {
    value: withoutNulls(given.secrets ?? {}),
    at: ['secrets'],
    problems,
  });
  const secrets = withoutNulls({ ...of.secrets, ...given.secrets });
  if (config !== null && added !== null) {
    for (const [field, problem] of adapter.problems(config, secrets)) problems.set(field, problem);
  }
  refuse(problems);
  return {
    secrets,
    fields: {
      name: given.name ?? before.name,
      channel,
      inboxTypeId,
      config: config ?? {},
      quietMs: given.quietMs ?? before.quietMs,
      resendUnknown: given.resendUnknown ?? before.resendUnknown,
      enabled: given.enabled ?? before.enabled,
    },
  };
}

function withoutNulls(given: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

function noChannel(id: string): ApiError {
  return new ApiError('not_found', `There is no channel ${id}.`);
}
