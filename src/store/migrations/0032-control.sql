-- Forks, pauses, dry runs.

ALTER TABLE runs
  -- The run whose journal up to `from_step` was copied into this one.
  ADD COLUMN forked_from text COLLATE "C",
  ADD COLUMN from_step integer,
  -- In place of the agent's own; null: those of its version.
  ADD COLUMN instructions text,
  -- Calls of tools with outside effects are journaled and not made.
  ADD COLUMN dry_run boolean NOT NULL DEFAULT false;

-- While it is set, runs that are dispatched stay `accepted`, and no process claims them: they have no `wake_at`.
ALTER TABLE agents ADD COLUMN paused_at timestamptz(3);
CREATE INDEX runs_parked ON runs (agent_id) WHERE status = 'accepted' AND owner IS NULL AND wake_at IS NULL;

CREATE INDEX runs_by_retried ON runs (retry_of) WHERE retry_of IS NOT NULL;
CREATE INDEX runs_failed ON runs (agent_id, completed_at) WHERE status = 'failed';

ALTER TABLE custom_tools ADD COLUMN has_effects boolean NOT NULL DEFAULT true;

-- Every row there is satisfies the old, narrower check.
ALTER TABLE journal DROP CONSTRAINT journal_state_check;
ALTER TABLE journal ADD CONSTRAINT journal_state_check
  CHECK (state IN ('started', 'done', 'failed', 'interrupted', 'lost', 'cancelled', 'planned')) NOT VALID;
