import { z } from '@hono/zod-openapi';
import { notificationStatuses } from '../../core/notification.ts';
import { requireNotification, whoseOf } from '../../notifications/preferences.ts';
import { listNotifications } from '../../store/notifications.ts';
import { listed, ok } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { idParam, listQuery, ofObject } from './fields.ts';
import { actorIn, notificationShape, showNotification } from './notification-view.ts';

const tag = 'notifications';
const resource = 'notification';

export const notificationRoutes = [
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
      const only = whoseOf(actorIn(caller)(workspaceId), user_id);
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
      const found = await requireNotification(deps.db, actorIn(caller), { scope, id });
      return ok({ ...showNotification(found), body: found.body });
    },
  ),
];
