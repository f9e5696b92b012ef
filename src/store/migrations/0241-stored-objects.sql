-- Large outputs may be objects of an S3-compatible storage; then the row has no body.
ALTER TABLE spills ALTER COLUMN body DROP NOT NULL;
ALTER TABLE spills ADD COLUMN object_key text COLLATE "C";
CREATE INDEX spills_by_object ON spills (object_key) WHERE object_key IS NOT NULL;

-- Every object that was ever begun to be written and is not known to be gone.
CREATE TABLE stored_objects (
  key text COLLATE "C" PRIMARY KEY,
  -- When it is to be removed, unless a row names it; null: one does.
  remove_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX stored_objects_due ON stored_objects (remove_at) WHERE remove_at IS NOT NULL;

-- Whatever takes the row away, retention or a cascade: the object follows a day later, so that a copy of the bucket
-- that is made beside a backup of the database has all that the backup names.
CREATE FUNCTION spill_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE stored_objects SET remove_at = clock_timestamp() + interval '1 day' WHERE key = OLD.object_key;
  RETURN NULL;
END $$;
CREATE TRIGGER spills_object_removed AFTER DELETE ON spills FOR EACH ROW
  WHEN (OLD.object_key IS NOT NULL) EXECUTE FUNCTION spill_removed();
