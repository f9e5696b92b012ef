-- Runs that handed over to people: one escalation a run, whatever becomes of it afterwards (I6).
CREATE TABLE escalations (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  run_id text COLLATE "C" NOT NULL UNIQUE REFERENCES runs (id) ON DELETE CASCADE,
  agent_id text COLLATE "C" NOT NULL,
  conversation_id text COLLATE "C",
  contact_id text COLLATE "C",
  -- The conversation's count that it was made at: what comes in later supersedes its proposal.
  read_rev bigint,
  disposition text NOT NULL,
  disposition_reason text,
  guest_message text,
  proposed_response text,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'reviewed', 'resolved', 'dismissed')),
  assignee_id text COLLATE "C",
  -- What a person sent in its place.
  sent_message_id text COLLATE "C",
  sent_response text,
  reviewed_by text COLLATE "C",
  reviewed_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX escalations_by_workspace ON escalations (workspace_id, created_at DESC, id DESC);
CREATE INDEX escalations_pending ON escalations (workspace_id, created_at DESC, id DESC) WHERE status = 'pending';
CREATE INDEX escalations_by_conversation ON escalations (conversation_id, created_at DESC, id DESC)
  WHERE conversation_id IS NOT NULL;

-- However a run ends with a hand-over, and whichever version of the server ends it, people have it in the same
-- transaction. Reads the conversation without its lock, which comes before those of runs.
CREATE FUNCTION run_escalated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The column comes with a later migration, before any run ends.
  IF NEW.test_run_id IS NOT NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO escalations (id, workspace_id, run_id, agent_id, conversation_id, contact_id, read_rev, disposition,
    disposition_reason, guest_message, proposed_response)
  VALUES ('es' || substr(NEW.id, 3), NEW.workspace_id, NEW.id, NEW.agent_id, NEW.conversation_id, NEW.contact_id,
    coalesce(NEW.read_rev, (SELECT inbound_rev FROM conversations WHERE id = NEW.conversation_id)),
    NEW.disposition, NEW.disposition_reason,
    (SELECT m.body FROM messages m WHERE m.conversation_id = NEW.conversation_id AND m.direction = 'inbound'
     ORDER BY m.n DESC LIMIT 1),
    CASE WHEN NEW.disposition = 'escalated' THEN NEW.response END)
  ON CONFLICT DO NOTHING;
  INSERT INTO internal_events (id, workspace_id, type, run_id, caused_by_run)
  SELECT 'escalation.created/' || NEW.id, NEW.workspace_id, 'escalation.created', NEW.id, NEW.id
  WHERE EXISTS (
    SELECT 1 FROM triggers t
    WHERE t.workspace_id = NEW.workspace_id AND t.event IN ('escalation.created', 'escalation.*')
      AND t.event IS NOT NULL AND t.deleted_at IS NULL AND t.enabled
  ) OR EXISTS (
    SELECT 1 FROM webhooks w
    WHERE w.workspace_id = NEW.workspace_id
      AND w.event_types && ARRAY['escalation.created', 'escalation.*', '*'] AND w.deleted_at IS NULL AND w.enabled
  )
  ON CONFLICT (id) DO NOTHING;
  RETURN NULL;
END $$;

-- What another agent asked for, a dry run and a test hand over to nobody.
CREATE TRIGGER runs_escalated AFTER UPDATE ON runs FOR EACH ROW
  WHEN (NEW.disposition IN ('escalated', 'escalation_and_answer')
    AND NEW.status = 'completed' AND OLD.status <> 'completed'
    AND NEW.parent_run_id IS NULL AND NOT NEW.dry_run)
  EXECUTE FUNCTION run_escalated();
