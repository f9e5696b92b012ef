import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { groupSeconds } from '../../core/notification.ts';
import { preferenceFields, usualPreference } from '../../notifications/preference-input.ts';
import {
  createPreference,
  type MadePreference,
  patchPreference,
  removePreference,
  requirePreference,
  testPreference,
  whoseOf,
} from '../../notifications/preferences.ts';
import { listPreferences } from '../../store/notification-preferences.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import type { Caller } from '../caller.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, listQuery, ofObject, workspaceIdField } from './fields.ts';
import {
  actorIn,
  notificationShape,
  preferenceShape,
  showNotification,
  showPreference,
} from './notification-view.ts';

const tag = 'notifications';
const resource = 'notification';
const preferenceParams = z.object({
  id: idParam('Preference', 'np77c0dy0mgdpzmqz6tesry8w184002s'),
});

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

export const notificationPreferenceRoutes = [
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
      const only = whoseOf(actorIn(caller)(workspaceId), user_id);
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
        kinds: body.kinds ?? usualPreference.kinds,
        agentIds: body.agent_ids ?? null,
        groupSeconds: body.group_seconds ?? usualPreference.groupSeconds,
        enabled: body.enabled ?? usualPreference.enabled,
      };
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await createPreference(deps.notifications, actorIn(caller), input, keep));
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
      return ok(showPreference(await requirePreference(deps.db, actorIn(caller), { scope, id })));
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
      const { agent_ids, group_seconds, ...rest } = body;
      const patch = { ...rest, agentIds: agent_ids, groupSeconds: group_seconds };
      const changed = await patchPreference(
        deps.notifications,
        actorIn(caller),
        { scope, id },
        patch,
      );
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
      await removePreference(deps.db, actorIn(caller), { scope, id });
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
      const made = await testPreference(deps.notifications, actorIn(caller), { scope, id });
      return { status: 202, data: showNotification(made) };
    },
  ),
];

/** Throws `validation_error` for a token, which is nobody in particular. */
function selfOf(caller: Caller): string {
  if (caller.kind === 'person') return caller.id;
  throw new ApiError('validation_error', 'user_id: is required with a token.', {
    details: { user_id: 'is required with a token: the id of a member' },
  });
}
