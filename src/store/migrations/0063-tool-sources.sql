-- What `http_request` may reach in a workspace.
CREATE TABLE http_tools (
  workspace_id text COLLATE "C" PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
  -- JSON text.
  hosts text NOT NULL,
  enable_globally boolean NOT NULL,
  requires_approval boolean NOT NULL,
  timeout_ms integer NOT NULL,
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);

-- What gives an agent several tools at once: MCP servers and OpenAPI documents. One space of names.
CREATE TABLE tool_sources (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  kind text NOT NULL CHECK (kind IN ('mcp', 'openapi')),
  name text COLLATE "C" NOT NULL,
  description text NOT NULL,
  -- JSON text; its shape depends on the kind.
  config text NOT NULL,
  enabled boolean NOT NULL,
  enable_globally boolean NOT NULL,
  requires_approval boolean NOT NULL,
  -- JSON text: names as the source gives them; null is all.
  allowed_tools text,
  timeout_ms integer NOT NULL,
  -- JSON text: the tools as they were last read.
  tools text NOT NULL DEFAULT '[]',
  tools_read_at timestamptz(3),
  -- Why they could not be read the last time.
  problem text,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  deleted_at timestamptz(3)
);
CREATE UNIQUE INDEX tool_sources_by_name ON tool_sources (workspace_id, name) WHERE deleted_at IS NULL;
CREATE INDEX tool_sources_by_workspace ON tool_sources (workspace_id, kind, created_at DESC, id DESC)
  WHERE deleted_at IS NULL;

-- OAuth of MCP servers: registered client, tokens, and what an open authorization waits with. Sealed
-- (AES-256-GCM) for the server.
CREATE TABLE mcp_credentials (
  source_id text COLLATE "C" PRIMARY KEY REFERENCES tool_sources (id) ON DELETE CASCADE,
  sealed text NOT NULL,
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE mcp_authorizations (
  -- SHA-256 of the `state` that the callback carries.
  state_hash bytea PRIMARY KEY,
  source_id text COLLATE "C" NOT NULL REFERENCES tool_sources (id) ON DELETE CASCADE,
  sealed text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX mcp_authorizations_by_age ON mcp_authorizations (created_at);
