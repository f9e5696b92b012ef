-- What processes that keep vectors in memory have to read again.
ALTER TABLE kb_spaces ADD COLUMN vector_revision bigint NOT NULL DEFAULT 0;
ALTER TABLE kb_chunks ADD COLUMN vector_revision bigint NOT NULL DEFAULT 0;
CREATE INDEX kb_chunks_by_revision ON kb_chunks (workspace_id, vector_revision) WHERE vector IS NOT NULL;
