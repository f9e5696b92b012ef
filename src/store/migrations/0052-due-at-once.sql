-- Rounded up to a millisecond, a row would not be due in the moment in which it was written.
ALTER TABLE internal_events ALTER COLUMN due_at TYPE timestamptz;
