import { fromStorableText, storableOrNull } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

// Deliveries that are due, claimed by one process at a time: a claim makes the delivery due again later, so
// that one which died with its process is made once more, under the same id.

/** A delivery to be made now. */
export interface ClaimedDelivery {
  readonly id: string;
  /** What the outcome is recorded under. */
  readonly claim: number;
  readonly webhookId: string;
  readonly url: string;
  /** Sealed: the one in force, and the former one while its overlap lasts. */
  readonly sealedSecrets: readonly string[];
  readonly messageId: string;
  readonly body: string;
  /** Attempts since it was made or sent again, without this one. */
  readonly tries: number;
}

interface ClaimedRow {
  readonly id: string;
  readonly claim: number;
  readonly webhook_id: string;
  readonly url: string;
  readonly secret: string;
  readonly former_secret: string | null;
  readonly message_id: string;
  readonly body: string;
  readonly tries: number;
}

/**
 * Claims what is due, oldest first for each webhook. `busy` says how many of each webhook are under way in
 * this process: a webhook gets `perWebhook` at once, and one that fails a single one.
 */
export async function claimDeliveries(
  db: Queryable,
  request: {
    readonly limit: number;
    readonly perWebhook: number;
    readonly busy: ReadonlyMap<string, number>;
    /** How long an attempt may take before it counts as lost. */
    readonly leaseMs: number;
    /** The database's clock is read so much ahead; for tests. */
    readonly aheadMs: number;
  },
): Promise<readonly ClaimedDelivery[]> {
  const rows = await db.query<ClaimedRow>({
    name: 'claim_webhook_deliveries',
    text: `WITH clock AS MATERIALIZED (
        SELECT clock_timestamp() + make_interval(secs => $6) AS now
      ), busy AS MATERIALIZED (
        SELECT * FROM unnest($3::text[], $4::int[]) AS b (webhook_id, n)
      ), due AS MATERIALIZED (
        SELECT d.id FROM clock, webhooks w
        CROSS JOIN LATERAL (
          SELECT d.id FROM webhook_deliveries d
          WHERE d.webhook_id = w.id AND d.state = 'pending' AND d.next_at <= (SELECT now FROM clock)
          ORDER BY d.next_at
          LIMIT greatest(0, CASE WHEN w.failing_since IS NULL THEN $2 ELSE 1 END
            - coalesce((SELECT n FROM busy WHERE webhook_id = w.id), 0))
          FOR UPDATE SKIP LOCKED
        ) d
        WHERE w.enabled AND w.deleted_at IS NULL AND EXISTS (
          SELECT 1 FROM webhook_deliveries
          WHERE state = 'pending' AND next_at <= (SELECT now FROM clock)
        )
        LIMIT $1
      )
      UPDATE webhook_deliveries d SET claim = d.claim + 1,
        next_at = clock.now + make_interval(secs => $5)
      FROM clock, due, webhooks w, webhook_messages m
      WHERE d.id = due.id AND w.id = d.webhook_id AND m.id = d.message_id
      RETURNING d.id, d.claim, d.webhook_id, w.url, w.secret, d.message_id, m.body, d.tries,
        CASE WHEN w.former_until > clock.now THEN w.former_secret END AS former_secret`,
    values: [
      request.limit,
      request.perWebhook,
      [...request.busy.keys()],
      [...request.busy.values()],
      request.leaseMs / 1_000,
      request.aheadMs / 1_000,
    ],
  });
  return rows.map((row) => ({
    id: row.id,
    claim: row.claim,
    webhookId: row.webhook_id,
    url: row.url,
    sealedSecrets: row.former_secret === null ? [row.secret] : [row.secret, row.former_secret],
    messageId: row.message_id,
    body: fromStorableText(row.body),
    tries: row.tries,
  }));
}

/** How an attempt ended, and what becomes of the delivery. */
export interface AttemptOutcome {
  readonly status: number | null;
  readonly error: string | null;
  readonly response: string | null;
  readonly durationMs: number;
  /** `retry` after so many milliseconds; `gone`: the receiver wants no more of any. */
  readonly next:
    | { readonly kind: 'delivered' | 'failed' | 'gone' }
    | { readonly kind: 'retry'; readonly afterMs: number };
}

