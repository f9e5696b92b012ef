import { z } from 'zod';
import { ApiError } from '../../core/errors.ts';
import { chatConfig } from '../channel-profile.ts';
import type { ChannelAdapter } from './adapter.ts';

// Chat in the dashboard and by the API. Nothing is sent: whoever chats reads the messages here.

export const chatAdapter: ChannelAdapter = {
  kinds: ['chat', 'widget'],
  config: chatConfig,
  secrets: z.strictObject({}),
  knowsRepeats: true,
  hasUrl: false,
  problems: () => new Map(),
  read: () => {
    throw new ApiError('not_found', 'There is no channel at this URL.');
  },
  send: async () => ({ kind: 'sent', externalId: null }),
};
