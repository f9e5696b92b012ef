-- Decisions of a workspace, newest first, whatever they are for.
CREATE INDEX field_decisions_by_age ON field_decisions (workspace_id, created_at DESC, id DESC);
