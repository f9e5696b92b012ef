-- Threads that clients of other protocols call by names of their own. The session is made with the first message, which
-- says the agent; then the name means that session and no other.
CREATE TABLE named_threads (
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  -- Whose names they are: a protocol, and what it names threads within.
  space text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  session_id text COLLATE "C" REFERENCES chat_sessions (id) ON DELETE CASCADE,
  -- JSON, the client's own.
  metadata text NOT NULL DEFAULT '{}',
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, space, name)
);
CREATE INDEX named_threads_by_session ON named_threads (session_id);
CREATE INDEX named_threads_by_age ON named_threads (workspace_id, space, created_at DESC, name DESC);
