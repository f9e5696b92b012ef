-- A workspace's own models, by names that agents use in place of `provider/model`. Keys are secrets of the
-- workspace; here is only which one.
CREATE TABLE models (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text COLLATE "C" NOT NULL,
  description text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  base_url text,
  secret text COLLATE "C",
  key_expires_at timestamptz(3),
  settings jsonb NOT NULL,
  limits jsonb NOT NULL,
  fallbacks text[] NOT NULL,
  fallback_on text[] NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (workspace_id, name)
);
CREATE INDEX models_by_age ON models (workspace_id, created_at DESC, id DESC);

-- Calls of models that have limits, under way or of the last minute: what all processes count together.
-- After a crash of the database the minute begins anew.
CREATE UNLOGGED TABLE model_calls (
  id text COLLATE "C" PRIMARY KEY,
  model_id text COLLATE "C" NOT NULL,
  started_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- While it is under way: renewed by its process, which may die.
  held_until timestamptz(3),
  -- Estimated while it is under way.
  tokens bigint NOT NULL
);
CREATE INDEX model_calls_by_model ON model_calls (model_id, started_at);

-- Prices that a workspace sets itself; they come before the list.
CREATE TABLE model_prices (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  model text NOT NULL,
  price jsonb NOT NULL,
  source text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (workspace_id, model)
);
CREATE INDEX model_prices_by_age ON model_prices (workspace_id, created_at DESC, id DESC);
