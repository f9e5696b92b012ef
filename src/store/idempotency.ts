import { createHash } from 'node:crypto';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

// Key and object are one commit. A second request with the same key waits in the insert until the first
// transaction ends, then finds its answer. A key counts for 24 hours of the database's clock.

export interface IdempotencyKey {
  /** The workspace, or whatever else the key is unique in (a token's id where there is no workspace). */
  readonly workspaceId: string;
  readonly route: string;
  readonly key: string;
  /** SHA-256 of the request's body (`hashBody`). */
  readonly bodyHash: Buffer;
}

export interface IdempotentAnswer {
  readonly status: number;
  /** JSON text of the body. Not a place for secrets: it is kept as it is. */
  readonly responseJson: string;
}

export type IdempotencyFinding =
  | { readonly kind: 'absent' }
  | ({ readonly kind: 'same' } & IdempotentAnswer)
  /** The key was used with another body. */
  | { readonly kind: 'other_body' };

export type IdempotencyOutcome =
  | { readonly kind: 'stored' }
  | Exclude<IdempotencyFinding, { kind: 'absent' }>;

interface Row {
  readonly body_hash: Buffer;
  readonly status: number;
  readonly response: string;
}

/** SHA-256 of a request's body. */
export function hashBody(body: string | Uint8Array): Buffer {
  return createHash('sha256').update(body).digest();
}

/** What is kept under the key. */
export async function findIdempotent(
  db: Queryable,
  key: IdempotencyKey,
): Promise<IdempotencyFinding> {
  const rows = await db.query<Row>({
    name: 'find_idempotent',
    text: `SELECT body_hash, status, response FROM idempotency_keys
      WHERE workspace_id = $1 AND route = $2 AND key = $3
        AND created_at > clock_timestamp() - interval '24 hours'`,
    values: [key.workspaceId, key.route, toStorableText(key.key)],
  });
  const row = rows[0];
  if (row === undefined) return { kind: 'absent' };
  if (!row.body_hash.equals(key.bodyHash)) return { kind: 'other_body' };
  return { kind: 'same', status: row.status, responseJson: fromStorableText(row.response) };
}

/**
 * Keeps an answer, in the transaction that creates the object. Anything but `stored` means that another
 * request was first: undo the transaction and give the caller what is returned.
 */
export async function insertIdempotent(
  tx: Queryable,
  key: IdempotencyKey,
  answer: IdempotentAnswer,
): Promise<IdempotencyOutcome> {
  if (answer.status < 200 || answer.status > 299) {
    throw new RangeError(`Only 2xx answers are kept, not ${answer.status}.`);
  }
  // The loop ends: a key that is in the way and then gone was swept or deleted in between.
  for (;;) {
    const written = await tx.execute({
      name: 'insert_idempotent',
      text: `INSERT INTO idempotency_keys (workspace_id, route, key, body_hash, status, response)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace_id, route, key) DO UPDATE
          SET body_hash = excluded.body_hash, status = excluded.status, response = excluded.response,
              created_at = clock_timestamp()
          WHERE idempotency_keys.created_at <= clock_timestamp() - interval '24 hours'`,
      values: [
        key.workspaceId,
        key.route,
        toStorableText(key.key),
        key.bodyHash,
        answer.status,
        toStorableText(answer.responseJson),
      ],
    });
    if (written === 1) return { kind: 'stored' };
    const found = await findIdempotent(tx, key);
    if (found.kind !== 'absent') return found;
  }
}

/** Deletes expired keys, at most 10,000 a call; the number that went. */
export function sweepIdempotency(db: Queryable): Promise<number> {
  return db.execute(`DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM idempotency_keys WHERE created_at <= clock_timestamp() - interval '24 hours'
    LIMIT 10000 FOR UPDATE SKIP LOCKED))`);
}
