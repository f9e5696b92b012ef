import type { Database, Queryable } from './connect.ts';
import { holdRemovals } from './copies-lock.ts';
import { figureColumns, figuresSql, msBetween } from './run-figures-sql.ts';

// Exact sums over the runs of a window: of their figures where those are copied, and of the runs themselves where
// they are not. Both are read in one statement, so a run is in one of the two.

/** Runs of a workspace that were created in `[from, to)`; of one agent, unless null. */
export interface FigureWindow {
  readonly workspaceId: string;
  readonly agentId: string | null;
  readonly from: Date;
  readonly to: Date;
}

export interface CallFigures {
  readonly purpose: string;
  readonly model: string;
  readonly count: number;
  readonly p95Ms: number;
}

export interface AgentFigures {
  readonly agentId: string;
  readonly runs: number;
  readonly failed: number;
  /** Of the runs that completed or failed; null without any. */
  readonly p95TotalMs: number | null;
  readonly p95WorkMs: number | null;
  readonly p95OverheadMs: number | null;
  readonly toolCalls: number;
  readonly modelCalls: readonly CallFigures[];
}

/** What became of the events of a window, step by step. */
export interface EventFunnel {
  readonly events: number;
  /** Events that an agent was looked at for, and those that at least one ran for. */
  readonly judged: number;
  readonly matched: number;
  readonly runs: number;
  readonly started: number;
  readonly ended: number;
  readonly completed: number;
  readonly failed: number;
  readonly toolCalls: number;
  readonly p95WaitMs: number | null;
  readonly p95TotalMs: number | null;
  readonly p95WorkMs: number | null;
}

/** Looked up one by one, which the planner cannot know to be few. */
const missingRuns = `missing m CROSS JOIN LATERAL (SELECT * FROM runs WHERE id = m.id OFFSET 0) r`;

/** `figures`: a row for each run of the window `$1` to `$4`; one that has not ended has no times. */
const figuresOfWindow = `missing AS MATERIALIZED (
  SELECT r.id FROM runs r
  WHERE r.workspace_id = $1 AND r.created_at >= $2 AND r.created_at < $3
    AND NOT EXISTS (SELECT FROM run_figures f
      WHERE f.workspace_id = $1 AND f.created_at >= $2 AND f.created_at < $3 AND f.run_id = r.id)
), figures AS (
  SELECT ${figureColumns} FROM run_figures
  WHERE workspace_id = $1 AND created_at >= $2 AND created_at < $3 AND NOT is_test
    AND ($4::text IS NULL OR agent_id = $4)
  UNION ALL
  SELECT * FROM (${figuresSql(
    missingRuns,
    'r.test_run_id IS NULL AND ($4::text IS NULL OR r.agent_id = $4)',
  )}) late
  UNION ALL
  SELECT r.id, r.workspace_id, r.agent_id, r.trigger_event_id, r.entity_id, r.created_at, r.status, false,
    CASE WHEN r.started_at IS NOT NULL THEN ${msBetween('r.created_at', 'r.started_at')} END,
    NULL, NULL, 0, '{}', '{}', '{}'
  FROM ${missingRuns} WHERE r.test_run_id IS NULL
    AND r.status NOT IN ('completed', 'failed', 'cancelled') AND ($4::text IS NULL OR r.agent_id = $4)
)`;

const p95 = (value: string) =>
  `percentile_cont(0.95) WITHIN GROUP (ORDER BY (${value})::float8) FILTER (WHERE status IN ('completed', 'failed'))`;

const valuesOf = (window: FigureWindow) => [
  window.workspaceId,
  window.from,
  window.to,
  window.agentId,
];

/** One for each agent that has runs in the window, those with the most first. */
export async function readAgentFigures(
  db: Queryable,
  window: FigureWindow,
): Promise<readonly AgentFigures[]> {
  return await db.query<AgentFigures>({
    text: `WITH ${figuresOfWindow}, called AS (
        SELECT agent_id, json_agg(json_build_object('purpose', purpose, 'model', model, 'count', n, 'p95Ms', p95)
          ORDER BY purpose, model) AS calls
        FROM (
          SELECT f.agent_id, c.purpose, c.model, count(*) AS n,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY c.ms::float8) AS p95
          FROM figures f CROSS JOIN LATERAL unnest(f.call_purposes, f.call_models, f.call_ms) c (purpose, model, ms)
          GROUP BY f.agent_id, c.purpose, c.model
        ) by_purpose GROUP BY agent_id
      ), summed AS (
        SELECT agent_id, count(*) AS runs, count(*) FILTER (WHERE status = 'failed') AS failed,
          ${p95('total_ms')} AS p95_total, ${p95('work_ms')} AS p95_work, ${p95('total_ms - work_ms')} AS p95_overhead,
          sum(tool_calls)::bigint AS tool_calls
        FROM figures GROUP BY agent_id
      )
      SELECT s.agent_id AS "agentId", s.runs, s.failed, s.p95_total AS "p95TotalMs", s.p95_work AS "p95WorkMs",
        s.p95_overhead AS "p95OverheadMs", s.tool_calls AS "toolCalls", coalesce(c.calls, '[]') AS "modelCalls"
      FROM summed s LEFT JOIN called c USING (agent_id) ORDER BY s.runs DESC, s.agent_id`,
    values: valuesOf(window),
  });
}

