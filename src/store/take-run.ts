import type { Run } from '../core/run.ts';
import { claimLock, keyOf, openPlaces } from './claim.ts';
import type { Database, Queryable } from './connect.ts';
import { type RunRow, toRun } from './runs.ts';

// How a run of a cluster changes hands. The cluster says whose turn it is; it may say so while an earlier owner,
// which it has given up, still goes on: the new epoch ends what that one may write (I3).

/** A run that changes while it is taken is looked at again; a refusal of the database looks like a change. */
const maxLooks = 5;

/** `at_rest`: nothing to do for so long, or (null) until it is woken. `no_room`: a limit over all processes. */
export type Taken =
  | { readonly kind: 'taken'; readonly run: Run }
  | { readonly kind: 'at_rest'; readonly forMs: number | null }
  | { readonly kind: 'no_room' }
  | { readonly kind: 'ended' };

export interface TakeRequest {
  readonly runId: string;
  readonly owner: string;
  readonly engineRunId: string;
  /** For workspaces without a limit of their own. */
  readonly maxRunningPerWorkspace: number | null;
}

interface Seen {
  readonly id: string;
  readonly owner: string | null;
  readonly epoch: string;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly concurrency_key: string | null;
  readonly is_over: boolean;
  readonly is_limited: boolean;
  readonly wait_ms: number | null;
}

/**
 * Takes a run that is due, or that another owner had; a crash is counted for that one. Who has been declared dead
 * takes none: `no_room`.
 */
export async function takeRun(db: Database, request: TakeRequest): Promise<Taken> {
  for (let looks = 0; looks < maxLooks; looks++) {
    const seen = await look(db, request.runId);
    if (seen === null || seen.is_over) return { kind: 'ended' };
    if (seen.owner === null && (seen.wait_ms === null || seen.wait_ms > 0)) {
      return { kind: 'at_rest', forMs: seen.wait_ms };
    }
    const isLimited = seen.is_limited || request.maxRunningPerWorkspace !== null;
    const run =
      seen.owner === null && isLimited
        ? await takeWithinLimits(db, seen, request)
        : await take(db, seen, request);
    if (run === 'no_room') return { kind: 'no_room' };
    if (run !== null) return { kind: 'taken', run };
  }
  return { kind: 'no_room' };
}

/** How a run stands that its owner has let go of. */
export async function restOf(
  db: Queryable,
  runId: string,
): Promise<Exclude<Taken, { kind: 'taken' | 'no_room' }>> {
  const seen = await look(db, runId);
  if (seen === null || seen.is_over) return { kind: 'ended' };
  return { kind: 'at_rest', forMs: seen.owner === null ? seen.wait_ms : 0 };
}

async function look(db: Queryable, runId: string): Promise<Seen | null> {
  const rows = await db.query<Seen>({
    name: 'run-look',
    text: `
      SELECT r.id, r.owner, r.epoch::text, r.workspace_id, r.agent_id, r.concurrency_key,
        r.status IN ('completed', 'failed', 'cancelled') AS is_over,
        r.concurrency_key IS NOT NULL OR EXISTS (
          SELECT 1 FROM workspaces w WHERE w.id = r.workspace_id AND w.max_running IS NOT NULL
        ) OR EXISTS (
          SELECT 1 FROM agents a WHERE a.id = r.agent_id AND a.concurrency IS NOT NULL
        ) AS is_limited,
        CASE WHEN r.wake_at IS NOT NULL
          THEN greatest(0, extract(epoch FROM r.wake_at - clock_timestamp()) * 1000)::float8 END AS wait_ms
      FROM runs r WHERE r.run_id = $1 AND r.engine <> 'local'`,
    values: [runId],
  });
  return rows[0] ?? null;
}

/** One process of a database chooses at a time, as in the queue of the engine `local`: limits are exact. */
async function takeWithinLimits(
  db: Database,
  seen: Seen,
  request: TakeRequest,
): Promise<Run | 'no_room' | null> {
  return await db.transaction(
    async (tx) => {
      const [lock] = await tx.query<{ held: boolean }>({
        name: 'take-lock',
        text: 'SELECT pg_try_advisory_xact_lock($1) AS held',
        values: [claimLock],
      });
      if (lock?.held !== true) return 'no_room';
      const candidate = {
        ...{ id: seen.id, workspaceId: seen.workspace_id, agentId: seen.agent_id },
        ...{ concurrencyKey: seen.concurrency_key, dueMs: 0 },
      };
      const open = await openPlaces(tx, [candidate], request.maxRunningPerWorkspace);
      const isOpen =
        (open.workspaces.get(candidate.workspaceId) ?? 1) > 0 &&
        (open.agents.get(candidate.agentId) ?? 1) > 0 &&
        !open.busyKeys.has(keyOf(candidate));
      return isOpen ? await take(tx, seen, request) : 'no_room';
    },
    { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, transactionTimeoutMs: 5_000 },
  );
}

/** Null: it has changed since it was seen. */
async function take(db: Queryable, seen: Seen, request: TakeRequest): Promise<Run | null> {
  const rows = await db.query<RunRow>({
    name: 'run-take',
    text: `
      UPDATE runs SET owner = $3, epoch = epoch + 1, status = 'running', engine_run_id = $4,
        wake_at = CASE WHEN owner IS NULL THEN NULL ELSE wake_at END,
        crashes = crashes + (owner IS NOT NULL)::int,
        lost_attempts = lost_attempts + (owner IS NOT NULL)::int,
        started_at = coalesce(started_at, clock_timestamp())
      WHERE id = $1 AND epoch = $2::bigint AND owner IS NOT DISTINCT FROM $5
        AND status IN ('accepted', 'running', 'waiting')
      RETURNING *`,
    values: [seen.id, seen.epoch, request.owner, request.engineRunId, seen.owner],
  });
  const row = rows[0];
  return row === undefined ? null : toRun(row);
}
