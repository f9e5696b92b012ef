-- The audit log: one chain a workspace, and one of the server, whose name is empty. Each entry is hashed
-- with the one before it, under a key that the database does not hold.
CREATE TABLE audit_entries (
  chain text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  -- JSON text: what is hashed, and what is shown. The columns beside it are for finding it.
  entry text NOT NULL,
  hash bytea NOT NULL,
  at timestamptz(3) NOT NULL,
  actor_id text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  resource text COLLATE "C" NOT NULL,
  object_id text COLLATE "C",
  PRIMARY KEY (chain, seq)
);
CREATE INDEX audit_entries_by_object ON audit_entries (chain, object_id, seq DESC) WHERE object_id IS NOT NULL;
CREATE INDEX audit_entries_by_time ON audit_entries (at);

-- Where each chain ends, and where what is kept of it begins.
CREATE TABLE audit_heads (
  chain text COLLATE "C" PRIMARY KEY,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  kept_after bigint NOT NULL DEFAULT 0,
  kept_hash bytea NOT NULL
);

-- Changes that have begun, and are not in a chain yet: what is left of them after a crash goes in as unknown.
CREATE TABLE audit_pending (
  id text COLLATE "C" PRIMARY KEY,
  chain text COLLATE "C" NOT NULL,
  facts text NOT NULL,
  begun_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX audit_pending_by_age ON audit_pending (begun_at);

-- Entries are neither changed nor taken away, but by the retention, which says so.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('signalbox.audit_retention', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_entries_keep_all BEFORE TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
