import type { Run } from '../core/run.ts';
import type { Database, Queryable } from './connect.ts';
import { type RunRow, toRun } from './runs.ts';

// How runs that nobody drives are let in. One process of a database chooses at a time, so limits over all
// processes are exact; what it looks at is bounded: it skips from workspace to workspace and from lane to
// lane (an agent, or an agent's concurrency key) through one index, however many runs are stored or wait.
// Which of the candidates are taken is the caller's choice: a pure function, `choose`.

/** A due run that nobody drives. */
export interface Candidate {
  readonly id: string;
  readonly workspaceId: string;
  readonly agentId: string;
  readonly concurrencyKey: string | null;
  /** Its place in the queue: when it was due, less its priority. */
  readonly dueMs: number;
}

/** How many more runs may be driven; what is not named has no limit. */
export interface OpenPlaces {
  readonly workspaces: ReadonlyMap<string, number>;
  readonly agents: ReadonlyMap<string, number>;
  /** Keys (`keyOf`) of which a run is driven now. */
  readonly busyKeys: ReadonlySet<string>;
}

/** An agent's concurrency key, as one string. */
export function keyOf(run: { readonly agentId: string; readonly concurrencyKey: string | null }) {
  return `${run.agentId} ${run.concurrencyKey}`;
}

/** Where the last look ended, so that the next one goes on from there. Kept by the caller. */
export interface QueueCursor {
  workspaceId: string;
  /** The last lane looked at, of workspaces that have more of them than one look takes. */
  readonly lanes: Map<string, string>;
}

const looks = { workspaces: 200, lanes: 64 } as const;
/** "signalbox" and 1, as the key of the advisory lock: who holds it chooses. */
export const claimLock = 7_309_453_672;
const holdMs = 5_000;
// The statements compare and order by whole rows, though single columns would say the same: only `runs_local_queue`
// has that order, and a planner with old statistics else walks an index of all runs that are stored.
/** Sorts after every lane. */
const afterAnyLane = '\u{10FFFF}';

/** Whether any run is due: one probe of an index, for every poll. */
export async function isAnyDue(db: Queryable): Promise<boolean> {
  const rows = await db.query<{ due: boolean }>({
    name: 'runs-any-due',
    text: `SELECT EXISTS (
             SELECT 1 FROM runs WHERE owner IS NULL AND wake_at <= now() AND engine = 'local'
           ) AS due`,
  });
  return rows[0]?.due === true;
}

export interface Claim {
  readonly runs: readonly Run[];
  /** Another process chooses right now. */
  readonly busy: boolean;
  /** Candidates were left, or not all was looked at. */
  readonly more: boolean;
  /** What was looked at sleeps, all of it, and there is more to look at before the cursor begins anew. */
  readonly sleeps: boolean;
}

/** Takes the due runs that `choose` picks. */
export async function claimFairly(
  db: Database,
  request: {
    readonly owner: string;
    readonly room: number;
    readonly cursor: QueueCursor;
    /** For workspaces without a limit of their own. */
    readonly maxRunningPerWorkspace: number | null;
    readonly choose: (candidates: readonly Candidate[], open: OpenPlaces) => readonly string[];
  },
): Promise<Claim> {
  const { cursor } = request;
  return await db.transaction(
    async (tx) => {
      const [lock] = await tx.query<{ held: boolean }>({
        name: 'claim-lock',
        // A process that is frozen in here loses its session, and with it the lock.
        text: `SELECT pg_try_advisory_xact_lock($1) AS held,
                 set_config('idle_in_transaction_session_timeout', $2, true)`,
        values: [claimLock, String(holdMs)],
      });
      if (lock?.held !== true) return { runs: [], busy: true, more: true, sleeps: false };
      const workspaces = await queuedWorkspaces(tx, cursor.workspaceId);
      const isPart = workspaces.length === looks.workspaces || cursor.workspaceId !== '';
      cursor.workspaceId = workspaces.length === looks.workspaces ? (workspaces.at(-1) ?? '') : '';
      if (workspaces.length === 0) {
        return { runs: [], busy: false, more: isPart, sleeps: cursor.lanes.size > 0 };
      }
      const perLane = Math.max(64, Math.ceil((2 * request.room) / workspaces.length));
      const { candidates, cut } = await listCandidates(tx, { workspaces, cursor, perLane });
      if (candidates.length === 0) {
        const sleeps = cursor.workspaceId !== '' || cursor.lanes.size > 0;
        return { runs: [], busy: false, more: isPart || cut, sleeps };
      }
      const open = await openPlaces(tx, candidates, request.maxRunningPerWorkspace);
      const ids = request.choose(candidates, open);
      const runs = ids.length === 0 ? [] : await take(tx, request.owner, ids);
      const more = isPart || cut || ids.length < candidates.length;
      return { runs, busy: false, more, sleeps: false };
    },
    { lockTimeoutMs: 1_000, statementTimeoutMs: holdMs, transactionTimeoutMs: holdMs },
  );
}

