-- Copies are numbered in parts, in the order of creation in their workspace: a search by text looks at the newest
-- first, however many older ones hold the text too. Copied anew, as after a crash.
-- In the order in which whoever searches or copies locks them.
TRUNCATE run_search_marks, run_search;

-- Null: copied by a release that knows no parts, and not numbered yet.
ALTER TABLE run_search ADD COLUMN part integer;
CREATE INDEX run_search_by_part ON run_search (workspace_id, part, created_at DESC, run_id DESC);
DROP INDEX run_search_by_cost;
CREATE INDEX run_search_by_cost ON run_search (workspace_id, cost_usd, part) INCLUDE (created_at, run_id);

-- How many runs were passed so far: those that were taken away since, and those of tests, included.
ALTER TABLE run_search_marks ADD COLUMN copied bigint NOT NULL DEFAULT 0;

DROP INDEX IF EXISTS run_search_by_text;
DO $$
BEGIN
  BEGIN
    CREATE INDEX run_search_by_text ON run_search
      USING gin (workspace_id, part, text gin_trgm_ops) WITH (fastupdate = off);
  EXCEPTION WHEN undefined_object THEN
    RAISE NOTICE 'Without btree_gin or pg_trgm: %', SQLERRM;
    CREATE INDEX run_search_by_text ON run_search USING gin (text gin_trgm_ops) WITH (fastupdate = off);
  END;
EXCEPTION WHEN undefined_object THEN
  RAISE NOTICE 'Without pg_trgm: %', SQLERRM;
END
$$;
