import { z } from '@hono/zod-openapi';
import {
  type Notification,
  type NotificationPreference,
  notificationChannels,
  notificationKinds,
  notificationStatuses,
} from '../../core/notification.ts';
import type { ActorIn } from '../../notifications/preferences.ts';
import type { Caller } from '../caller.ts';
import { roleHolds } from '../roles.ts';
import { iso, isoOrNull } from './times.ts';

// What members are told when something needs a person: how it is shown, and to whom.

const userShape = z.object({ id: z.string(), email: z.string() });
export const preferenceShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  user: userShape,
  channel: z.enum(notificationChannels),
  target: z.string().nullable().openapi({
    description: 'The name of a secret (slack), a URL (webhook); null: the address of the account.',
  }),
  kinds: z.array(z.enum(notificationKinds)),
  agent_ids: z.array(z.string()).nullable().openapi({ description: 'Null: every agent.' }),
  group_seconds: z.number().int(),
  enabled: z.boolean(),
  last_told_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});
export const notificationShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  preference_id: z.string(),
  user: userShape,
  channel: z.enum(notificationChannels),
  target: z.string(),
  subject: z.string(),
  counts: z.record(z.string(), z.number().int()).openapi({
    description: 'How many of each kind it tells of.',
  }),
  status: z.enum(notificationStatuses),
  attempts: z.number().int(),
  next_attempt_at: z.string().nullable(),
  error: z.string().nullable(),
  sent_at: z.string().nullable(),
  created_at: z.string(),
});

export function showPreference(one: NotificationPreference) {
  return {
    id: one.id,
    workspace_id: one.workspaceId,
    user: one.user,
    channel: one.channel,
    target: one.target,
    kinds: one.kinds,
    agent_ids: one.agentIds,
    group_seconds: one.groupSeconds,
    enabled: one.enabled,
    last_told_at: isoOrNull(one.toldAt),
    created_at: iso(one.createdAt),
    updated_at: iso(one.updatedAt),
  };
}

export function showNotification(one: Notification) {
  return {
    id: one.id,
    workspace_id: one.workspaceId,
    preference_id: one.preferenceId,
    user: one.user,
    channel: one.channel,
    target: one.target,
    subject: one.subject,
    counts: one.counts,
    status: one.status,
    attempts: one.attempts,
    next_attempt_at: isoOrNull(one.nextAttemptAt),
    error: one.error,
    sent_at: isoOrNull(one.sentAt),
    created_at: iso(one.createdAt),
  };
}

/** Owners and tokens reach everybody's, the others their own. */
export function actorIn(caller: Caller): ActorIn {
  return (workspaceId) => {
    if (caller.kind !== 'person') return { userId: null, mayNameTargets: true };
    const role = caller.roles?.get(workspaceId);
    return {
      userId: role === 'owner' ? null : caller.id,
      mayNameTargets: role !== undefined && roleHolds(role, 'webhook', 'write'),
    };
  };
}
