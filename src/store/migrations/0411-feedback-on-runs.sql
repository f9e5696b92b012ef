-- What people outside say of a run, by links that were signed for it.
CREATE TABLE run_feedback (
  run_id text COLLATE "C" NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  -- Whom the link was made for; empty where nobody was named.
  given_by text NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  rating text NOT NULL CHECK (rating IN ('good', 'bad')),
  comment text,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run_id, given_by)
);
