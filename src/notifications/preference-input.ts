import { z } from 'zod';
import {
  groupSeconds,
  notificationChannels,
  notificationKinds,
  notificationMaxima,
} from '../core/notification.ts';

// What may be written of a preference.

export const preferenceFields = {
  channel: z.enum(notificationChannels),
  target: z.string().min(1).max(2_000).nullable(),
  kinds: z
    .array(z.enum(notificationKinds))
    .min(1)
    .transform((kinds) => [...new Set(kinds)]),
  agent_ids: z.array(z.string()).min(1).max(notificationMaxima.agents).nullable(),
  group_seconds: z.number().int().min(groupSeconds.least).max(groupSeconds.most),
  enabled: z.boolean(),
} as const;

/** What a new one says where its maker does not. */
export const usualPreference = {
  kinds: ['escalation', 'approval'],
  groupSeconds: groupSeconds.usual,
  enabled: true,
} as const;
