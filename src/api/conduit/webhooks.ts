import { z } from '@hono/zod-openapi';
import { newStandardSecret } from '../../core/standard-webhooks.ts';
import type { Webhook } from '../../core/webhook.ts';
import { listWebhooks } from '../../store/webhooks.ts';
import { webhookFields } from '../../webhooks/webhook-input.ts';
import {
  createWebhook,
  patchWebhook,
  removeWebhook,
  requireWebhook,
  rotateWebhookSecret,
  sendTestEvent,
} from '../../webhooks/webhooks.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, listQuery, ofObject, workspaceIdField } from './fields.ts';
import { showWebhook, webhookShape } from './webhook-view.ts';

const tag = 'webhooks';
const resource = 'webhook';
const params = z.object({ id: idParam('Webhook', 'wh77c0dy0mgdpzmqz6tesry8w184002s') });

const fields = {
  url: webhookFields.url.openapi({
    description: '`https`, on the public internet. Redirects are not followed.',
    example: 'https://example.com/hooks/signalbox',
  }),
  description: webhookFields.description.optional(),
  event_types: webhookFields.event_types.openapi({
    description: 'Names, families such as `run.*`, or `*`.',
    example: ['run.completed', 'run.failed'],
  }),
  agent_ids: webhookFields.agent_ids.optional().openapi({
    description: 'Only events of these agents. Null: of all.',
  }),
  enabled: webhookFields.enabled.optional().openapi({
    description: 'While it is false, what happens is not told; what is pending waits.',
  }),
};

export const webhookRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/webhooks',
      operationId: 'listWebhooks',
      tag,
      summary: 'List webhooks',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object(listQuery),
      responses: { 200: { description: 'Webhooks', data: webhookShape, kind: 'page' } },
    },
    async ({ query, workspaceId }, deps) => {
      const paging = pagingOf(deps, { name: 'webhooks', filters: { workspaceId }, ...query });
      return listed(await listWebhooks(deps.db, workspaceId, paging.request), paging, showWebhook);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/webhooks',
      operationId: 'createWebhook',
      tag,
      summary: 'Create webhook',
      description:
        'From now on the URL is sent what happens, signed as Standard Webhooks say. The secret is in `data.secret`, this once.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      idempotent: 'create',
      secretAnswer: true,
      body: z.object({ workspace_id: workspaceIdField.optional(), ...fields }),
      bodyRequired: true,
      bodyExample: { url: 'https://example.com/hooks', event_types: ['run.completed'] },
      errors: { 409: 'The workspace has too many webhooks' },
      responses: {
        201: { description: 'Webhook created', data: webhookShape.extend({ secret: z.string() }) },
      },
    },
    async ({ body, workspaceId, idempotency }, deps) => {
      const secret = newStandardSecret();
      const answerOf = (webhook: Webhook) => created({ ...showWebhook(webhook), secret });
      const input = {
        workspaceId,
        secret,
        url: body.url,
        description: body.description ?? '',
        eventTypes: body.event_types,
        agentIds: body.agent_ids ?? null,
        enabled: body.enabled ?? true,
      };
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await createWebhook(deps.webhooks, input, keep));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/webhooks/{id}',
      operationId: 'getWebhook',
      tag,
      summary: 'Get webhook',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Webhook', data: webhookShape } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(showWebhook(await requireWebhook(deps.db, { scope, id }))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/webhooks/{id}',
      operationId: 'updateWebhook',
      tag,
      summary: 'Update webhook',
      description: 'One that the server switched off goes on with `enabled: true`.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({
        ...fields,
        url: fields.url.optional(),
        event_types: fields.event_types.optional(),
      }),
      bodyExample: { enabled: true },
      responses: { 200: { description: 'Webhook', data: webhookShape } },
    },
    async ({ params: { id }, scope, body }, deps) => {
      const { url, description, event_types: eventTypes, agent_ids: agentIds, enabled } = body;
      const patch = { url, description, eventTypes, agentIds, enabled };
      return ok(showWebhook(await patchWebhook(deps.webhooks, { scope, id }, patch)));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/webhooks/{id}',
      operationId: 'deleteWebhook',
      tag,
      summary: 'Delete webhook',
      description: 'What is not delivered yet never is.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Webhook deleted', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      await removeWebhook(deps.db, { scope, id });
      return deleted(id);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/webhooks/{id}/rotate-secret',
      operationId: 'rotateWebhookSecret',
      tag,
      summary: 'Rotate the secret of a webhook',
      description:
        'During the overlap requests carry a signature by each of the two secrets. The new one is shown this once.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({
        overlap_hours: z.number().min(0).max(720).default(24).openapi({
          description: 'Hours that the former secret signs, too. 0: not at all.',
        }),
      }),
      bodyExample: { overlap_hours: 24 },
      responses: {
        200: {
          description: 'The webhook, and its new secret',
          data: webhookShape.extend({ secret: z.string() }),
        },
      },
    },
    async ({ params: { id }, scope, body }, deps) => {
      const overlapMs = body.overlap_hours * 3_600_000;
      const { webhook, secret } = await rotateWebhookSecret(deps.webhooks, {
        scope,
        id,
        overlapMs,
      });
      return ok({ ...showWebhook(webhook), secret });
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/webhooks/{id}/test',
      operationId: 'testWebhook',
      tag,
      summary: 'Send a test event',
      description: 'An event of type `webhook.test`, like any other in the list of deliveries.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      errors: { 409: 'The webhook is switched off' },
      responses: {
        202: { description: 'It will be sent', data: z.object({ message_id: z.string() }) },
      },
    },
    async ({ params: { id }, scope }, deps) => {
      const message_id = await sendTestEvent(deps.webhooks, { scope, id });
      return { status: 202, data: { message_id } };
    },
  ),
];
