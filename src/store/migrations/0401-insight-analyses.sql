-- What was found out about the runs of a period, when somebody asked.
CREATE TABLE insight_analyses (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  period_days integer NOT NULL,
  hourly_rate double precision NOT NULL,
  -- JSON text.
  result text NOT NULL,
  completed_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX insight_analyses_latest ON insight_analyses (workspace_id, completed_at DESC, id DESC);
