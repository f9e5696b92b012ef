-- Ownership by several processes, poison, fairness and limits.

ALTER TABLE runs
  -- Calls of the step that comes next which may have been made and were not committed (I4, I5); a commit resets it.
  ADD COLUMN lost_attempts integer NOT NULL DEFAULT 0,
  -- Processes of its own that the run has crashed at the step that comes next; a commit resets it.
  ADD COLUMN strikes integer NOT NULL DEFAULT 0,
  -- Seconds that the run goes ahead of others of its workspace: its due time is set back by them.
  ADD COLUMN priority integer NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 3600),
  -- Runs of one agent with the same key go one at a time.
  ADD COLUMN concurrency_key text COLLATE "C",
  -- Runs of one lane are let in in their order; what holds one lane up holds up no other.
  ADD COLUMN lane text COLLATE "C" NOT NULL
    GENERATED ALWAYS AS (CASE WHEN concurrency_key IS NULL THEN agent_id ELSE agent_id || ' ' || concurrency_key END) STORED;

-- Which runs wait, found by skipping from workspace to workspace and from lane to lane.
CREATE INDEX runs_queue ON runs (workspace_id, lane, wake_at, id) WHERE owner IS NULL AND wake_at IS NOT NULL;

-- Also counts what runs now of a workspace, an agent and a key, without an index of its own.
DROP INDEX runs_by_owner;
CREATE INDEX runs_by_owner ON runs (owner, workspace_id, agent_id, concurrency_key) WHERE owner IS NOT NULL;

-- Runs of the workspace that are driven at once at most, over all processes; null takes the server's setting.
ALTER TABLE workspaces ADD COLUMN max_running integer CHECK (max_running > 0);

-- The agent's limit as it is now, also for runs that were queued under another. Escapes are dropped before
-- the text is read: an escaped NUL, which a prompt may hold, is refused by every JSON function.
ALTER TABLE agents ADD COLUMN concurrency integer
  GENERATED ALWAYS AS ((regexp_replace(definition, '\\(u[0-9a-fA-F]{4}|.)', '', 'g')::json ->> 'concurrency')::integer) STORED;
