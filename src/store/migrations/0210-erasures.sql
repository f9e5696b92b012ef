-- Contacts whose data is to be erased everywhere. What was found of them is noted before anything of it goes, so that
-- an erasure that its process did not finish is taken up again.
CREATE TABLE erasures (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  contact_id text COLLATE "C" NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done')),
  -- Ids and addresses that the contact was known by; none any more when it is done.
  known_by text[] NOT NULL,
  requested_by text COLLATE "C",
  -- Rows that went, by table.
  erased jsonb NOT NULL DEFAULT '{}',
  -- When to work on it next; during work, when it counts as lost with its process.
  due_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  claim bigint NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  completed_at timestamptz(3)
);
CREATE UNIQUE INDEX erasures_open ON erasures (contact_id) WHERE status = 'pending';
CREATE INDEX erasures_due ON erasures (due_at, id) WHERE status = 'pending';
CREATE INDEX erasures_by_workspace ON erasures (workspace_id, created_at DESC, id DESC);

-- The runs that an erasure has found to be about its contact; gone with them.
CREATE TABLE erasure_runs (
  erasure_id text COLLATE "C" NOT NULL REFERENCES erasures (id) ON DELETE CASCADE,
  run_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (erasure_id, run_id)
);