async function queuedWorkspaces(tx: Queryable, after: string): Promise<string[]> {
  const rows = await tx.query<{ workspace_id: string }>({
    name: 'claim-workspaces',
    text: `
      WITH RECURSIVE queued AS (
        (SELECT workspace_id FROM runs
         WHERE owner IS NULL AND wake_at IS NOT NULL AND engine = 'local'
           AND (workspace_id, lane) > ($1, $3)
         ORDER BY workspace_id, lane LIMIT 1)
        UNION ALL
        SELECT n.workspace_id FROM queued q CROSS JOIN LATERAL (
          SELECT r.workspace_id FROM runs r
          WHERE r.owner IS NULL AND r.wake_at IS NOT NULL AND r.engine = 'local'
            AND (r.workspace_id, r.lane) > (q.workspace_id, $3)
          ORDER BY r.workspace_id, r.lane LIMIT 1
        ) n
      )
      SELECT workspace_id FROM queued LIMIT $2`,
    values: [after, looks.workspaces, afterAnyLane],
  });
  return rows.map((row) => row.workspace_id);
}

interface CandidateRow {
  readonly workspace_id: string;
  readonly lane: string;
  readonly id: string | null;
  readonly agent_id: string;
  readonly concurrency_key: string | null;
  readonly wake_at: Date;
}

async function listCandidates(
  tx: Queryable,
  given: {
    readonly workspaces: readonly string[];
    readonly cursor: QueueCursor;
    readonly perLane: number;
  },
): Promise<{ candidates: Candidate[]; cut: boolean }> {
  const { workspaces, cursor, perLane } = given;
  const rows = await tx.query<CandidateRow>({
    name: 'claim-candidates',
    text: `
      SELECT w.workspace_id, l.lane, c.id, c.agent_id, c.concurrency_key, c.wake_at
      FROM unnest($1::text[], $2::text[]) AS w (workspace_id, after_lane)
      CROSS JOIN LATERAL (
        WITH RECURSIVE found AS (
          (SELECT r.workspace_id, r.lane FROM runs r
           WHERE r.owner IS NULL AND r.wake_at IS NOT NULL AND r.engine = 'local'
             AND (r.workspace_id, r.lane) > (w.workspace_id, w.after_lane)
           ORDER BY r.workspace_id, r.lane LIMIT 1)
          UNION ALL
          SELECT n.workspace_id, n.lane FROM found f CROSS JOIN LATERAL (
            SELECT r.workspace_id, r.lane FROM runs r
            WHERE r.owner IS NULL AND r.wake_at IS NOT NULL AND r.engine = 'local'
              AND (r.workspace_id, r.lane) > (f.workspace_id, f.lane)
            ORDER BY r.workspace_id, r.lane LIMIT 1
          ) n
          WHERE f.workspace_id = w.workspace_id
        )
        SELECT f.lane FROM found f WHERE f.workspace_id = w.workspace_id LIMIT $3
      ) l
      LEFT JOIN LATERAL (
        SELECT r.id, r.agent_id, r.concurrency_key, r.wake_at FROM runs r
        WHERE r.owner IS NULL AND r.wake_at IS NOT NULL AND r.engine = 'local'
          AND (r.workspace_id, r.lane, r.wake_at) >= (w.workspace_id, l.lane, '-infinity'::timestamptz)
          AND (r.workspace_id, r.lane, r.wake_at) <= (w.workspace_id, l.lane, now())
        ORDER BY r.workspace_id, r.lane, r.wake_at, r.id LIMIT $4
      ) c ON true`,
    values: [workspaces, workspaces.map((id) => cursor.lanes.get(id) ?? ''), looks.lanes, perLane],
  });
  let cut = false;
  const byWorkspace = Map.groupBy(rows, (row) => row.workspace_id);
  for (const id of workspaces) {
    const lanes = [...new Set((byWorkspace.get(id) ?? []).map((row) => row.lane))];
    const last = lanes.length === looks.lanes ? lanes.reduce((a, b) => (a > b ? a : b)) : null;
    if (last !== null || cursor.lanes.has(id)) cut = true;
    if (last === null) cursor.lanes.delete(id);
    else cursor.lanes.set(id, last);
  }
  const counts = new Map<string, number>();
  const candidates: Candidate[] = [];
  for (const row of rows) {
    if (row.id === null) continue;
    const count = (counts.get(row.lane) ?? 0) + 1;
    counts.set(row.lane, count);
    if (count === perLane) cut = true;
    candidates.push({
      id: row.id,
      workspaceId: row.workspace_id,
      agentId: row.agent_id,
      concurrencyKey: row.concurrency_key,
      dueMs: row.wake_at.getTime(),
    });
  }
  return { candidates, cut };
}

