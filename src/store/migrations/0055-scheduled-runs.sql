-- Single runs for later. `scheduled` until it has fired; what is claimed is about to, and is not changed any more.
CREATE TABLE scheduled_runs (
  id text COLLATE "C" PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  agent_id text COLLATE "C" NOT NULL REFERENCES agents (id),
  scheduled_for timestamptz(3) NOT NULL,
  -- JSON text, as it was given.
  payload text NOT NULL,
  entity_id text,
  additional_instructions text,
  status text NOT NULL DEFAULT 'scheduled' CHECK (status IN ('scheduled', 'fired', 'cancelled', 'failed')),
  -- When to look at it next: its time, and from a claim on the end of the claim.
  due_at timestamptz(3) NOT NULL,
  is_claimed boolean NOT NULL DEFAULT false,
  -- Why it failed, as a sentence.
  reason text,
  fired_at timestamptz(3),
  run_id text COLLATE "C",
  trigger_event_id text COLLATE "C",
  -- Who scheduled it: a token's id, or the run and its tool call.
  created_by text COLLATE "C",
  created_by_run text COLLATE "C",
  call_key text COLLATE "C" UNIQUE,
  -- Firings between its own and the first of its chain.
  depth integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX scheduled_runs_due ON scheduled_runs (due_at, id) WHERE status = 'scheduled';
CREATE INDEX scheduled_runs_by_workspace ON scheduled_runs (workspace_id, created_at DESC, id DESC);
CREATE INDEX scheduled_runs_by_agent ON scheduled_runs (agent_id, created_at DESC, id DESC);
CREATE INDEX scheduled_runs_by_entity ON scheduled_runs (workspace_id, entity_id, created_at DESC, id DESC)
  WHERE entity_id IS NOT NULL;
CREATE INDEX scheduled_runs_by_run ON scheduled_runs (workspace_id, created_by_run)
  WHERE status = 'scheduled' AND created_by_run IS NOT NULL;
