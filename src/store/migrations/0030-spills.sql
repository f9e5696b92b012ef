-- I8: outputs of steps over the inline limit, written before the entry that names them.
CREATE TABLE spills (
  run_id text COLLATE "C" NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  -- Unique in its run only: a fork's copy keeps it, so that what the model was told stays true.
  id text COLLATE "C" NOT NULL,
  -- The step whose output it is, as its entry will say.
  step integer NOT NULL,
  size_bytes integer NOT NULL,
  -- UTF-8, escaped like all text of strangers (I9).
  body bytea NOT NULL,
  -- Known to be named by an entry: the sweep has seen it, and does not look again.
  named boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run_id, id)
);
-- Not compressed: a slice is read without the rest.
ALTER TABLE spills ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX spills_to_sweep ON spills (created_at) WHERE NOT named;