/** How many more runs of the candidates' workspaces, agents and keys may be driven. */
export async function openPlaces(
  tx: Queryable,
  candidates: readonly Candidate[],
  maxRunningPerWorkspace: number | null,
): Promise<OpenPlaces> {
  const distinct = (pick: (candidate: Candidate) => string) => [...new Set(candidates.map(pick))];
  // The places of a dead process are free: what it owned runs no more.
  const workspaces = await tx.query<{ id: string; open: number }>({
    name: 'claim-open-workspaces',
    text: `
      SELECT w.id, coalesce(w.max_running, $2) - (
        SELECT count(*) FROM processes p JOIN runs r ON r.owner = p.id WHERE r.workspace_id = w.id
      )::integer AS open
      FROM workspaces w WHERE w.id = ANY ($1) AND coalesce(w.max_running, $2) IS NOT NULL`,
    values: [distinct((candidate) => candidate.workspaceId), maxRunningPerWorkspace],
  });
  const agents = await tx.query<{ id: string; open: number }>({
    name: 'claim-open-agents',
    text: `
      SELECT a.id, a.concurrency - (
        SELECT count(*) FROM processes p JOIN runs r ON r.owner = p.id
        WHERE r.workspace_id = a.workspace_id AND r.agent_id = a.id
      )::integer AS open
      FROM agents a WHERE a.id = ANY ($1) AND a.concurrency IS NOT NULL`,
    values: [distinct((candidate) => candidate.agentId)],
  });
  const keyed = candidates.filter((candidate) => candidate.concurrencyKey !== null);
  const busy =
    keyed.length === 0
      ? []
      : await tx.query<{ agentId: string; concurrencyKey: string }>({
          name: 'claim-busy-keys',
          text: `
            SELECT DISTINCT k.agent_id AS "agentId", k.key AS "concurrencyKey"
            FROM unnest($1::text[], $2::text[], $3::text[]) AS k (workspace_id, agent_id, key)
            WHERE EXISTS (
              SELECT 1 FROM processes p JOIN runs r ON r.owner = p.id
              WHERE r.workspace_id = k.workspace_id AND r.agent_id = k.agent_id
                AND r.concurrency_key = k.key
            )`,
          values: [
            keyed.map((candidate) => candidate.workspaceId),
            keyed.map((candidate) => candidate.agentId),
            keyed.map((candidate) => candidate.concurrencyKey),
          ],
        });
  return {
    workspaces: new Map(workspaces.map((row) => [row.id, row.open])),
    agents: new Map(agents.map((row) => [row.id, row.open])),
    busyKeys: new Set(busy.map(keyOf)),
  };
}

async function take(tx: Queryable, owner: string, ids: readonly string[]): Promise<Run[]> {
  const rows = await tx.query<RunRow>({
    name: 'claim-take',
    text: `
      UPDATE runs SET owner = $1, epoch = epoch + 1, status = 'running', wake_at = NULL,
        started_at = coalesce(started_at, clock_timestamp())
      WHERE id IN (
        SELECT id FROM runs
        WHERE id = ANY ($2) AND owner IS NULL AND wake_at <= now() AND engine = 'local'
        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
      )
      RETURNING *`,
    values: [owner, ids],
  });
  return rows.map(toRun);
}

/** Workspaces that have a limit of their own, for who decides without the queue. */
export async function listLimitedWorkspaces(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ id: string }>({
    name: 'workspaces-limited',
    text: 'SELECT id FROM workspaces WHERE max_running IS NOT NULL',
  });
  return rows.map((row) => row.id);
}
