import type { ChannelType } from '../../core/channel.ts';
import type { ChannelAdapter } from './adapter.ts';
import { chatAdapter } from './chat.ts';
import { emailAdapter } from './email.ts';
import { slackAdapter } from './slack.ts';
import { webhookAdapter } from './webhook.ts';

export const adapters: Readonly<Record<ChannelType, ChannelAdapter>> = {
  webhook: webhookAdapter,
  slack: slackAdapter,
  email: emailAdapter,
  chat: chatAdapter,
};
