import { z } from 'zod';
import type { Agent } from '../core/agent.ts';
import type { Channel } from '../core/channel.ts';
import { ApiError } from '../core/errors.ts';

// How a chat channel shows itself to those who write by it, and which agent answers there. Kept in its config.

const text = (max: number) => z.string().max(max).nullable();
const iconUrl = z
  .url({ protocol: /^https$/ })
  .max(2_048)
  .nullable();

/** What people may set of it, each on its own. */
export const channelProfileFields = {
  audience: z.enum(['MSP', 'END_USER']),
  display_name: text(100),
  description: text(2_000),
  welcome_message: text(4_000),
  color_icon_url: iconUrl,
  outline_icon_url: iconUrl,
  relay_prefix: text(100),
  show_agent_progress_steps: z.boolean(),
};

/** The config of a chat channel. */
export const chatConfig = z
  .strictObject({ ...channelProfileFields, agent_id: z.string().max(64).nullable() })
  .partial();
export type ChatConfig = z.output<typeof chatConfig>;

/** Throws `unprocessable` unless the agent hears what is written by the channel. */
export function requireHearing(
  agent: Pick<Agent, 'id' | 'definition' | 'triggers'>,
  { channel, inboxTypeId }: Pick<Channel, 'channel' | 'inboxTypeId'>,
): void {
  const hears = agent.triggers.some(({ type, enabled, config }) => {
    if (type !== 'message' || !enabled) return false;
    const { inboxTypeId: only, channels } = config as {
      inboxTypeId?: string | null;
      channels?: readonly string[];
    };
    const ofInbox = only === undefined || only === null || only === inboxTypeId;
    return ofInbox && (channels === undefined || channels.includes(channel));
  });
  if (hears) return;
  throw new ApiError(
    'unprocessable',
    `The agent "${agent.definition.name}" hears nothing of this channel: give it a message trigger for the inbox type ${inboxTypeId} and the channel ${channel}.`,
    { details: { agent_id: 'has no enabled message trigger for this channel' } },
  );
}
