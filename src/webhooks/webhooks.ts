import { ApiError } from '../core/errors.ts';
import { givenFields } from '../core/given-fields.ts';
import { newId } from '../core/ids.ts';
import type { SecretBox } from '../core/secret-box.ts';
import { newStandardSecret } from '../core/standard-webhooks.ts';
import { type Problems, refuse } from '../core/validate.ts';
import type { Webhook } from '../core/webhook.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import { findAgentLabel } from '../store/agent-labels.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { type DeliveryDetail, getDelivery, resendDelivery } from '../store/webhook-deliveries.ts';
import {
  deleteWebhook,
  getWebhook,
  insertWebhook,
  lockWebhook,
  publishMessage,
  replaceWebhookSecret,
  updateWebhook,
  type WebhookFields,
} from '../store/webhooks.ts';
import { type InTransaction, requireWorkspace } from '../store/workspaces.ts';
import { messageBody } from './message.ts';
import { secretPlace } from './send.ts';
import { type WebhookReach, webhookMaxima, whyNotUrl } from './webhook-input.ts';

// The rules of subscriptions. A secret is shown when it is made, and never again.

export interface WebhookDeps {
  readonly db: Database;
  readonly secretBox: SecretBox;
  readonly reach: WebhookReach;
  /** Something is due: look at once. */
  readonly nudge: () => void;
}

/** Throws `validation_error`, and `conflict` when the workspace has too many. */
export async function createWebhook(
  deps: WebhookDeps,
  input: WebhookFields & { readonly workspaceId: string; readonly secret: string },
  inTransaction?: InTransaction<Webhook>,
): Promise<Webhook> {
  const { workspaceId, secret } = input;
  return await deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, 'all', workspaceId);
    const fields = await checked(deps, tx, { fields: input, workspaceId, before: null });
    const id = newId('webhook');
    const webhook = await insertWebhook(tx, {
      ...fields,
      id,
      workspaceId,
      sealedSecret: deps.secretBox.seal(secret, secretPlace(id)),
      maxCount: webhookMaxima.perWorkspace,
    });
    if (webhook === null) {
      throw new ApiError(
        'conflict',
        `The workspace has ${webhookMaxima.perWorkspace} webhooks already. Delete some.`,
      );
    }
    await inTransaction?.(tx, webhook);
    return webhook;
  });
}

/** Changes what is given. Throws `not_found`, `validation_error`. */
export async function patchWebhook(
  deps: WebhookDeps,
  key: ScopedKey,
  patch: { readonly [Field in keyof WebhookFields]?: WebhookFields[Field] | undefined },
): Promise<Webhook> {
  const webhook = await deps.db.transaction(async (tx) => {
    const before = await lockWebhook(tx, key.scope, key.id);
    if (before === null) throw noWebhook(key.id);
    const given = givenFields(patch);
    const { workspaceId } = before;
    const fields = await checked(deps, tx, {
      fields: { ...before, ...given },
      workspaceId,
      before,
    });
    return await updateWebhook(tx, key.id, fields);
  });
  if (webhook.enabled) deps.nudge();
  return webhook;
}

/** Ends the subscription; what is not delivered yet never is. Throws `not_found`. */
export async function removeWebhook(db: Queryable, key: ScopedKey): Promise<void> {
  if (!(await deleteWebhook(db, key.scope, key.id))) throw noWebhook(key.id);
}

/** A new secret; the former one signs beside it for `overlapMs`. Throws `not_found`. */
export async function rotateWebhookSecret(
  deps: WebhookDeps,
  rotation: ScopedKey & { readonly overlapMs: number },
): Promise<{ readonly webhook: Webhook; readonly secret: string }> {
  const secret = newStandardSecret();
  const sealedSecret = deps.secretBox.seal(secret, secretPlace(rotation.id));
  const webhook = await replaceWebhookSecret(deps.db, { ...rotation, sealedSecret });
  if (webhook === null) throw noWebhook(rotation.id);
  return { webhook, secret };
}

/** Sends an event of type `webhook.test` to this subscription. Throws `not_found`, `conflict`. */
export async function sendTestEvent(deps: WebhookDeps, key: ScopedKey): Promise<string> {
  const webhook = await requireWebhook(deps.db, key);
  requireEnabled(webhook);
  const id = newId('webhookMessage');
  const type = 'webhook.test';
  await publishMessage(deps.db, {
    id,
    type,
    workspaceId: webhook.workspaceId,
    agentId: null,
    body: messageBody({ type, at: new Date(), data: { webhook_id: webhook.id } }),
    only: webhook.id,
  });
  deps.nudge();
  return id;
}

/** Makes a delivery again, under the id it had. Throws `not_found`, `conflict`. */
export async function resend(
  deps: WebhookDeps,
  key: ScopedKey & { readonly deliveryId: string },
): Promise<DeliveryDetail> {
  const webhook = await requireWebhook(deps.db, key);
  requireEnabled(webhook);
  const delivery = { webhookId: webhook.id, id: key.deliveryId };
  await resendDelivery(deps.db, delivery);
  const detail = await requireDelivery(deps.db, delivery);
  deps.nudge();
  return detail;
}

/** Throws `not_found`. */
export async function requireWebhook(db: Queryable, { scope, id }: ScopedKey): Promise<Webhook> {
  const webhook = await getWebhook(db, scope, id);
  if (webhook === null) throw noWebhook(id);
  return webhook;
}

/** Throws `not_found`. */
export async function requireDelivery(
  db: Queryable,
  key: { readonly webhookId: string; readonly id: string },
): Promise<DeliveryDetail> {
  const detail = await getDelivery(db, key);
  if (detail !== null) return detail;
  throw new ApiError('not_found', `The webhook has no delivery ${key.id}.`);
}

function requireEnabled(webhook: Webhook): void {
  if (webhook.enabled) return;
  throw new ApiError(
    'conflict',
    `The webhook is switched off${webhook.disabledReason === null ? '' : ` (${webhook.disabledReason.replace(/\.$/, '')})`}. Enable it first.`,
  );
}

/** The fields, of which everything new was found to be right. */
async function checked(
  deps: WebhookDeps,
  tx: Queryable,
  given: {
    readonly fields: WebhookFields;
    readonly workspaceId: string;
    readonly before: Webhook | null;
  },
): Promise<WebhookFields> {
  const { fields, workspaceId, before } = given;
  const problems: Problems = new Map();
  if (fields.url !== before?.url) {
    const problem = whyNotUrl(fields.url, deps.reach);
    if (problem !== null) problems.set('url', problem);
  }
  const agentIds: string[] = [];
  for (const [index, idOrNumber] of (fields.agentIds ?? []).entries()) {
    const agent = await findAgentLabel(tx, [workspaceId], idOrNumber);
    if (agent === null) problems.set(`agent_ids[${index}]`, 'is no agent of this workspace');
    else agentIds.push(agent.id);
  }
  refuse(problems);
  return {
    ...fields,
    eventTypes: [...new Set(fields.eventTypes)],
    agentIds: fields.agentIds === null ? null : [...new Set(agentIds)],
  };
}

function noWebhook(id: string): ApiError {
  return new ApiError('not_found', `There is no webhook ${id}.`);
}
