-- What lists of runs are filtered by that no commit of a run may pay for: copied after a run's end, by whichever
-- process keeps house. Lost in a crash, as unlogged tables are, and then made again; what it does not hold yet is
-- looked for in the runs themselves.
CREATE UNLOGGED TABLE run_search (
  run_id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  created_at timestamptz(3) NOT NULL,
  cost_usd double precision,
  -- Null: the run had not ended when it was passed.
  text text
);
CREATE INDEX run_search_by_age ON run_search (workspace_id, created_at DESC, run_id DESC);
CREATE INDEX run_search_by_cost ON run_search (workspace_id, cost_usd) INCLUDE (created_at, run_id);
CREATE INDEX run_search_open ON run_search (workspace_id) WHERE text IS NULL;

-- Up to which run of a workspace, in the order of creation, each has its row.
CREATE UNLOGGED TABLE run_search_marks (
  workspace_id text COLLATE "C" PRIMARY KEY,
  created_at timestamptz(3) NOT NULL DEFAULT '-infinity',
  run_id text COLLATE "C" NOT NULL DEFAULT '',
  -- The database's clock, which can be set back.
  seen_at timestamptz NOT NULL DEFAULT '-infinity'
);

-- Without these extensions a text is looked for in every run of the workspace, as before.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  BEGIN
    CREATE EXTENSION IF NOT EXISTS btree_gin;
    CREATE INDEX run_search_by_text ON run_search USING gin (workspace_id, text gin_trgm_ops) WITH (fastupdate = off);
  EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'Without btree_gin: %', SQLERRM;
    CREATE INDEX run_search_by_text ON run_search USING gin (text gin_trgm_ops) WITH (fastupdate = off);
  END;
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'Without pg_trgm: %', SQLERRM;
END
$$;

-- One agent may fail far oftener than the others: which index serves a list of its failed runs depends on it.
CREATE STATISTICS runs_of_agents_by_status (mcv) ON agent_id, status FROM runs;
