import { z } from '@hono/zod-openapi';
import { RawJson } from '../../core/raw-json.ts';
import {
  deliveryStates,
  type Webhook,
  type WebhookAttempt,
  type WebhookDelivery,
} from '../../core/webhook.ts';
import type { DeliveryDetail } from '../../store/webhook-deliveries.ts';
import { iso, isoOrNull } from './times.ts';

export const webhookShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  url: z.string(),
  description: z.string(),
  event_types: z.array(z.string()),
  agent_ids: z.array(z.string()).nullable(),
  enabled: z.boolean(),
  disabled_reason: z
    .string()
    .nullable()
    .openapi({ description: 'Why the server switched it off.' }),
  failing_since: z.string().nullable(),
  former_secret_until: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});

const attemptShape = z.object({
  n: z.number().int(),
  status: z.number().int().nullable().openapi({ description: 'HTTP status; null: no answer.' }),
  error: z.string().nullable(),
  response: z.string().nullable().openapi({ description: 'The beginning of the answer’s body.' }),
  duration_ms: z.number(),
  created_at: z.string(),
});

export const deliveryShape = z.object({
  id: z.string(),
  webhook_id: z.string(),
  message_id: z
    .string()
    .openapi({ description: 'The header `webhook-id`; the same at every try.' }),
  event_type: z.string(),
  status: z.enum(deliveryStates),
  attempts: z.number().int(),
  next_attempt_at: z.string().nullable(),
  last_attempt: attemptShape.nullable(),
  created_at: z.string(),
  ended_at: z.string().nullable(),
});

export const deliveryDetailShape = deliveryShape.extend({
  payload: z.unknown(),
  attempt_log: z.array(attemptShape),
});

export function showWebhook(webhook: Webhook) {
  return {
    id: webhook.id,
    workspace_id: webhook.workspaceId,
    url: webhook.url,
    description: webhook.description,
    event_types: webhook.eventTypes,
    agent_ids: webhook.agentIds,
    enabled: webhook.enabled,
    disabled_reason: webhook.disabledReason,
    failing_since: isoOrNull(webhook.failingSince),
    former_secret_until: isoOrNull(webhook.formerSecretUntil),
    created_at: iso(webhook.createdAt),
    updated_at: iso(webhook.updatedAt),
  };
}

export function showDelivery(delivery: WebhookDelivery) {
  return {
    id: delivery.id,
    webhook_id: delivery.webhookId,
    message_id: delivery.messageId,
    event_type: delivery.eventType,
    status: delivery.state,
    attempts: delivery.attempts,
    next_attempt_at: isoOrNull(delivery.nextAt),
    last_attempt: delivery.last === null ? null : showAttempt(delivery.last),
    created_at: iso(delivery.createdAt),
    ended_at: isoOrNull(delivery.endedAt),
  };
}

export function showDeliveryDetail({ delivery, body, attempts }: DeliveryDetail) {
  return {
    ...showDelivery(delivery),
    payload: new RawJson(body),
    attempt_log: attempts.map(showAttempt),
  };
}

function showAttempt(attempt: WebhookAttempt) {
  return {
    n: attempt.n,
    status: attempt.status,
    error: attempt.error,
    response: attempt.response,
    duration_ms: attempt.durationMs,
    created_at: iso(attempt.createdAt),
  };
}
