-- Ids are `COLLATE "C"`: they are compared as bytes, and are sortable by creation.
-- JSON is kept as text, as it was given (I9): `jsonb` reorders keys and refuses some of what models produce.

CREATE TABLE workspaces (
  id text COLLATE "C" PRIMARY KEY,
  name text NOT NULL,
  -- Requests a minute; null takes the server's setting, 0 is off.
  rate_limit integer CHECK (rate_limit >= 0),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  deleted_at timestamptz(3)
);

CREATE TABLE inbox_types (
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE tokens (
  id text COLLATE "C" PRIMARY KEY,
  name text NOT NULL,
  -- `admin` reaches every workspace and manages tokens; it has no rows in token_workspaces.
  access text NOT NULL CHECK (access IN ('read', 'write', 'admin')),
  -- SHA-256 of a random secret of 160 bits and more: nothing to guess, so no slow hash.
  secret_hash bytea NOT NULL UNIQUE,
  -- The first characters, for people to tell tokens apart.
  hint text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  last_used_at timestamptz(3)
);

CREATE TABLE token_workspaces (
  token_id text COLLATE "C" NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  PRIMARY KEY (token_id, workspace_id)
);
CREATE INDEX token_workspaces_by_workspace ON token_workspaces (workspace_id);

CREATE TABLE agents (
  id text COLLATE "C" PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  name text NOT NULL,
  version integer NOT NULL,
  -- JSON text of the current version's definition.
  definition text NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  deleted_at timestamptz(3)
);
CREATE INDEX agents_by_workspace ON agents (workspace_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

CREATE TABLE agent_versions (
  agent_id text COLLATE "C" NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
  version integer NOT NULL,
  definition text NOT NULL,
  -- JSON text of the triggers as they were when this version was saved.
  triggers text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (agent_id, version)
);

CREATE TABLE triggers (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  agent_id text COLLATE "C" NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
  position integer NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  type text NOT NULL CHECK (type IN ('cron', 'webhook', 'event', 'message')),
  config text NOT NULL,
  enabled boolean NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- A replaced trigger is kept for the runs and events that name it.
  deleted_at timestamptz(3)
);
CREATE INDEX triggers_by_agent ON triggers (agent_id, position) WHERE deleted_at IS NULL;

CREATE TABLE trigger_events (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  trigger_id text COLLATE "C" REFERENCES triggers (id) ON DELETE SET NULL,
  source text NOT NULL,
  payload text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX trigger_events_by_workspace ON trigger_events (workspace_id, created_at DESC, id DESC);

CREATE TABLE custom_tools (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  name text NOT NULL,
  description text NOT NULL,
  language text NOT NULL CHECK (language IN ('python', 'javascript')),
  code text NOT NULL,
  parameters text NOT NULL,
  execution_message_description text NOT NULL,
  enable_globally boolean NOT NULL,
  version integer NOT NULL,
  timeout_ms integer NOT NULL,
  memory_mb integer NOT NULL,
  network text,
  secrets text NOT NULL,
  idempotent boolean NOT NULL,
  requires_approval boolean NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  deleted_at timestamptz(3)
);
CREATE UNIQUE INDEX custom_tools_by_name ON custom_tools (workspace_id, name) WHERE deleted_at IS NULL;
CREATE INDEX custom_tools_by_workspace ON custom_tools (workspace_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

CREATE TABLE custom_tool_versions (
  tool_id text COLLATE "C" NOT NULL REFERENCES custom_tools (id) ON DELETE CASCADE,
  version integer NOT NULL,
  language text NOT NULL,
  code text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tool_id, version)
);

-- One row an incarnation of a process, new at every start. Who holds the advisory lock on `name` lives.
CREATE TABLE processes (
  id text COLLATE "C" PRIMARY KEY,
  name text NOT NULL,
  beat bigint NOT NULL DEFAULT 0,
  started_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE runs (
  id text COLLATE "C" PRIMARY KEY,
  run_id text COLLATE "C" NOT NULL UNIQUE,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  agent_id text COLLATE "C" NOT NULL REFERENCES agents (id),
  agent_version integer NOT NULL,
  trigger_id text COLLATE "C",
  trigger_type text,
  trigger_event_id text COLLATE "C",
  conversation_id text COLLATE "C",
  contact_id text COLLATE "C",
  session_id text,
  entity_id text,
  additional_instructions text,
  retry_of text COLLATE "C",
  -- JSON text, as it was given.
  payload text NOT NULL,
  model text NOT NULL,
  trace_id text NOT NULL,
  engine text NOT NULL DEFAULT 'local',
  status text NOT NULL CHECK (status IN ('accepted', 'running', 'waiting', 'completed', 'failed', 'cancelled')),
  -- I3: who may write, and under which epoch. Null: nobody drives it.
  owner text COLLATE "C",
  epoch bigint NOT NULL DEFAULT 1,
  -- When an ownerless run is to be claimed; null: it waits for somebody's decision, or is driven, or has ended.
  wake_at timestamptz(3),
  -- Owners that died at the step that comes next; a commit resets it.
  crashes integer NOT NULL DEFAULT 0,
  last_seq integer NOT NULL DEFAULT 0,
  input_tokens bigint NOT NULL DEFAULT 0,
  output_tokens bigint NOT NULL DEFAULT 0,
  -- Null: a price was unknown.
  cost_usd double precision DEFAULT 0,
  disposition text,
  disposition_reason text,
  response text,
  reflection text,
  output text,
  stop_reason text,
  error text,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  started_at timestamptz(3),
  completed_at timestamptz(3),
  -- What nobody drives and nobody has ended is either due at some time or waits for a decision.
  CHECK (status NOT IN ('completed', 'failed', 'cancelled') OR (owner IS NULL AND wake_at IS NULL AND completed_at IS NOT NULL))
);
CREATE INDEX runs_by_agent ON runs (agent_id, created_at DESC, id DESC);
CREATE INDEX runs_by_workspace ON runs (workspace_id, created_at DESC, id DESC);
CREATE INDEX runs_by_entity ON runs (workspace_id, entity_id, created_at DESC) WHERE entity_id IS NOT NULL;
CREATE INDEX runs_due ON runs (wake_at, id) WHERE owner IS NULL AND wake_at IS NOT NULL;
CREATE INDEX runs_by_owner ON runs (owner) WHERE owner IS NOT NULL;

-- The journal: append-only, one row an entry, in the order they were committed.
-- A step is what its entries say: a tool call has a `started` and an ending one, a model answer only `done`.
-- The last entry of a run that has ended is its only one of type `end`.
CREATE TABLE journal (
  run_id text COLLATE "C" NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seq integer NOT NULL,
  -- The unit it was committed in; tells a repeat of ours from somebody else's entry.
  unit_id text COLLATE "C" NOT NULL,
  -- `seq` of the step's first entry.
  step integer NOT NULL,
  type text NOT NULL CHECK (type IN ('model', 'tool', 'approval', 'delay', 'delivery', 'guardrail', 'end')),
  state text NOT NULL CHECK (state IN ('started', 'done', 'failed', 'interrupted', 'lost', 'cancelled')),
  -- JSON text; its shape depends on type and state.
  data text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run_id, seq)
);

CREATE TABLE idempotency_keys (
  workspace_id text COLLATE "C" NOT NULL,
  route text NOT NULL,
  key text COLLATE "C" NOT NULL,
  body_hash bytea NOT NULL,
  status integer NOT NULL,
  -- JSON text of the answer that a repeat gets.
  response text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, route, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- Small facts of this installation: the signing key's check value, the admin token's row.
CREATE TABLE settings (
  name text COLLATE "C" PRIMARY KEY,
  value text NOT NULL
);
