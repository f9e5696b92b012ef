-- Lists by what few runs have, newest first, without reading through all the others. A run that ends well
-- is in none of them once it has ended.
CREATE INDEX runs_open ON runs (workspace_id, created_at DESC, id DESC)
  WHERE status IN ('accepted', 'running', 'waiting');
CREATE INDEX runs_ended_badly ON runs (workspace_id, created_at DESC, id DESC)
  WHERE status IN ('failed', 'cancelled');
CREATE INDEX runs_ended_badly_by_agent ON runs (agent_id, created_at DESC, id DESC)
  WHERE status IN ('failed', 'cancelled');
CREATE INDEX runs_by_disposition ON runs (workspace_id, disposition, created_at DESC, id DESC)
  WHERE disposition <> 'resolved';
CREATE INDEX runs_by_conversation ON runs (conversation_id, created_at DESC, id DESC)
  WHERE conversation_id IS NOT NULL;