/**
 * Records an attempt, once for a claim, and switches the webhook off when its receiver is gone or has failed for too long. An
 * attempt whose claim was lost (the delivery was sent again, or claimed by another process) is logged, and
 * decides nothing about the delivery.
 */
export async function recordAttempt(
  db: Queryable,
  delivery: Pick<ClaimedDelivery, 'id' | 'claim' | 'webhookId'>,
  outcome: AttemptOutcome,
  policy: { readonly disableAfterMs: number; readonly aheadMs: number },
): Promise<{ readonly disabled: boolean }> {
  const { next } = outcome;
  const rows = await db.query<{ disabled: boolean }>({
    name: 'record_webhook_attempt',
    text: `WITH clock AS MATERIALIZED (
        SELECT clock_timestamp() + make_interval(secs => $11) AS now
      ), judged AS (
        UPDATE webhooks w SET
          failing_since = CASE WHEN $4 = 'delivered' THEN NULL ELSE coalesce(w.failing_since, clock.now) END,
          enabled = w.enabled AND NOT ($4 = 'gone' OR ($4 <> 'delivered'
            AND w.failing_since <= clock.now - make_interval(secs => $10))) IS TRUE,
          disabled_reason = CASE
            WHEN w.enabled AND $4 = 'gone' THEN 'The receiver answered 410: it wants no more.'
            WHEN w.enabled AND $4 <> 'delivered'
              AND w.failing_since <= clock.now - make_interval(secs => $10)
              THEN 'Every attempt has failed since '
                || to_char(w.failing_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '.'
            ELSE w.disabled_reason END
        FROM clock
        WHERE w.id = $3 AND ($4 <> 'delivered' OR w.failing_since IS NOT NULL)
        RETURNING NOT w.enabled AND w.disabled_reason IS NOT NULL AS disabled
      ), verdict AS MATERIALIZED (
        SELECT now, $4 = 'retry' AND NOT EXISTS (SELECT 1 FROM judged WHERE disabled) AS again FROM clock
      ), recorded AS (
        UPDATE webhook_deliveries d SET
          attempts = d.attempts + 1,
          claim = CASE WHEN d.claim = $2 THEN d.claim + 1 ELSE d.claim END,
          tries = CASE WHEN d.claim = $2 THEN d.tries + 1 ELSE d.tries END,
          state = CASE WHEN d.claim <> $2 THEN d.state WHEN v.again THEN 'pending'
            WHEN $4 = 'delivered' THEN 'delivered' ELSE 'failed' END,
          next_at = CASE WHEN d.claim <> $2 THEN d.next_at
            WHEN v.again THEN v.now + make_interval(secs => $5) END,
          ended_at = CASE WHEN d.claim <> $2 THEN d.ended_at WHEN NOT v.again THEN v.now END
        FROM verdict v WHERE d.id = $1
        RETURNING d.id, d.attempts
      ), logged AS (
        INSERT INTO webhook_attempts (delivery_id, n, status, error, response, duration_ms, created_at)
        SELECT r.id, r.attempts, $6, $7, $8, $9, clock.now FROM recorded r, clock
      ), ended AS (
        UPDATE webhook_deliveries d SET state = 'failed', next_at = NULL, ended_at = clock.now,
          claim = d.claim + 1
        FROM clock
        WHERE d.webhook_id = $3 AND d.id <> $1 AND d.state = 'pending' AND EXISTS (SELECT 1 FROM judged WHERE disabled)
      )
      SELECT disabled FROM judged`,
    values: [
      delivery.id,
      delivery.claim,
      delivery.webhookId,
      next.kind,
      next.kind === 'retry' ? next.afterMs / 1_000 : 0,
      outcome.status,
      storableOrNull(outcome.error),
      storableOrNull(outcome.response),
      outcome.durationMs,
      policy.disableAfterMs / 1_000,
      policy.aheadMs / 1_000,
    ],
  });
  return { disabled: rows[0]?.disabled === true };
}

/** Gives a claim back unused, so that another process need not wait for it to lapse. */
export async function releaseClaim(
  db: Queryable,
  { id, claim }: Pick<ClaimedDelivery, 'id' | 'claim'>,
): Promise<void> {
  await db.execute({
    name: 'release_webhook_claim',
    text: `UPDATE webhook_deliveries SET next_at = clock_timestamp() WHERE id = $1 AND claim = $2`,
    values: [id, claim],
  });
}
