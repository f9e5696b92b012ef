-- A run that another run asked for: an agent called as a tool. Only such runs, and those that ask, fill these columns.
ALTER TABLE runs
  ADD COLUMN parent_run_id text COLLATE "C",
  -- Ids of the agents above it, from the first run's down to the parent's, with blanks between.
  ADD COLUMN ancestry text COLLATE "C",
  -- JSON text: what the parent had left for it. Caps below those of its own agent.
  ADD COLUMN budget text,
  -- What the runs below have used that have ended. Null tokens: there is none; then a null cost is no unknown one.
  ADD COLUMN child_input_tokens bigint,
  ADD COLUMN child_output_tokens bigint,
  ADD COLUMN child_cost_usd double precision;

-- Children to end with their parent. A run that nobody asked for has no entry here.
CREATE INDEX runs_open_children ON runs (parent_run_id)
  WHERE parent_run_id IS NOT NULL AND status IN ('accepted', 'running', 'waiting');

-- However a child ends, and whichever version of the server ends it: in the same transaction its parent is
-- due, and what it has used is its parent's too. A parent that has ended passes it on: it did not see it.
CREATE FUNCTION child_run_ended() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  above text := NEW.parent_run_id;
  next_above text;
  is_over boolean;
  tokens_in bigint := NEW.input_tokens + coalesce(NEW.child_input_tokens, 0);
  tokens_out bigint := NEW.output_tokens + coalesce(NEW.child_output_tokens, 0);
  cost double precision :=
    NEW.cost_usd + CASE WHEN NEW.child_input_tokens IS NULL THEN 0 ELSE NEW.child_cost_usd END;
BEGIN
  WHILE above IS NOT NULL LOOP
    UPDATE runs SET
      child_input_tokens = coalesce(child_input_tokens, 0) + tokens_in,
      child_output_tokens = coalesce(child_output_tokens, 0) + tokens_out,
      child_cost_usd = CASE WHEN child_input_tokens IS NULL THEN cost ELSE child_cost_usd + cost END,
      wake_at = CASE WHEN status IN ('running', 'waiting') THEN least(wake_at, clock_timestamp()) ELSE wake_at END
    WHERE id = above
    RETURNING parent_run_id, status IN ('completed', 'failed', 'cancelled') INTO next_above, is_over;
    EXIT WHEN NOT FOUND OR NOT is_over;
    above := next_above;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER runs_child_ended AFTER UPDATE ON runs FOR EACH ROW
  WHEN (NEW.parent_run_id IS NOT NULL
    AND NEW.status IN ('completed', 'failed', 'cancelled')
    AND OLD.status NOT IN ('completed', 'failed', 'cancelled'))
  EXECUTE FUNCTION child_run_ended();
