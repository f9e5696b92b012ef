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
