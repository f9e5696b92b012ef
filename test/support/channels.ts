import { expect } from 'vitest';
import type { Channel } from '../../src/core/channel.ts';
import { newId } from '../../src/core/ids.ts';
import { insertChannel } from '../../src/store/channels.ts';
import type { Queryable } from '../../src/store/connect.ts';
import type { TestApi } from './api.ts';

/** A channel as a row, for tests that need no rules of channels: without secrets, by default a webhook. */
export async function insertChannelRow(
  db: Queryable,
  workspaceId: string,
  change: Partial<Channel> = {},
): Promise<Channel> {
  const made = await insertChannel(db, {
    id: newId('channel'),
    workspaceId,
    type: 'webhook',
    name: 'Bridge',
    channel: 'webhook',
    inboxTypeId: 'guest',
    config: {},
    quietMs: 1_000,
    resendUnknown: false,
    enabled: true,
    sealedSecrets: null,
    inboundKey: null,
    maxCount: 1_000_000,
    ...change,
  });
  if (made === null) throw new Error('The channel was not made.');
  return made;
}

/** A channel by the API, as it answers. */
export async function createChannelBy(api: TestApi, body: object) {
  const made = await api.request('POST', '/v1/channels', { body });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  return made.json.data;
}
