-- What runs may use in a day or a month (UTC), and what they have used of it in the period that is now.
CREATE TABLE budgets (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  -- Null: of the whole workspace.
  agent_id text COLLATE "C",
  is_quota boolean NOT NULL DEFAULT false,
  period text NOT NULL CHECK (period IN ('day', 'month')),
  max_runs bigint CHECK (max_runs >= 0),
  max_tokens bigint CHECK (max_tokens >= 0),
  max_cost_usd double precision CHECK (max_cost_usd >= 0),
  warn_at double precision NOT NULL CHECK (warn_at > 0 AND warn_at <= 1),
  stops boolean NOT NULL,
  period_start date NOT NULL,
  -- Runs that were let in: counted before they are created, and given back when they are not.
  runs bigint NOT NULL DEFAULT 0,
  tokens bigint NOT NULL DEFAULT 0,
  cost_nano_usd bigint NOT NULL DEFAULT 0,
  unknown_cost bigint NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'ok' CHECK (state IN ('ok', 'warning', 'exceeded')),
  -- The limits that are reached.
  reached text[] NOT NULL DEFAULT '{}',
  -- Told in this period.
  warned_at timestamptz(3),
  exceeded_at timestamptz(3),
  checked_at timestamptz(3),
  -- When `runs` was last held against the runs there are.
  recounted_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  deleted_at timestamptz(3)
) WITH (fillfactor = 50);
CREATE INDEX budgets_by_workspace ON budgets (workspace_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX budgets_quota ON budgets (workspace_id, period) WHERE is_quota AND deleted_at IS NULL;
