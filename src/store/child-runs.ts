import type { Run, RunBudget, RunTotals } from '../core/run.ts';
import { toStorableText } from '../core/storable-text.ts';
import type { Database, Queryable } from './connect.ts';
import { type RunRow, toRun } from './runs.ts';

// Runs that another run asked for. The parent's journal says which there are to be, with their ids, before
// they exist (I5): creating them is safe to repeat, from any owner of the parent. However a child ends, the
// database makes its parent due and adds what it used, in the same transaction (migration 0070).

type Query = Pick<Database, 'query'>;

/** Who drives the parent: only that owner creates its children, and only it may park the run (I3). */
export interface HeldRun {
  readonly id: string;
  readonly owner: string;
  readonly epoch: number;
}

export interface NewChildRun {
  readonly id: string;
  readonly runId: string;
  readonly agentId: string;
  readonly agentVersion: number;
  readonly model: string;
  readonly payloadJson: string;
  readonly budget: RunBudget;
  /** The span of the call that asked for it. */
  readonly parentSpanId: string;
}

/**
 * Creates those of the children that do not exist yet, for whoever has room, at the place in the queue that
 * their parent's age gives them. False: the parent is not this owner's any more, and nothing was created.
 */
export async function createChildRuns(
  db: Query,
  parent: HeldRun,
  children: readonly NewChildRun[],
): Promise<boolean> {
  const rows = await db.query<{ id: string }>({
    name: 'runs-create-children',
    // The parent's row is locked, so that a cancel comes before, or sees the children.
    text: `
      WITH parent AS MATERIALIZED (
        SELECT * FROM runs WHERE id = $1 AND owner = $2 AND epoch = $3 FOR NO KEY UPDATE
      ), made AS (
        INSERT INTO runs (id, run_id, workspace_id, agent_id, lane, agent_version, session_id, payload, model,
          trace_id, engine, status, wake_at, priority, dry_run, parent_run_id, ancestry, budget)
        SELECT c.id, c.run_id, p.workspace_id, a.id, a.id, c.agent_version, p.session_id, c.payload, c.model,
          split_part(p.trace_id, '-', 1) || '-' || c.span_id, p.engine, 'accepted',
          CASE WHEN a.paused_at IS NULL THEN p.created_at - make_interval(secs => p.priority) END,
          p.priority, p.dry_run, p.id, concat_ws(' ', p.ancestry, p.agent_id), c.budget
        FROM parent p
        CROSS JOIN unnest($4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[], $10::text[],
          $11::text[]) AS c (id, run_id, agent_id, agent_version, model, payload, budget, span_id)
        JOIN agents a ON a.id = c.agent_id AND a.workspace_id = p.workspace_id
        ON CONFLICT (id) DO NOTHING
      )
      SELECT id FROM parent`,
    values: [
      parent.id,
      parent.owner,
      parent.epoch,
      children.map((child) => child.id),
      children.map((child) => child.runId),
      children.map((child) => child.agentId),
      children.map((child) => child.agentVersion),
      children.map((child) => child.model),
      children.map((child) => toStorableText(child.payloadJson)),
      children.map((child) => JSON.stringify(child.budget)),
      children.map((child) => child.parentSpanId),
    ],
  });
  return rows.length > 0;
}

/** The children as they are, in the order asked for, and what all that have ended used, from one moment. */
export async function readChildRuns(
  db: Query,
  parentId: string,
  ids: readonly string[],
): Promise<{ readonly children: readonly (Run | null)[]; readonly used: RunTotals }> {
  const rows = await db.query<RunRow>({
    name: 'runs-read-children',
    text: 'SELECT * FROM runs WHERE id = $1 OR (id = ANY ($2) AND parent_run_id = $1)',
    values: [parentId, ids],
  });
  const found = new Map(rows.map((row) => [row.id, toRun(row)]));
  const used = found.get(parentId)?.childrenUsed ?? { inputTokens: 0, outputTokens: 0, costUsd: 0 };
  return { children: ids.map((id) => found.get(id) ?? null), used };
}

/**
 * Gives a run up that has nothing to do before one of its children ends, for that long at most. A child that
 * has ended in between makes it due at once. False: it is not this owner's any more.
 */
export async function parkRun(db: Query, run: HeldRun, forMs: number): Promise<boolean> {
  const rows = await db.query<{ id: string }>({
    name: 'run-park',
    text: `
      UPDATE runs SET owner = NULL, status = 'waiting',
        wake_at = least(wake_at, clock_timestamp() + make_interval(secs => $4))
      WHERE id = $1 AND owner = $2 AND epoch = $3
      RETURNING id`,
    values: [run.id, run.owner, run.epoch, forMs / 1_000],
  });
  return rows.length > 0;
}

/** Ids of the children of these runs that have not ended. */
export async function listOpenChildren(
  db: Queryable,
  parentIds: readonly string[],
): Promise<string[]> {
  const rows = await db.query<{ id: string }>({
    name: 'runs-open-children',
    text: `SELECT id FROM runs WHERE parent_run_id = ANY ($1)
           AND status IN ('accepted', 'running', 'waiting') ORDER BY id`,
    values: [parentIds],
  });
  return rows.map((row) => row.id);
}

/** Open children whose parent has ended: their ids with the parent's, at most 1,000. */
export async function listOrphanedChildren(
  db: Queryable,
): Promise<{ readonly id: string; readonly parentRunId: string }[]> {
  return await db.query<{ id: string; parentRunId: string }>({
    name: 'runs-orphaned-children',
    text: `
      SELECT c.id, p.id AS "parentRunId" FROM runs c JOIN runs p ON p.id = c.parent_run_id
      WHERE c.parent_run_id IS NOT NULL AND c.status IN ('accepted', 'running', 'waiting')
        AND p.status IN ('completed', 'failed', 'cancelled')
      LIMIT 1000`,
  });
}
