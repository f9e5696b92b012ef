import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { Channel } from '../api/types.ts';

// Somebody who chats with an agent from the dashboard, as somebody outside would.

export interface Guest {
  readonly id: string;
  readonly name: string | null;
}

const ours = 'dashboard-';

/** The address of somebody who chats in the dashboard: each chat has its own. */
export function newGuestId(): string {
  const random = crypto.getRandomValues(new Uint8Array(12));
  return ours + Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether an address was made by `newGuestId`: only then one may go on writing under it here. */
export function isGuestOfOurs(address: string | null | undefined): address is string {
  return address?.startsWith(ours) ?? false;
}

/** Writes by a chat channel; the first message of a guest begins a conversation. */
export function writeAsGuest(channelId: string, from: Guest, body: string) {
  const params = { path: { id: channelId } };
  return dataOf(v1.POST('/v1/channels/{id}/messages', { params, body: { from, body } }));
}

/** The chat channels that take messages. */
export function openChats(channels: readonly Channel[]): readonly Channel[] {
  return channels.filter(({ type, enabled }) => type === 'chat' && enabled);
}

/** A chat channel for a workspace that has none. */
export function makeChatChannel(workspaceId: string): Promise<Channel> {
  const body = { workspace_id: workspaceId, type: 'chat' as const, name: 'Dashboard' };
  return dataOf(v1.POST('/v1/channels', { body }));
}
