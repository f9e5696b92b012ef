-- Calls of custom tools are found in the journal itself: their first entry carries the tool, and so does the
-- last one of a call that ended badly. No row is written twice, and only calls of custom tools are indexed.
ALTER TABLE journal ADD COLUMN tool_id text COLLATE "C";
UPDATE journal SET tool_id = substring(data from '"toolId":"(kg[0-9a-z]{30})"')
  WHERE type = 'tool' AND state = 'started' AND data NOT LIKE '%"copied":true%';
CREATE INDEX journal_by_tool ON journal (tool_id, state, created_at DESC, run_id DESC, seq DESC)
  WHERE tool_id IS NOT NULL;

-- What people and programs ran by itself, outside of any run.
CREATE TABLE tool_runs (
  id text COLLATE "C" PRIMARY KEY,
  tool_id text COLLATE "C" NOT NULL REFERENCES custom_tools (id),
  tool_version integer NOT NULL,
  token_id text COLLATE "C",
  -- One that stays `running` was interrupted by a crash of the server.
  status text NOT NULL CHECK (status IN ('running', 'done', 'failed')),
  -- JSON text (I9), with the tool's secrets masked.
  input text NOT NULL,
  output text,
  error text,
  logs text,
  connections text,
  duration_ms integer,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  completed_at timestamptz(3)
);
CREATE INDEX tool_runs_by_tool ON tool_runs (tool_id, created_at DESC, id DESC);
CREATE INDEX tool_runs_failed ON tool_runs (tool_id, created_at DESC, id DESC) WHERE status = 'failed';
