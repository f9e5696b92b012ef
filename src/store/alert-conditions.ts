import type { Queryable } from './connect.ts';

// What conditions of alerts look at. Each reads a window of one workspace, by its indexes.

/** Of the runs that were begun in the window and have ended. */
export async function failureCounts(
  db: Queryable,
  of: {
    readonly workspaceId: string;
    readonly agentId: string | null;
    readonly windowMinutes: number;
  },
): Promise<{
  readonly ended: number;
  readonly failed: number;
  readonly lastFailed: string | null;
}> {
  const [row] = await db.query<{ ended: number; failed: number; last_failed: string | null }>({
    text: `SELECT count(*) AS ended, count(*) FILTER (WHERE status = 'failed') AS failed,
        (array_agg(run_id ORDER BY created_at DESC) FILTER (WHERE status = 'failed'))[1] AS last_failed
      FROM runs WHERE workspace_id = $1 AND created_at >= clock_timestamp() - make_interval(mins => $3)
        AND status IN ('completed', 'failed') AND ($2::text IS NULL OR agent_id = $2)`,
    values: [of.workspaceId, of.agentId, of.windowMinutes],
  });
  return {
    ended: row?.ended ?? 0,
    failed: row?.failed ?? 0,
    lastFailed: row?.last_failed ?? null,
  };
}

/** The last run of a trigger is looked for among so many of its agent. */
const runsLookedAt = 1_000;

/** A live trigger of which nothing came in the window, with its last run; null when something did, or it does not fire. */
export async function silentSince(
  db: Queryable,
  of: {
    readonly workspaceId: string;
    readonly triggerId: string;
    readonly windowMinutes: number;
    /** Nothing before it counts as silence. */
    readonly notBefore: Date;
  },
): Promise<{ readonly name: string; readonly lastRun: string | null } | null> {
  const [row] = await db.query<{ name: string; last_run: string | null }>({
    text: `SELECT t.name, (SELECT run_id FROM (
          SELECT run_id, trigger_id, created_at FROM runs WHERE agent_id = t.agent_id
          ORDER BY created_at DESC LIMIT ${runsLookedAt}) r
        WHERE r.trigger_id = t.id ORDER BY r.created_at DESC LIMIT 1) AS last_run
      FROM triggers t JOIN agents a ON a.id = t.agent_id
      WHERE t.id = $2 AND t.workspace_id = $1 AND t.deleted_at IS NULL AND t.enabled
        AND a.enabled AND a.deleted_at IS NULL
        AND greatest(t.created_at, $4) < clock_timestamp() - make_interval(secs => $3 * 60)
        AND NOT EXISTS (SELECT 1 FROM trigger_events e WHERE e.workspace_id = $1
          AND e.created_at >= clock_timestamp() - make_interval(secs => $3 * 60) AND e.trigger_id = $2)
        AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.workspace_id = $1
          AND r.created_at >= clock_timestamp() - make_interval(secs => $3 * 60) AND r.trigger_id = $2)`,
    values: [of.workspaceId, of.triggerId, of.windowMinutes, of.notBefore],
  });
  return row === undefined ? null : { name: row.name, lastRun: row.last_run };
}

/** The run of the workspace that waits longest to begin, and for how long. */
export async function oldestQueued(
  db: Queryable,
  workspaceId: string,
): Promise<{ readonly runId: string; readonly seconds: number } | null> {
  const [row] = await db.query<{ run_id: string; seconds: number }>({
    text: `SELECT run_id, extract(epoch FROM clock_timestamp() - created_at)::float8 AS seconds FROM runs
      WHERE workspace_id = $1 AND owner IS NULL AND wake_at <= clock_timestamp() AND started_at IS NULL
      ORDER BY created_at LIMIT 1`,
    values: [workspaceId],
  });
  return row === undefined ? null : { runId: row.run_id, seconds: row.seconds };
}

/** Known cost of the runs that were begun in the window, and the dearest of them. */
export async function spent(
  db: Queryable,
  of: {
    readonly workspaceId: string;
    readonly agentId: string | null;
    readonly windowMinutes: number;
  },
): Promise<{ readonly costUsd: number; readonly dearest: string | null }> {
  const [row] = await db.query<{ cost: number | null; dearest: string | null }>({
    text: `SELECT sum(cost_usd)::float8 AS cost,
        (array_agg(run_id ORDER BY cost_usd DESC) FILTER (WHERE cost_usd > 0))[1] AS dearest
      FROM runs WHERE workspace_id = $1 AND created_at >= clock_timestamp() - make_interval(mins => $3)
        AND ($2::text IS NULL OR agent_id = $2)`,
    values: [of.workspaceId, of.agentId, of.windowMinutes],
  });
  return { costUsd: row?.cost ?? 0, dearest: row?.dearest ?? null };
}

/** Budgets that have run out, and the last run that one of them let in. */
export async function exceededBudgets(
  db: Queryable,
  of: { readonly workspaceId: string; readonly agentId: string | null },
): Promise<{ readonly ids: readonly string[]; readonly lastRun: string | null }> {
  const rows = await db.query<{ id: string; last_run: string | null }>({
    text: `SELECT id, CASE WHEN agent_id IS NULL
          THEN (SELECT run_id FROM runs r WHERE r.workspace_id = b.workspace_id ORDER BY created_at DESC, id DESC LIMIT 1)
          ELSE (SELECT run_id FROM runs r WHERE r.agent_id = b.agent_id ORDER BY created_at DESC, id DESC LIMIT 1)
        END AS last_run
      FROM budgets b WHERE workspace_id = $1 AND state = 'exceeded' AND deleted_at IS NULL
        AND ($2::text IS NULL OR agent_id = $2) ORDER BY id LIMIT 10`,
    values: [of.workspaceId, of.agentId],
  });
  return { ids: rows.map(({ id }) => id), lastRun: rows[0]?.last_run ?? null };
}

/** Tokens and keys of models that end within the days, or have ended in the last 30. */
export async function endingKeys(
  db: Queryable,
  of: { readonly workspaceId: string; readonly withinDays: number },
): Promise<readonly { readonly what: string; readonly ends_at: Date }[]> {
  return await db.query({
    text: `SELECT what, ends_at FROM (
        SELECT 'token "' || t.name || '" (' || t.hint || '…)' AS what, t.expires_at AS ends_at FROM tokens t
          JOIN token_workspaces w ON w.token_id = t.id
          WHERE w.workspace_id = $1 AND t.revoked_at IS NULL
        UNION ALL
        SELECT 'key of model "' || name || '"', key_expires_at FROM models WHERE workspace_id = $1) k
      WHERE ends_at < clock_timestamp() + make_interval(days => $2)
        AND ends_at > clock_timestamp() - interval '30 days'
      ORDER BY ends_at LIMIT 20`,
    values: [of.workspaceId, of.withinDays],
  });
}

export async function hasTrigger(
  db: Queryable,
  workspaceId: string,
  triggerId: string,
): Promise<boolean> {
  const rows = await db.query({
    text: 'SELECT 1 FROM triggers WHERE id = $2 AND workspace_id = $1 AND deleted_at IS NULL',
    values: [workspaceId, triggerId],
  });
  return rows.length > 0;
}
