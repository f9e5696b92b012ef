-- What windows over runs are summed from, a small row each: copied after a run's end together with `run_search`
-- (unlogged for the same reason), so that no commit of a run pays for it. What has no row yet is read from the runs
-- themselves.
CREATE UNLOGGED TABLE run_figures (
  run_id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  agent_id text COLLATE "C" NOT NULL,
  trigger_event_id text COLLATE "C",
  entity_id text,
  created_at timestamptz(3) NOT NULL,
  status text NOT NULL,
  is_test boolean NOT NULL,
  -- Milliseconds: until it started, until it ended, and those in which a model, tool or guardrail was at work.
  wait_ms bigint,
  total_ms bigint NOT NULL,
  work_ms bigint NOT NULL,
  tool_calls integer NOT NULL,
  -- Of each call of a model, in step: what for, which, how long.
  call_purposes text[] NOT NULL,
  call_models text[] NOT NULL,
  call_ms bigint[] NOT NULL
);
CREATE INDEX run_figures_by_age ON run_figures (workspace_id, created_at, run_id);

-- The copies are made again, with the figures.
TRUNCATE run_search, run_search_marks;
