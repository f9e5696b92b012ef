-- Scripts that agents had run on machines: a row is there before the call starts, and is closed after it.
CREATE TABLE script_runs (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  run_id text COLLATE "C" NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  agent_id text COLLATE "C" NOT NULL,
  -- Of the call (`run:step`).
  call_key text COLLATE "C" NOT NULL UNIQUE,
  script_id text COLLATE "C" NOT NULL,
  -- As it was at the time.
  script_name text NOT NULL,
  machine_id text COLLATE "C" NOT NULL,
  tool_name text COLLATE "C" NOT NULL,
  -- JSON texts, as the journal has them.
  input text NOT NULL,
  output text,
  error text,
  status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'failed')),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  completed_at timestamptz(3)
);
CREATE INDEX script_runs_by_workspace ON script_runs (workspace_id, created_at DESC, id DESC);
CREATE INDEX script_runs_by_run ON script_runs (run_id);
CREATE INDEX script_runs_by_machine ON script_runs (workspace_id, machine_id, created_at DESC, id DESC);