/** What an agent did in a window, in sums. */
export interface WorkFigures {
  readonly agentId: string;
  readonly runs: number;
  readonly completed: number;
  readonly failed: number;
  readonly entities: number;
  readonly toolCalls: number;
  /** In which a model, tool or guardrail was at work. */
  readonly workMs: number;
}

/** One for each agent that has runs in the window, those with the most first. */
export async function readWorkFigures(
  db: Queryable,
  window: FigureWindow,
): Promise<readonly WorkFigures[]> {
  return await db.query<WorkFigures>({
    text: `WITH ${figuresOfWindow}
      SELECT agent_id AS "agentId", count(*)::int AS runs,
        count(*) FILTER (WHERE status = 'completed')::int AS completed,
        count(*) FILTER (WHERE status = 'failed')::int AS failed,
        count(DISTINCT entity_id)::int AS entities, sum(tool_calls)::bigint AS "toolCalls",
        coalesce(sum(work_ms), 0)::bigint AS "workMs"
      FROM figures GROUP BY agent_id ORDER BY runs DESC, agent_id`,
    values: valuesOf(window),
  });
}

/** How many different entities each agent's runs of the window were about. */
export async function countEntities(
  db: Queryable,
  window: FigureWindow,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query<{ readonly agent_id: string; readonly n: number }>({
    text: `WITH ${figuresOfWindow}
      SELECT agent_id, count(DISTINCT entity_id) AS n FROM figures GROUP BY agent_id`,
    values: valuesOf(window),
  });
  return new Map(rows.map((row) => [row.agent_id, row.n]));
}

/** The events that came in the window, and the runs that they caused up to now. */
export async function readEventFunnel(
  db: Queryable,
  window: Omit<FigureWindow, 'agentId'>,
): Promise<EventFunnel> {
  const [funnel] = await db.query<EventFunnel>({
    text: `WITH ${figuresOfWindow}, events AS MATERIALIZED (
        SELECT e.id, e.run_id FROM trigger_events e
        WHERE e.workspace_id = $1 AND e.created_at >= $2 AND e.created_at < $5
      ), verdicts AS (
        SELECT e.id, e.run_id IS NOT NULL OR count(v.event_id) > 0 AS judged,
          e.run_id IS NOT NULL OR coalesce(bool_or(v.verdict = 'ran'), false) AS matched
        FROM events e LEFT JOIN trigger_verdicts v ON v.event_id = e.id GROUP BY e.id, e.run_id
      ), looked AS (
        SELECT count(*) AS events, count(*) FILTER (WHERE judged) AS judged,
          count(*) FILTER (WHERE matched) AS matched FROM verdicts
      ), caused AS (
        SELECT count(*) AS runs, count(wait_ms) AS started, count(total_ms) AS ended,
          count(*) FILTER (WHERE status = 'completed') AS completed,
          count(*) FILTER (WHERE status = 'failed') AS failed,
          coalesce(sum(tool_calls), 0)::bigint AS "toolCalls",
          percentile_cont(0.95) WITHIN GROUP (ORDER BY wait_ms::float8) AS "p95WaitMs",
          ${p95('total_ms')} AS "p95TotalMs", ${p95('work_ms')} AS "p95WorkMs"
        FROM figures WHERE trigger_event_id IN (SELECT id FROM events)
      )
      SELECT * FROM looked CROSS JOIN caused`,
    // A run is created with its event, or some time after it.
    values: [window.workspaceId, window.from, new Date(Date.now() + dayMs), null, window.to],
  });
  if (funnel === undefined) throw new Error('The sums over events returned no row.');
  return funnel;
}

const dayMs = 24 * 3_600_000;

/** Copies the figures of these runs, of those that have ended; how many were new. */
export async function copyFigures(tx: Queryable, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  return await tx.execute({
    name: 'run-figures-copy',
    text: `INSERT INTO run_figures (${figureColumns}) ${figuresSql('runs r', 'r.id = ANY ($1)')} ON CONFLICT DO NOTHING`,
    values: [ids],
  });
}

const batch = 2_000;

/** Copies the figures of runs whose text a process of the release before copied, which knew no figures. */
export async function copyMissedFigures(db: Database): Promise<void> {
  let copied = batch;
  while (copied === batch) copied = await db.transaction(copyMissedBatch);
}

async function copyMissedBatch(tx: Queryable): Promise<number> {
  await holdRemovals(tx);
  const rows = await tx.query<{ readonly run_id: string }>({
    name: 'run-figures-missed',
    text: `SELECT s.run_id FROM run_search s WHERE s.text IS NOT NULL
        AND NOT EXISTS (SELECT FROM run_figures f WHERE f.run_id = s.run_id) LIMIT ${batch}`,
    values: [],
  });
  return await copyFigures(
    tx,
    rows.map((row) => row.run_id),
  );
}
