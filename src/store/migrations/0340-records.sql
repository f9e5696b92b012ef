-- Entities that live elsewhere, of any kind: what other systems say of them, as they said it last.
CREATE TABLE records (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  kind text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  -- What the source calls it.
  external_id text COLLATE "C" NOT NULL,
  -- JSON text of an object.
  data text NOT NULL,
  contact_id text COLLATE "C",
  -- The source's, and a hash of what it said with it: null for what carries no version.
  version bigint,
  source_hash text COLLATE "C" NOT NULL,
  -- Changes that were real, counted; names each of them.
  rev integer NOT NULL,
  -- By what lists of the kind are ordered.
  at timestamptz(3) NOT NULL,
  -- Values of the fields that the kind filters by, in its order.
  f1 text COLLATE "C",
  f2 text COLLATE "C",
  f3 text COLLATE "C",
  f4 text COLLATE "C",
  f5 text COLLATE "C",
  f6 text COLLATE "C",
  -- A deleted one is kept without its data, so that what comes late does not bring it back.
  deleted_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (workspace_id, kind, source, external_id)
);
-- One index a way of asking: a page costs what is on it, however many there are.
CREATE INDEX records_by_kind ON records (workspace_id, kind, at, id) WHERE deleted_at IS NULL;
CREATE INDEX records_by_contact ON records (workspace_id, contact_id, kind, at, id)
  WHERE deleted_at IS NULL AND contact_id IS NOT NULL;
CREATE INDEX records_by_f1 ON records (workspace_id, kind, f1, at, id) WHERE deleted_at IS NULL AND f1 IS NOT NULL;
CREATE INDEX records_by_f2 ON records (workspace_id, kind, f2, at, id) WHERE deleted_at IS NULL AND f2 IS NOT NULL;
CREATE INDEX records_by_f3 ON records (workspace_id, kind, f3, at, id) WHERE deleted_at IS NULL AND f3 IS NOT NULL;
CREATE INDEX records_by_f4 ON records (workspace_id, kind, f4, at, id) WHERE deleted_at IS NULL AND f4 IS NOT NULL;
CREATE INDEX records_by_f5 ON records (workspace_id, kind, f5, at, id) WHERE deleted_at IS NULL AND f5 IS NOT NULL;
CREATE INDEX records_by_f6 ON records (workspace_id, kind, f6, at, id) WHERE deleted_at IS NULL AND f6 IS NOT NULL;
-- The same one by the id that its source gives it, whichever source that is.
CREATE INDEX records_by_external_id ON records (workspace_id, kind, external_id);

-- Kinds that a workspace described itself; the built-in ones are data of the program.
CREATE TABLE record_kinds (
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text COLLATE "C" NOT NULL,
  -- JSON text.
  definition text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, name)
);
