-- What people want to be told of, and how it stands.
CREATE TABLE alert_rules (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text NOT NULL,
  kind text NOT NULL,
  settings jsonb NOT NULL,
  -- {emails: [address], slack_secret: name}; events go to whoever subscribed to them.
  notify jsonb NOT NULL,
  enabled boolean NOT NULL,
  state text NOT NULL DEFAULT 'ok' CHECK (state IN ('ok', 'firing')),
  -- How often it has fired: names each firing.
  firings bigint NOT NULL DEFAULT 0,
  since timestamptz(3),
  summary text,
  run_id text COLLATE "C",
  checked_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX alert_rules_by_age ON alert_rules (workspace_id, created_at DESC, id DESC);
CREATE INDEX alert_rules_due ON alert_rules (checked_at NULLS FIRST) WHERE enabled;

-- Messages that are yet to be sent, written in the commit that changed the state.
CREATE TABLE alert_notices (
  -- Rule, firing, state and target: written once.
  id text COLLATE "C" PRIMARY KEY,
  rule_id text COLLATE "C" NOT NULL REFERENCES alert_rules (id) ON DELETE CASCADE,
  channel text NOT NULL CHECK (channel IN ('email', 'slack')),
  target text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  -- Null: sent or given up.
  next_at timestamptz(3) DEFAULT clock_timestamp(),
  sent_at timestamptz(3),
  error text,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX alert_notices_due ON alert_notices (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX alert_notices_by_rule ON alert_notices (rule_id, created_at DESC);
