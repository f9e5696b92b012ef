-- What runs say that a field of a record should hold, one row a call, and what became of it.
CREATE TABLE field_decisions (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  run_id text COLLATE "C" NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  agent_id text COLLATE "C" NOT NULL,
  -- Of the call (`run:step`): a repeat of it writes nothing.
  call_key text COLLATE "C" NOT NULL UNIQUE,
  purpose text NOT NULL CHECK (purpose IN ('field', 'dispatch')),
  kind text COLLATE "C" NOT NULL,
  -- What the record's source calls it, and the record's own id.
  entity_id text COLLATE "C" NOT NULL,
  record_id text COLLATE "C" NOT NULL,
  field text NOT NULL,
  is_custom_field boolean NOT NULL,
  should_update boolean NOT NULL,
  -- JSON texts.
  current_value text NOT NULL,
  proposed_value text NOT NULL,
  proposed_option text,
  justification text NOT NULL,
  -- JSON text of a list.
  options text NOT NULL,
  status text NOT NULL CHECK (status IN ('proposed', 'accepted', 'overridden', 'rejected', 'not_needed')),
  -- JSON text of what was written.
  final_value text,
  note text,
  decided_by text COLLATE "C",
  -- As it was at the time.
  decided_by_name text,
  decided_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX field_decisions_by_workspace ON field_decisions (workspace_id, purpose, created_at DESC, id DESC);
CREATE INDEX field_decisions_open ON field_decisions (workspace_id, created_at DESC, id DESC)
  WHERE status = 'proposed';
CREATE INDEX field_decisions_by_run ON field_decisions (run_id, created_at DESC, id DESC);
CREATE INDEX field_decisions_by_entity ON field_decisions (workspace_id, entity_id, created_at DESC, id DESC);
