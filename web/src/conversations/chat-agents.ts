import type { Agent, Channel } from '../api/types.ts';

/** The agents that answer what comes in by a channel, as their message triggers say. */
export function answering(
  channel: Pick<Channel, 'channel' | 'inbox_type_id'>,
  agents: readonly Agent[],
) {
  return agents.filter(
    ({ enabled, triggers }) =>
      enabled &&
      triggers.some((trigger) => {
        const { inboxTypeId = null, channels } = trigger.config as {
          inboxTypeId?: string | null;
          channels?: readonly string[];
        };
        return (
          trigger.type === 'message' &&
          trigger.enabled &&
          (inboxTypeId === null || inboxTypeId === channel.inbox_type_id) &&
          (channels?.includes(channel.channel) ?? true)
        );
      }),
  );
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
