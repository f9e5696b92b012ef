import { listenedNames } from '../core/event-name.ts';
import { newId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Webhook } from '../core/webhook.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

// Subscriptions to webhooks out. Secrets are sealed, and leave this file only for signing.

interface WebhookRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly url: string;
  readonly description: string;
  readonly event_types: readonly string[];
  readonly agent_ids: readonly string[] | null;
  readonly enabled: boolean;
  readonly disabled_reason: string | null;
  readonly failing_since: Date | null;
  readonly former_until: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = `id, workspace_id, url, description, event_types, agent_ids, enabled, disabled_reason,
  failing_since, CASE WHEN former_until > clock_timestamp() THEN former_until END AS former_until,
  created_at, updated_at`;

export type WebhookFields = Pick<
  Webhook,
  'url' | 'description' | 'eventTypes' | 'agentIds' | 'enabled'
>;

/** A page of the workspace's subscriptions, newest first. */
export async function listWebhooks(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<Webhook>> {
  const conditions = new Conditions().inScope([workspaceId], 'workspace_id');
  const rows = await db.query<WebhookRow>({
    text: `SELECT ${columns} FROM webhooks ${conditions.pageOf(page, ['deleted_at IS NULL'])}`,
    values: conditions.values,
  });
  return toPage(rows.map(toWebhook), page.limit, (webhook) => webhook);
}

/** The subscription; null when there is none in scope. */
export async function getWebhook(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<Webhook | null> {
  const rows = await db.query<WebhookRow>({
    name: 'get_webhook',
    text: `SELECT ${columns} FROM webhooks
      WHERE id = $1 AND deleted_at IS NULL AND ${inScopeSql('workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toWebhook(rows[0]);
}

/** Adds a subscription; null when the workspace has `maxCount` already. */
export async function insertWebhook(
  tx: Queryable,
  webhook: WebhookFields & {
    readonly id: string;
    readonly workspaceId: string;
    readonly sealedSecret: string;
    readonly maxCount: number;
  },
): Promise<Webhook | null> {
  const rows = await tx.query<WebhookRow>({
    text: `INSERT INTO webhooks (id, workspace_id, url, description, event_types, agent_ids, enabled, secret)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8
      WHERE (SELECT count(*) FROM webhooks WHERE workspace_id = $2 AND deleted_at IS NULL) < $9
      RETURNING ${columns}`,
    values: [
      webhook.id,
      webhook.workspaceId,
      ...fieldValues(webhook),
      webhook.sealedSecret,
      webhook.maxCount,
    ],
  });
  return rows[0] === undefined ? null : toWebhook(rows[0]);
}

/** Locks the subscription for the rest of the transaction and reads it; null when there is none in scope. */
export async function lockWebhook(
  tx: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<Webhook | null> {
  const locked = await tx.query({
    text: `SELECT id FROM webhooks
      WHERE id = $1 AND deleted_at IS NULL AND ${inScopeSql('workspace_id', '$2')} FOR UPDATE`,
    values: [id, scopeValue(scope)],
  });
  return locked.length === 0 ? null : getWebhook(tx, scope, id);
}

/** Writes a locked subscription. One that is switched on has no failures behind it. */
export async function updateWebhook(
  tx: Queryable,
  id: string,
  fields: WebhookFields,
): Promise<Webhook> {
  const rows = await tx.query<WebhookRow>({
    text: `UPDATE webhooks SET url = $2, description = $3, event_types = $4, agent_ids = $5, enabled = $6,
        disabled_reason = CASE WHEN $6 THEN NULL ELSE disabled_reason END,
        failing_since = CASE WHEN $6 AND NOT enabled THEN NULL ELSE failing_since END,
        updated_at = clock_timestamp()
      WHERE id = $1 RETURNING ${columns}`,
    values: [id, ...fieldValues(fields)],
  });
  return one(rows);
}

/** Deletes (softly) the subscription; what is not delivered yet never is. False: there is none in scope. */
export async function deleteWebhook(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  const written = await db.execute({
    text: `UPDATE webhooks SET deleted_at = clock_timestamp(), updated_at = clock_timestamp()
      WHERE id = $1 AND deleted_at IS NULL AND ${inScopeSql('workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return written > 0;
}

/** Puts another secret in force; the former one signs beside it for `overlapMs`. Null: none in scope. */
export async function replaceWebhookSecret(
  db: Queryable,
  change: {
    readonly scope: WorkspaceScope;
    readonly id: string;
    readonly sealedSecret: string;
    readonly overlapMs: number;
  },
): Promise<Webhook | null> {
  const rows = await db.query<WebhookRow>({
    text: `UPDATE webhooks SET secret = $3, updated_at = clock_timestamp(),
        former_secret = CASE WHEN $4::float8 > 0 THEN secret END,
        former_until = CASE WHEN $4::float8 > 0 THEN clock_timestamp() + make_interval(secs => $4::float8) END
      WHERE id = $1 AND deleted_at IS NULL AND ${inScopeSql('workspace_id', '$2')}
      RETURNING ${columns}`,
    values: [change.id, scopeValue(change.scope), change.sealedSecret, change.overlapMs / 1_000],
  });
  return rows[0] === undefined ? null : toWebhook(rows[0]);
}

/**
 * Writes down what happened for those who subscribed to it: a message, and a delivery for each of them, in
 * one statement. Nothing is written for nobody, or a second time under the same id. The number of deliveries.
 */
export async function publishMessage(
  tx: Queryable,
  message: {
    /** Names the happening, so that it has the same id however often this is called. */
    readonly id: string;
    readonly workspaceId: string;
    readonly type: string;
    readonly agentId: string | null;
    /** JSON text, as receivers get it. */
    readonly body: string;
    /** One subscription, whatever it subscribed to. */
    readonly only?: string;
  },
): Promise<number> {
  return await tx.execute({
    name: 'publish_webhook_message',
    text: `WITH receivers AS MATERIALIZED (
        SELECT w.id FROM webhooks w
        WHERE w.workspace_id = $2 AND w.deleted_at IS NULL AND (
          w.id = $6 OR ($6::text IS NULL AND w.enabled AND w.event_types && $3::text[]
            AND (w.agent_ids IS NULL OR $4 = ANY (w.agent_ids))))
      ), message AS (
        INSERT INTO webhook_messages (id, workspace_id, type, body)
        SELECT $1, $2, $7, $5 WHERE EXISTS (SELECT 1 FROM receivers)
        ON CONFLICT (id) DO NOTHING
        RETURNING id
      )
      INSERT INTO webhook_deliveries (id, workspace_id, webhook_id, message_id, next_at)
      SELECT 'wd' || substr($8, 3, 26) || lpad(to_hex(row_number() OVER (ORDER BY r.id)), 4, '0'),
        $2, r.id, m.id, clock_timestamp()
      FROM message m CROSS JOIN receivers r`,
    values: [
      message.id,
      message.workspaceId,
      subscribedNames(message.type),
      message.agentId,
      toStorableText(message.body),
      message.only ?? null,
      message.type,
      newId('webhookDelivery'),
    ],
  });
}

/** Everything that a subscription may name in order to be told of an event of this name. */
export function subscribedNames(type: string): string[] {
  return [...listenedNames(type), '*'];
}

function fieldValues(fields: WebhookFields): unknown[] {
  const { url, description, eventTypes, agentIds, enabled } = fields;
  return [url, toStorableText(description), eventTypes, agentIds, enabled];
}

function one(rows: readonly WebhookRow[]): Webhook {
  const [row] = rows;
  if (row === undefined) throw new Error('The webhook is not there to be updated.');
  return toWebhook(row);
}

function toWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    url: row.url,
    description: fromStorableText(row.description),
    eventTypes: row.event_types,
    agentIds: row.agent_ids,
    enabled: row.enabled,
    disabledReason: row.disabled_reason,
    failingSince: row.failing_since,
    formerSecretUntil: row.former_until,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
