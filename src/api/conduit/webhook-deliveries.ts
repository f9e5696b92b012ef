import { z } from '@hono/zod-openapi';
import { deliveryStates } from '../../core/webhook.ts';
import { listDeliveries } from '../../store/webhook-deliveries.ts';
import { requireDelivery, requireWebhook, resend } from '../../webhooks/webhooks.ts';
import { listed, ok } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { idParam, listQuery } from './fields.ts';
import {
  deliveryDetailShape,
  deliveryShape,
  showDelivery,
  showDeliveryDetail,
} from './webhook-view.ts';

const tag = 'webhooks';
const resource = 'webhook';
const workspace = { from: 'query', need: 'optional' } as const;
const ofWebhook = z.object({ id: idParam('Webhook', 'wh77c0dy0mgdpzmqz6tesry8w184002s') });
const params = ofWebhook.extend({
  delivery_id: idParam('Delivery', 'wd77c0dy0mgdpzmqz6tesry8w184002s'),
});

export const deliveryRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/webhooks/{id}/deliveries',
      operationId: 'listWebhookDeliveries',
      tag,
      summary: 'List deliveries of a webhook',
      description: 'What it was told, and how that went, for 30 days.',
      resource,
      right: 'read',
      workspace,
      params: ofWebhook,
      query: z.object({
        ...listQuery,
        status: z.enum(deliveryStates).optional(),
        event_type: z.string().max(100).optional(),
      }),
      responses: { 200: { description: 'Deliveries', data: deliveryShape, kind: 'page' } },
    },
    async ({ params: { id }, query, scope }, deps) => {
      const webhook = await requireWebhook(deps.db, { scope, id });
      const { status: state, event_type: eventType } = query;
      const filter = { webhookId: webhook.id, state, eventType };
      const paging = pagingOf(deps, { name: 'webhook-deliveries', filters: filter, ...query });
      return listed(await listDeliveries(deps.db, filter, paging.request), paging, showDelivery);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/webhooks/{id}/deliveries/{delivery_id}',
      operationId: 'getWebhookDelivery',
      tag,
      summary: 'Get a delivery',
      description: 'With what is sent, and every attempt.',
      resource,
      right: 'read',
      workspace,
      params,
      responses: { 200: { description: 'Delivery', data: deliveryDetailShape } },
    },
    async ({ params: { id, delivery_id }, scope }, deps) => {
      const { id: webhookId } = await requireWebhook(deps.db, { scope, id });
      return ok(showDeliveryDetail(await requireDelivery(deps.db, { webhookId, id: delivery_id })));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/webhooks/{id}/deliveries/{delivery_id}/resend',
      operationId: 'resendWebhookDelivery',
      tag,
      summary: 'Send a delivery again',
      description:
        'At once, with the same id and body, whatever became of it before; then as the schedule of retries says.',
      resource,
      right: 'write',
      workspace,
      params,
      errors: { 409: 'The webhook is switched off' },
      responses: { 202: { description: 'It will be sent', data: deliveryDetailShape } },
    },
    async ({ params: { id, delivery_id: deliveryId }, scope }, deps) => {
      const detail = await resend(deps.webhooks, { scope, id, deliveryId });
      return { status: 202, data: showDeliveryDetail(detail) };
    },
  ),
];
