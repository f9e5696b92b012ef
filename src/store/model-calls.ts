import type { ModelLimits } from '../core/model-entry.ts';
import type { Database } from './connect.ts';

// Limits of models over all processes: a row a call, counted by the database under a lock of the model.
// Only calls of models that have limits come here.

/** How long a call counts as under way after its process was last heard of. */
export const callHoldMs = 30_000;

/** Begins a call if the limits let it; else after how many milliseconds to ask again, at the earliest. */
export async function beginModelCall(
  db: Database,
  call: {
    readonly id: string;
    readonly modelId: string;
    readonly limits: ModelLimits;
    readonly estimatedTokens: number;
  },
): Promise<{ readonly began: true } | { readonly began: false; readonly waitMs: number }> {
  return await db.transaction(async (tx) => {
    await tx.query({
      text: `SELECT pg_advisory_xact_lock(hashtextextended('model_calls/' || $1, 0))`,
      values: [call.modelId],
    });
    await tx.execute({
      text: `DELETE FROM model_calls WHERE model_id = $1
        AND started_at < clock_timestamp() - interval '1 minute'
        AND (held_until IS NULL OR held_until < clock_timestamp())`,
      values: [call.modelId],
    });
    const [row] = await tx.query<CountRow>({
      text: `SELECT count(*) FILTER (WHERE recent) AS requests,
          coalesce(sum(tokens) FILTER (WHERE recent), 0)::bigint AS tokens,
          count(*) FILTER (WHERE held_until >= clock_timestamp()) AS open,
          ceil(extract(epoch FROM min(started_at) FILTER (WHERE recent)
            + interval '1 minute' - clock_timestamp()) * 1000)::bigint AS frees_ms
        FROM (SELECT *, started_at >= clock_timestamp() - interval '1 minute' AS recent
          FROM model_calls WHERE model_id = $1) c`,
      values: [call.modelId],
    });
    const waitMs = row === undefined ? null : waitFor(row, call);
    if (waitMs !== null) return { began: false, waitMs };
    await tx.execute({
      text: `INSERT INTO model_calls (id, model_id, tokens, held_until)
        VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))`,
      values: [call.id, call.modelId, call.estimatedTokens, callHoldMs / 1_000],
    });
    return { began: true };
  });
}

interface CountRow {
  readonly requests: number;
  readonly tokens: number;
  readonly open: number;
  readonly frees_ms: number | null;
}

/** A slot is asked for soon, since anybody's call may end; a minute is over when it is over. */
function waitFor(
  row: CountRow,
  { limits, estimatedTokens }: { readonly limits: ModelLimits; readonly estimatedTokens: number },
): number | null {
  const { requests_per_minute, tokens_per_minute, max_concurrent } = limits;
  const freesMs = Math.max(50, Math.min(60_000, row.frees_ms ?? 0));
  if (requests_per_minute !== null && row.requests >= requests_per_minute) return freesMs;
  // A call that is larger than the limit itself goes alone: else it never would.
  const tokens = row.tokens + estimatedTokens;
  if (tokens_per_minute !== null && row.tokens > 0 && tokens > tokens_per_minute) return freesMs;
  if (max_concurrent !== null && row.open >= max_concurrent) return 250;
  return null;
}

/** Says that the calls are still under way. */
export async function holdModelCalls(db: Database, ids: readonly string[]): Promise<void> {
  await db.execute({
    text: `UPDATE model_calls SET held_until = clock_timestamp() + make_interval(secs => $2)
      WHERE id = ANY ($1) AND held_until IS NOT NULL`,
    values: [ids, callHoldMs / 1_000],
  });
}

/** Ends a call; what it used counts from then on in place of the estimate. */
export async function endModelCall(
  db: Database,
  call: { readonly id: string; readonly tokens: number | null },
): Promise<void> {
  await db.execute({
    text: `UPDATE model_calls SET held_until = NULL, tokens = coalesce($2, tokens) WHERE id = $1`,
    values: [call.id, call.tokens],
  });
}
