import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import {
  groupSeconds,
  type Notification,
  type NotificationPreference,
  notificationChannels,
  notificationKinds,
  notificationStatuses,
} from '../../core/notification.ts';
import { preferenceFields } from '../../notifications/preference-input.ts';
import {
  type Actor,
  createPreference,
  type MadePreference,
  patchPreference,
  removePreference,
  requireNotification,
  requirePreference,
  testPreference,
} from '../../notifications/preferences.ts';
import { listPreferences } from '../../store/notification-preferences.ts';
import { listNotifications } from '../../store/notifications.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import type { Caller } from '../caller.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { roleHolds } from '../roles.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, listQuery, ofObject, workspaceIdField } from './fields.ts';
import { iso, isoOrNull } from './times.ts';

// What members are told when something needs a person. People reach their own; owners and tokens everybody's.

const tag = 'notifications';
const resource = 'notification';
const preferenceParams = z.object({
  id: idParam('Preference', 'np77c0dy0mgdpzmqz6tesry8w184002s'),
});

const userShape = z.object({ id: z.string(), email: z.string() });
const preferenceShape = z.object({
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
const notificationShape = z.object({
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

function showPreference(one: NotificationPreference) {
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

function showNotification(one: Notification) {
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

const fields = {
  target: preferenceFields.target.openapi({
    description:
      'For `slack` the name of a secret with the URL of an incoming webhook, for `webhook` a URL. Owners and editors set it.',
  }),
  kinds: preferenceFields.kinds.openapi({
    description: '`escalation`, `approval`, `failure` (a run that failed).',
  }),
  agent_ids: preferenceFields.agent_ids,
  group_seconds: preferenceFields.group_seconds.openapi({
    description: 'After a message, all that happens within this time is one more.',
  }),
  enabled: preferenceFields.enabled,
};

const userId = z.string().openapi({ description: 'Of the member; default: who is signed in.' });

function actorOf(caller: Caller, workspaceId: string): Actor {
  if (caller.kind !== 'person') return { userId: null, mayNameTargets: true };
  const role = caller.roles?.get(workspaceId);
  const isOwner = role === 'owner';
  return {
    userId: isOwner ? null : caller.id,
    mayNameTargets: role !== undefined && roleHolds(role, 'webhook', 'write'),
  };
}

/** For an object whose workspace is not known yet: everybody's only for who owns all they reach. */
async function actorFor(
  caller: Caller,
  find: (actor: Pick<Actor, 'userId'>) => Promise<{ readonly workspaceId: string }>,
): Promise<Actor> {
  const { workspaceId } = await find({ userId: null });
  return actorOf(caller, workspaceId);
}

export const notificationRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/notifications/preferences',
      operationId: 'listNotificationPreferences',
      tag,
      summary: 'List what members are told',
      description: 'One’s own; of everybody for owners and tokens.',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({ ...listQuery, user_id: z.string().optional() }),
      responses: { 200: { description: 'Preferences', data: preferenceShape, kind: 'page' } },
    },
    async ({ query: { user_id, ...query }, workspaceId, caller }, deps) => {
      const only = ownOr(actorOf(caller, workspaceId), user_id);
      const filters = { workspaceId, only };
      const paging = pagingOf(deps, { name: 'notification-preferences', filters, ...query });
      const of = { workspaceId, userId: only };
      return listed(await listPreferences(deps.db, of, paging.request), paging, showPreference);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/notifications/preferences',
      operationId: 'createNotificationPreference',
      tag,
      summary: 'Be told when something needs a person',
      description: `Until somebody asks for it, nobody is told of anything. By \`email\` to the address of the account, by \`slack\`, or by a signed \`webhook\`, whose secret is shown once. What comes within 15 seconds is one message, and after a message what comes within \`group_seconds\` (${groupSeconds.least} to ${groupSeconds.most}, default ${groupSeconds.usual}) is one more.`,
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      idempotent: 'create',
      secretAnswer: true,
      body: z.object({
        workspace_id: workspaceIdField.optional(),
        user_id: userId.optional(),
        channel: preferenceFields.channel,
        target: fields.target.optional(),
        kinds: fields.kinds.optional().openapi({ description: 'Default: escalation, approval.' }),
        agent_ids: fields.agent_ids.optional(),
        group_seconds: fields.group_seconds.optional(),
        enabled: fields.enabled.optional(),
      }),
      bodyRequired: true,
      bodyExample: { channel: 'email', kinds: ['escalation', 'approval'] },
      errors: { 409: 'The member has too many' },
      responses: {
        201: {
          description: 'Preference created',
          data: preferenceShape.extend({ secret: z.string().nullable() }),
        },
      },
    },
    async ({ body, workspaceId, caller, idempotency }, deps) => {
      const answerOf = ({ preference, secret }: MadePreference) =>
        created({ ...showPreference(preference), secret });
      const input = {
        workspaceId,
        userId: body.user_id ?? selfOf(caller),
        channel: body.channel,
        target: body.target ?? null,
        kinds: body.kinds ?? (['escalation', 'approval'] as const),
        agentIds: body.agent_ids ?? null,
        groupSeconds: body.group_seconds ?? groupSeconds.usual,
        enabled: body.enabled ?? true,
      };
      const keep = keepAnswer(deps, idempotency, answerOf);
      const actor = actorOf(caller, workspaceId);
      return answerOf(await createPreference(deps.notifications, actor, input, keep));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/notifications/preferences/{id}',
      operationId: 'getNotificationPreference',
      tag,
      summary: 'Get what a member is told',
      resource,
      right: 'read',
      workspace: ofObject,
      params: preferenceParams,
      responses: { 200: { description: 'Preference', data: preferenceShape } },
    },
    async ({ params: { id }, scope, caller }, deps) => {
      const find = (actor: Pick<Actor, 'userId'>) =>
        requirePreference(deps.db, actor, { scope, id });
      return ok(showPreference(await find(await actorFor(caller, find))));
    },
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/notifications/preferences/{id}',
      operationId: 'updateNotificationPreference',
      tag,
      summary: 'Change what a member is told',
      description: 'Switched off (`enabled: false`), what was to be sent is dropped.',
      resource,
      right: 'write',
      workspace: ofObject,
      params: preferenceParams,
      body: z.object(fields).partial(),
      bodyExample: { kinds: ['escalation', 'approval', 'failure'] },
      responses: { 200: { description: 'Preference', data: preferenceShape } },
    },
    async ({ params: { id }, scope, caller, body }, deps) => {
      const find = (actor: Pick<Actor, 'userId'>) =>
        requirePreference(deps.db, actor, { scope, id });
      const actor = await actorFor(caller, find);
      const { agent_ids, group_seconds, ...rest } = body;
      const patch = { ...rest, agentIds: agent_ids, groupSeconds: group_seconds };
      const changed = await patchPreference(deps.notifications, actor, { scope, id }, patch);
      return ok(showPreference(changed));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/notifications/preferences/{id}',
      operationId: 'deleteNotificationPreference',
      tag,
      summary: 'Tell a member no more',
      description: 'Its messages go with it.',
      resource,
      right: 'write',
      workspace: ofObject,
      params: preferenceParams,
      responses: { 200: { description: 'Preference deleted', data: deletion } },
    },
    async ({ params: { id }, scope, caller }, deps) => {
      const find = (actor: Pick<Actor, 'userId'>) =>
        requirePreference(deps.db, actor, { scope, id });
      await removePreference(deps.db, await actorFor(caller, find), { scope, id });
      return deleted(id);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/notifications/preferences/{id}/test',
      operationId: 'testNotificationPreference',
      tag,
      summary: 'Send a test message',
      resource,
      right: 'write',
      workspace: ofObject,
      params: preferenceParams,
      errors: { 409: 'It is switched off' },
      responses: { 202: { description: 'It will be sent', data: notificationShape } },
    },
    async ({ params: { id }, scope, caller }, deps) => {
      const find = (actor: Pick<Actor, 'userId'>) =>
        requirePreference(deps.db, actor, { scope, id });
      const actor = await actorFor(caller, find);
      const made = await testPreference(deps.notifications, actor, { scope, id });
      return { status: 202, data: showNotification(made) };
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/notifications',
      operationId: 'listNotifications',
      tag,
      summary: 'List what members were told',
      description: 'One’s own; of everybody for owners and tokens. Kept for 30 days.',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        ...listQuery,
        user_id: z.string().optional(),
        status: z.enum(notificationStatuses).optional(),
      }),
      responses: { 200: { description: 'Notifications', data: notificationShape, kind: 'page' } },
    },
    async ({ query: { user_id, status, ...query }, workspaceId, caller }, deps) => {
      const only = ownOr(actorOf(caller, workspaceId), user_id);
      const filters = { workspaceId, only, status };
      const paging = pagingOf(deps, { name: 'notifications', filters, ...query });
      const of = { workspaceId, userId: only, status };
      return listed(await listNotifications(deps.db, of, paging.request), paging, showNotification);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/notifications/{id}',
      operationId: 'getNotification',
      tag,
      summary: 'Get a notification',
      description: 'With what it says, and how its sending goes.',
      resource,
      right: 'read',
      workspace: ofObject,
      params: z.object({ id: idParam('Notification', 'nt77c0dy0mgdpzmqz6tesry8w184002s') }),
      responses: {
        200: { description: 'Notification', data: notificationShape.extend({ body: z.string() }) },
      },
    },
    async ({ params: { id }, scope, caller }, deps) => {
      const find = (actor: Pick<Actor, 'userId'>) =>
        requireNotification(deps.db, actor, { scope, id });
      const found = await find(await actorFor(caller, find));
      return ok({ ...showNotification(found), body: found.body });
    },
  ),
];

/** The member that a list is about; null: all. Throws `forbidden` for somebody else's. */
function ownOr({ userId: own }: Actor, asked: string | undefined): string | null {
  if (asked === undefined || asked === own) return own;
  if (own === null) return asked;
  throw new ApiError('forbidden', 'You see what you are told; owners see it of others.');
}

/** Throws `validation_error` for a token, which is nobody in particular. */
function selfOf(caller: Caller): string {
  if (caller.kind === 'person') return caller.id;
  throw new ApiError('validation_error', 'user_id: is required with a token.', {
    details: { user_id: 'is required with a token: the id of a member' },
  });
}
