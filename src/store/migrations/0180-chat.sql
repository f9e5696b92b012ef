-- Chat sessions: conversations with one agent, whose messages are answered at once. What is said in them is in
-- `messages`, like everything that people write to us.
CREATE TABLE chat_sessions (
  id text COLLATE "C" PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  agent_id text COLLATE "C" NOT NULL REFERENCES agents (id),
  title text,
  -- Whether who chats is told which tools the agent uses.
  shows_progress boolean NOT NULL DEFAULT false,
  -- What the latest message's sender asked of the agent beside it: for the run that answers it.
  instructions text,
  -- No more messages are taken since.
  archived_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX chat_sessions_by_workspace ON chat_sessions (workspace_id, created_at DESC, id DESC);

-- Tokens of people outside, each for one session and for nothing else.
CREATE TABLE chat_tokens (
  id text COLLATE "C" PRIMARY KEY,
  session_id text COLLATE "C" NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  -- SHA-256 of the secret.
  secret_hash bytea NOT NULL UNIQUE,
  -- Who they are, as the token's maker says; nothing that they send changes it.
  end_user text,
  end_user_email text,
  end_company_id text,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3)
);
CREATE INDEX chat_tokens_by_session ON chat_tokens (session_id, created_at);
CREATE INDEX chat_tokens_by_expiry ON chat_tokens (expires_at);
