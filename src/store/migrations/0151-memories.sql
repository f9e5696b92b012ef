-- What agents noted for later runs, and what people noted for them.
CREATE TABLE memories (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  -- Of this agent alone; null: of every agent of the workspace that has memory.
  agent_id text COLLATE "C",
  -- A contact or another thing that it is about; null: nothing in particular.
  entity_id text COLLATE "C",
  content text NOT NULL,
  pinned boolean NOT NULL,
  -- Null: a person wrote it.
  run_id text COLLATE "C",
  -- Of the call that wrote it: a repeat writes nothing.
  call_key text UNIQUE,
  search tsvector GENERATED ALWAYS AS (to_tsvector('english', content)) STORED,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX memories_by_entity ON memories (workspace_id, entity_id, created_at DESC, id DESC);
CREATE INDEX memories_by_workspace ON memories (workspace_id, created_at DESC, id DESC);
