import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableOrNull, fromStorableText } from '../core/storable-text.ts';
import type { DeliveryState, WebhookAttempt, WebhookDelivery } from '../core/webhook.ts';
import type { Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';

// The log of webhooks out, as it is shown, and re-sending from it. Who calls has read the webhook in scope.

interface AttemptColumns {
  readonly n: number | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly response: string | null;
  readonly duration_ms: number | null;
  readonly tried_at: Date | null;
}

interface DeliveryRow extends AttemptColumns {
  readonly id: string;
  readonly workspace_id: string;
  readonly webhook_id: string;
  readonly message_id: string;
  readonly type: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly next_at: Date | null;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}

const columns = `d.id, d.workspace_id, d.webhook_id, d.message_id, m.type, d.state, d.attempts,
  CASE WHEN d.state = 'pending' THEN d.next_at END AS next_at, d.created_at, d.ended_at,
  a.n, a.status, a.error, a.response, a.duration_ms, a.created_at AS tried_at`;
const tables = `webhook_deliveries d JOIN webhook_messages m ON m.id = d.message_id
  LEFT JOIN webhook_attempts a ON a.delivery_id = d.id AND a.n = d.attempts`;

/** A page of a webhook's deliveries, newest first. */
export async function listDeliveries(
  db: Queryable,
  filter: {
    readonly webhookId: string;
    readonly state?: DeliveryState | undefined;
    readonly eventType?: string | undefined;
  },
  page: PageRequest,
): Promise<Page<WebhookDelivery>> {
  const conditions = new Conditions().add(filter.webhookId, (at) => `d.webhook_id = ${at}`);
  if (filter.state !== undefined) conditions.add(filter.state, (at) => `d.state = ${at}`);
  if (filter.eventType !== undefined) conditions.add(filter.eventType, (at) => `m.type = ${at}`);
  const rows = await db.query<DeliveryRow>({
    text: `SELECT ${columns} FROM ${tables} ${conditions.pageOf(page, [], 'd')}`,
    values: conditions.values,
  });
  return toPage(rows.map(toDelivery), page.limit, (delivery) => delivery);
}

export interface DeliveryDetail {
  readonly delivery: WebhookDelivery;
  /** What is sent, as JSON text. */
  readonly body: string;
  /** In their order, the latest 100. */
  readonly attempts: readonly WebhookAttempt[];
}

/** One of the webhook's deliveries with its attempts; null when there is none. */
export async function getDelivery(
  db: Queryable,
  key: { readonly webhookId: string; readonly id: string },
): Promise<DeliveryDetail | null> {
  const [row] = await db.query<DeliveryRow & { body: string }>({
    name: 'get_webhook_delivery',
    text: `SELECT ${columns}, m.body FROM ${tables} WHERE d.id = $1 AND d.webhook_id = $2`,
    values: [key.id, key.webhookId],
  });
  if (row === undefined) return null;
  const attempts = await db.query<AttemptColumns>({
    name: 'list_webhook_attempts',
    text: `SELECT n, status, error, response, duration_ms, created_at AS tried_at FROM webhook_attempts
      WHERE delivery_id = $1 ORDER BY n DESC LIMIT 100`,
    values: [key.id],
  });
  return {
    delivery: toDelivery(row),
    body: fromStorableText(row.body),
    attempts: attempts.flatMap((attempt) => toAttempt(attempt) ?? []).toReversed(),
  };
}

/**
 * Makes the delivery due now, from the beginning of the schedule, under the id it had. One whose attempt is
 * under way gets another after it. False: there is none.
 */
export async function resendDelivery(
  db: Queryable,
  key: { readonly webhookId: string; readonly id: string },
): Promise<boolean> {
  // The claim is bumped: what is under way may end as it likes, this is due all the same.
  const written = await db.execute({
    name: 'resend_webhook_delivery',
    text: `UPDATE webhook_deliveries SET state = 'pending', tries = 0, next_at = clock_timestamp(),
        ended_at = NULL, claim = claim + 1
      WHERE id = $1 AND webhook_id = $2`,
    values: [key.id, key.webhookId],
  });
  return written > 0;
}

/**
 * Forgets what was told, or given up, more than 30 days ago, of workspaces without a rule for it; at most 10,000
 * messages a call.
 */
export function sweepWebhookMessages(db: Queryable): Promise<number> {
  return db.execute(`DELETE FROM webhook_messages WHERE id = ANY (ARRAY(
    SELECT m.id FROM webhook_messages m
    WHERE m.created_at < clock_timestamp() - interval '30 days' AND NOT EXISTS (
      SELECT 1 FROM retention t WHERE t.workspace_id = m.workspace_id AND t.rules ? 'deliveries'
    ) AND NOT EXISTS (
      SELECT 1 FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
      WHERE d.message_id = m.id AND d.state = 'pending' AND w.deleted_at IS NULL AND w.enabled)
    LIMIT 10000))`);
}

function toDelivery(row: DeliveryRow): WebhookDelivery {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    workspaceId: row.workspace_id,
    messageId: row.message_id,
    eventType: row.type,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at,
    last: toAttempt(row),
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}

function toAttempt(row: AttemptColumns): WebhookAttempt | null {
  const { n, status, duration_ms: durationMs, tried_at: createdAt } = row;
  if (n === null || durationMs === null || createdAt === null) return null;
  return {
    n,
    status,
    error: fromStorableOrNull(row.error),
    response: fromStorableOrNull(row.response),
    durationMs,
    createdAt,
  };
}
