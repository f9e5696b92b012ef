-- Webhooks out: who is told of what, what there was to tell, and how telling it went.

CREATE TABLE webhooks (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id),
  url text NOT NULL,
  description text NOT NULL,
  -- Names, and families such as `run.*`.
  event_types text[] NOT NULL,
  -- Null: events of every agent, and those of none.
  agent_ids text[],
  enabled boolean NOT NULL DEFAULT true,
  -- Why the server switched it off; null when a person did, or nobody.
  disabled_reason text,
  -- Since when every attempt has failed.
  failing_since timestamptz(3),
  -- Sealed; the former one signs beside it until its time is over.
  secret text NOT NULL,
  former_secret text,
  former_until timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  deleted_at timestamptz(3)
);
CREATE INDEX webhooks_by_workspace ON webhooks (workspace_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

-- Only what somebody subscribed to is here. The id is that of the happening: the same one is never told
-- under two ids, and its body never changes.
CREATE TABLE webhook_messages (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  type text NOT NULL,
  body text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX webhook_messages_by_age ON webhook_messages (created_at);

CREATE TABLE webhook_deliveries (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  webhook_id text COLLATE "C" NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  message_id text COLLATE "C" NOT NULL REFERENCES webhook_messages (id) ON DELETE CASCADE,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
  -- Attempts since it was made or sent again: where in the schedule it is.
  tries integer NOT NULL DEFAULT 0,
  -- All attempts.
  attempts integer NOT NULL DEFAULT 0,
  -- When the next attempt is due; during one, when it counts as lost with its process.
  next_at timestamptz(3),
  -- Bumped by every claim: a process that lost its claim writes nothing.
  claim bigint NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz(3),
  UNIQUE (webhook_id, message_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_by_message ON webhook_deliveries (message_id);

CREATE TABLE webhook_attempts (
  delivery_id text COLLATE "C" NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
  n integer NOT NULL,
  -- HTTP status; null when no answer came.
  status integer,
  error text,
  -- The beginning of the answer's body.
  response text,
  duration_ms integer NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (delivery_id, n)
);
