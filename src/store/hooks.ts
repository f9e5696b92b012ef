import { createHash } from 'node:crypto';
import type { Queryable } from './connect.ts';
import { fromJsonColumn } from './json-column.ts';

// Webhook triggers by the key in their URL, and what of their keys and secrets was replaced and is good for
// a while yet.

/** A webhook trigger that a key leads to. */
export interface Hook {
  readonly triggerId: string;
  readonly agentId: string;
  readonly workspaceId: string;
  /** Sealed secrets that are good now: the one in force first. Empty when there is none. */
  readonly sealedSecrets: readonly string[];
}

interface HookRow {
  readonly hook_hash: Buffer;
  readonly id: string;
  readonly agent_id: string;
  readonly workspace_id: string;
  readonly config: string;
  readonly former: readonly { readonly sealed: string; readonly beside: string }[] | null;
}

/** What is looked up of a key: its SHA-256. */
export function hashHookKey(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}

/** The triggers that the keys with these hashes (as hex) lead to now, in their order; null where there is none. */
export async function findHooks(
  db: Queryable,
  hashes: readonly string[],
): Promise<readonly (Hook | null)[]> {
  const rows = await db.query<HookRow>({
    name: 'find_hooks',
    text: `SELECT k.hook_hash, t.id, t.agent_id, t.workspace_id, t.config,
        (SELECT json_agg(json_build_object('sealed', s.sealed, 'beside', s.beside) ORDER BY s.valid_until DESC)
         FROM former_hook_secrets s
         WHERE s.trigger_id = t.id AND s.valid_until > clock_timestamp()) AS former
      FROM (
        SELECT hook_hash, id AS trigger_id FROM triggers WHERE hook_hash = ANY ($1)
        UNION ALL
        SELECT hook_hash, trigger_id FROM former_hook_keys
        WHERE hook_hash = ANY ($1) AND valid_until > clock_timestamp()
      ) k JOIN triggers t ON t.id = k.trigger_id
      WHERE t.deleted_at IS NULL AND t.type = 'webhook'`,
    values: [hashes.map((hash) => Buffer.from(hash, 'hex'))],
  });
  const found = new Map(rows.map((row) => [row.hook_hash.toString('hex'), toHook(row)]));
  return hashes.map((hash) => found.get(hash) ?? null);
}

/** Keeps a replaced key good for a while. `overlapMs` 0: it is not, and neither is any earlier one. */
export async function keepFormerKey(
  tx: Queryable,
  former: { readonly triggerId: string; readonly hookKey: string; readonly overlapMs: number },
): Promise<void> {
  const { triggerId, hookKey, overlapMs } = former;
  if (overlapMs === 0) {
    await tx.execute({
      text: 'DELETE FROM former_hook_keys WHERE trigger_id = $1',
      values: [triggerId],
    });
    return;
  }
  await tx.execute({
    text: `INSERT INTO former_hook_keys (hook_hash, trigger_id, valid_until)
      VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))`,
    values: [hashHookKey(hookKey), triggerId, overlapMs / 1_000],
  });
}

/** Keeps a replaced secret good for a while, beside the new one, with those that were good beside it. */
export async function keepFormerSecret(
  tx: Queryable,
  former: {
    readonly triggerId: string;
    readonly sealed: string;
    /** The one that is in force now. */
    readonly beside: string;
    /** 0: it is not kept, and neither is any earlier one. */
    readonly overlapMs: number;
  },
): Promise<void> {
  const { triggerId, sealed, beside, overlapMs } = former;
  // What is not good any more goes: expired, or ended by a secret that was set without rotation.
  await tx.execute({
    text: `DELETE FROM former_hook_secrets
      WHERE trigger_id = $1 AND ($3 OR beside <> $2 OR valid_until <= clock_timestamp())`,
    values: [triggerId, sealed, overlapMs === 0],
  });
  if (overlapMs === 0) return;
  await tx.execute({
    text: 'UPDATE former_hook_secrets SET beside = $2 WHERE trigger_id = $1',
    values: [triggerId, beside],
  });
  await tx.execute({
    text: `INSERT INTO former_hook_secrets (trigger_id, sealed, beside, valid_until)
      VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))`,
    values: [triggerId, sealed, beside, overlapMs / 1_000],
  });
}

/** Forgets keys and secrets whose time is over; the number that went. */
export async function sweepFormerHooks(db: Queryable): Promise<number> {
  const keys = await db.execute(
    'DELETE FROM former_hook_keys WHERE valid_until <= clock_timestamp()',
  );
  const secrets = await db.execute(
    'DELETE FROM former_hook_secrets WHERE valid_until <= clock_timestamp()',
  );
  return keys + secrets;
}

function toHook(row: HookRow): Hook {
  const { secret } = fromJsonColumn<Record<string, unknown>>(row.config);
  const former = (row.former ?? []).filter(({ beside }) => beside === secret);
  return {
    triggerId: row.id,
    agentId: row.agent_id,
    workspaceId: row.workspace_id,
    sealedSecrets:
      typeof secret === 'string' ? [secret, ...former.map(({ sealed }) => sealed)] : [],
  };
}
