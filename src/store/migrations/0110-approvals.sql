-- Decisions of people that runs wait for. The journal says which there are to be, with their ids, before they exist.
CREATE TABLE approvals (
  id text COLLATE "C" PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  workspace_id text COLLATE "C" NOT NULL,
  run_id text COLLATE "C" NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  agent_id text COLLATE "C" NOT NULL,
  -- Of the run's journal.
  step integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('tool_call', 'request', 'run_start', 'run_reply')),
  tool_name text,
  question text NOT NULL,
  -- JSON text, as it was given.
  proposal text NOT NULL,
  -- Ids of those who may decide; empty: whoever may write.
  approvers text[] COLLATE "C" NOT NULL,
  on_expiry text NOT NULL CHECK (on_expiry IN ('reject', 'fail', 'escalate')),
  expires_at timestamptz(3) NOT NULL,
  status text NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'approved', 'rejected', 'changes_requested', 'expired', 'cancelled')),
  note text,
  decided_by text COLLATE "C",
  -- As it was at the time.
  decided_by_name text,
  decided_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX approvals_by_workspace ON approvals (workspace_id, created_at DESC, id DESC);
CREATE INDEX approvals_pending ON approvals (workspace_id, created_at DESC, id DESC) WHERE status = 'pending';
CREATE INDEX approvals_by_run ON approvals (run_id, created_at DESC, id DESC);
CREATE INDEX approvals_due ON approvals (expires_at, id) WHERE status = 'pending';

-- Set for a run that has asked: others pay nothing at their end.
ALTER TABLE runs ADD COLUMN has_asked boolean;

-- However a run ends, and whichever version of the server ends it, nobody is asked any more.
CREATE FUNCTION asking_run_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE approvals SET status = 'cancelled', decided_at = clock_timestamp()
  WHERE run_id = NEW.id AND status = 'pending';
  RETURN NULL;
END $$;

CREATE TRIGGER runs_asking_ended AFTER UPDATE ON runs FOR EACH ROW
  WHEN (NEW.has_asked
    AND NEW.status IN ('completed', 'failed', 'cancelled')
    AND OLD.status NOT IN ('completed', 'failed', 'cancelled'))
  EXECUTE FUNCTION asking_run_ended();
