import { readableJsonSql } from './json-column.ts';

// What a run that has ended comes to: how long it took, how much of that was work, what it called.

/** The columns of `run_figures`. */
export const figureColumns = `run_id, workspace_id, agent_id, trigger_event_id, entity_id, created_at, status, is_test,
  wait_ms, total_ms, work_ms, tool_calls, call_purposes, call_models, call_ms`;

const readable = readableJsonSql('j.data');

/** Milliseconds from one moment to another, as the runs' own columns keep them. */
export const msBetween = (from: string, to: string) =>
  `greatest(0, round(extract(epoch FROM ${to} - ${from}) * 1000))::bigint`;

/**
 * Figures of the runs `r` of the FROM clause that have ended and meet the condition. Work is the time that at least one call of a
 * model, tool or guardrail took, however many there were at once; what a fork took over was not called for it.
 */
export function figuresSql(from: string, condition: string): string {
  return `SELECT r.id AS run_id, r.workspace_id, r.agent_id, r.trigger_event_id, r.entity_id, r.created_at, r.status,
      r.test_run_id IS NOT NULL AS is_test,
      CASE WHEN r.started_at IS NOT NULL THEN ${msBetween('r.created_at', 'r.started_at')} END AS wait_ms,
      ${msBetween('r.created_at', 'r.completed_at')} AS total_ms,
      work.ms AS work_ms, steps.tool_calls, steps.call_purposes, steps.call_models, steps.call_ms
    FROM ${from}
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE type = 'tool' AND state = 'started')::integer AS tool_calls,
        coalesce(array_agg(CASE type WHEN 'model' THEN 'agent' ELSE 'guardrail' END ORDER BY seq)
          FILTER (WHERE is_call), '{}') AS call_purposes,
        coalesce(array_agg(data ->> 'model' ORDER BY seq) FILTER (WHERE is_call), '{}') AS call_models,
        coalesce(array_agg(ms ORDER BY seq) FILTER (WHERE is_call), '{}') AS call_ms,
        range_agg(tstzrange(created_at - make_interval(secs => ms / 1000.0), created_at))
          FILTER (WHERE ms > 0) AS at_work
      FROM (
        SELECT *, type IN ('model', 'guardrail') AND state IN ('done', 'failed') AS is_call,
          coalesce(round((data ->> 'durationMs')::numeric), 0)::bigint AS ms
        FROM (
          SELECT j.seq, j.type, j.state, j.created_at, ${readable} AS data FROM journal j
          WHERE j.run_id = r.id AND j.type IN ('model', 'guardrail', 'tool')
        ) entries
        WHERE data ->> 'copied' IS NULL
      ) own
    ) steps
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(${msBetween('lower(part)', 'upper(part)')}), 0)::bigint AS ms
      FROM unnest(steps.at_work * tstzmultirange(tstzrange(r.created_at, greatest(r.created_at, r.completed_at)))) part
    ) work
    WHERE r.status IN ('completed', 'failed', 'cancelled') AND ${condition}`;
}
