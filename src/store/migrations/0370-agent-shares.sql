-- Links by which anybody may look at an agent. The token of a link is stored as its SHA-256, and shown once.
CREATE TABLE agent_shares (
  agent_id text COLLATE "C" PRIMARY KEY REFERENCES agents (id) ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
