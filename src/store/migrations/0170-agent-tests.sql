-- Tests of agents: cases, test runs, and what came of every case in them.
CREATE TABLE test_cases (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  agent_id text COLLATE "C" NOT NULL REFERENCES agents (id),
  name text NOT NULL,
  description text NOT NULL,
  -- Counts the changes of the definition.
  revision integer NOT NULL DEFAULT 1,
  -- JSON text: what goes in, how tools answer, what is expected.
  definition text NOT NULL,
  -- The run that it was made from.
  from_run_id text COLLATE "C",
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  deleted_at timestamptz(3)
);
CREATE UNIQUE INDEX test_cases_name ON test_cases (agent_id, name) WHERE deleted_at IS NULL;
CREATE INDEX test_cases_by_workspace ON test_cases (workspace_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX test_cases_by_agent ON test_cases (agent_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

CREATE TABLE test_runs (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  agent_id text COLLATE "C" NOT NULL REFERENCES agents (id),
  status text NOT NULL DEFAULT 'queued'
    CHECK (status IN ('queued', 'running', 'cancelling', 'completed', 'cancelled')),
  passed boolean,
  -- JSON text: the versions and models that the cases run on, side by side.
  variants text NOT NULL,
  repeats integer,
  max_cost_usd double precision,
  judge_model text,
  concurrency integer NOT NULL,
  -- Why it ended as it did, where that is not in its results.
  reason text,
  created_by text COLLATE "C",
  -- Who claimed it last writes to it: every claim counts up.
  claim bigint NOT NULL DEFAULT 0,
  due_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  started_at timestamptz(3),
  completed_at timestamptz(3)
);
CREATE INDEX test_runs_due ON test_runs (due_at, id) WHERE status IN ('queued', 'running', 'cancelling');
CREATE INDEX test_runs_by_workspace ON test_runs (workspace_id, created_at DESC, id DESC);
CREATE INDEX test_runs_by_agent ON test_runs (agent_id, created_at DESC, id DESC);

-- The cases as they were when the test run was asked for.
CREATE TABLE test_run_cases (
  test_run_id text COLLATE "C" NOT NULL REFERENCES test_runs (id),
  n integer NOT NULL,
  case_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  revision integer NOT NULL,
  definition text NOT NULL,
  PRIMARY KEY (test_run_id, n)
);
CREATE INDEX test_run_cases_by_case ON test_run_cases (case_id, revision);

CREATE TABLE test_results (
  id text COLLATE "C" PRIMARY KEY,
  test_run_id text COLLATE "C" NOT NULL REFERENCES test_runs (id),
  case_n integer NOT NULL,
  variant_n integer NOT NULL,
  repeat_n integer NOT NULL,
  status text NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'running', 'passed', 'failed', 'error', 'skipped', 'cancelled')),
  run_id text COLLATE "C",
  -- JSON text: one verdict for every expectation.
  verdicts text,
  -- USD, of the run and of those who judged it; null when a price is unknown.
  cost_usd double precision,
  reason text,
  started_at timestamptz(3),
  completed_at timestamptz(3),
  UNIQUE (test_run_id, case_n, variant_n, repeat_n)
);
CREATE UNIQUE INDEX test_results_by_run ON test_results (run_id) WHERE run_id IS NOT NULL;

-- Set on the runs of tests alone. They are dry runs as well: the release before, which may run beside this one,
-- then makes no call with outside effects in them, and ends of dry runs are told to nobody.
ALTER TABLE runs ADD COLUMN test_run_id text COLLATE "C";

-- A version goes live only when the agent's cases pass on it.
ALTER TABLE agents ADD COLUMN test_gate boolean NOT NULL DEFAULT false;
