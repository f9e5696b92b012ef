-- What our own resources have to tell, written with the change itself and only where a trigger listens;
-- gone as soon as it has been fired.
CREATE TABLE internal_events (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  -- The run that ended; its payload is read from the run.
  run_id text COLLATE "C",
  -- JSON text of every other event.
  payload text,
  entity_id text,
  caused_by_run text COLLATE "C",
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX internal_events_due ON internal_events (due_at, id);
