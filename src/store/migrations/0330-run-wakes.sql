-- Runs on Temporal (decisions/0044): what wakes them is told by an outbox, a row a wake-up, written by the commit
-- that wakes the run, whichever statement or release that is. Runs of the engine `local` write none.
CREATE TABLE run_wakes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text COLLATE "C" NOT NULL,
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempts integer NOT NULL DEFAULT 0
);
CREATE INDEX run_wakes_due ON run_wakes (due_at, id);

-- Temporal's own id of the execution that drives the run, or last did.
ALTER TABLE runs ADD COLUMN engine_run_id text;

CREATE FUNCTION wake_on_cluster() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO run_wakes (run_id) VALUES (NEW.id);
  RETURN NULL;
END $$;

CREATE TRIGGER runs_woken_at_creation AFTER INSERT ON runs FOR EACH ROW
  WHEN (NEW.engine <> 'local' AND NEW.owner IS NULL AND NEW.wake_at IS NOT NULL)
  EXECUTE FUNCTION wake_on_cluster();

-- A run that somebody drives needs none: whoever drives it looks before it waits. One that ended while nobody
-- drove it is told as well, so that its workflow ends.
CREATE TRIGGER runs_woken AFTER UPDATE OF wake_at ON runs FOR EACH ROW
  WHEN (NEW.engine <> 'local' AND OLD.owner IS NULL AND NEW.owner IS NULL
    AND (NEW.wake_at <= clock_timestamp() OR NEW.status IN ('completed', 'failed', 'cancelled')))
  EXECUTE FUNCTION wake_on_cluster();

-- Which engine a process drives runs of. Releases that know no cluster say nothing: they drive those of `local`.
ALTER TABLE processes ADD COLUMN engine text NOT NULL DEFAULT 'local';

-- The release before claims whatever is due, of whichever engine: what is not its own is out of its reach.
CREATE FUNCTION keep_for_own_engine() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM processes WHERE id = NEW.owner AND engine = NEW.engine) THEN
    RETURN NEW;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER runs_kept_for_own_engine BEFORE UPDATE OF owner ON runs FOR EACH ROW
  WHEN (NEW.engine <> 'local' AND OLD.owner IS NULL AND NEW.owner IS NOT NULL)
  EXECUTE FUNCTION keep_for_own_engine();

-- The queue of the engine `local` knows its own runs only. The one over all, `runs_queue`, stays for the release
-- before, which claims by it; a later release drops it.
CREATE INDEX runs_local_queue ON runs (workspace_id, lane, wake_at, id)
  WHERE owner IS NULL AND wake_at IS NOT NULL AND engine = 'local';
