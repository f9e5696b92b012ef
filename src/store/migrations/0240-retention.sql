-- What workspaces keep, and for how long. A workspace without a row keeps everything.
CREATE TABLE retention (
  workspace_id text COLLATE "C" PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
  -- By kind {max_age_days, max_count}; a kind that is not there is kept.
  rules jsonb NOT NULL,
  -- By kind: when its round began, and up to where it has looked since.
  marks jsonb NOT NULL DEFAULT '{}',
  -- By kind: how much has been removed in all.
  removed jsonb NOT NULL DEFAULT '{}',
  -- When to prune next; during a pass, when it counts as lost with its process.
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Bumped by every claim and every change of the rules: a process that lost its claim prunes nothing more.
  claim bigint NOT NULL DEFAULT 0,
  passed_at timestamptz(3),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX retention_due ON retention (due_at);

-- A run goes with all that it asked for.
CREATE INDEX runs_by_parent ON runs (parent_run_id) WHERE parent_run_id IS NOT NULL;
CREATE INDEX webhook_messages_by_workspace ON webhook_messages (workspace_id, created_at DESC, id DESC);

-- What is pruned makes room for what comes only after a vacuum: small ones often, in place of large ones seldom.
ALTER TABLE runs SET (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE journal SET (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE trigger_events SET (autovacuum_vacuum_scale_factor = 0.02);
