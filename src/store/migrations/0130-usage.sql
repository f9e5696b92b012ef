-- What ended runs have used, by UTC day: read instead of the runs themselves. A row is one backend's share
-- (`shard`, its process id): no two transactions ever want the same row, so counting waits for nobody.
CREATE TABLE usage_days (
  workspace_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  agent_id text COLLATE "C" NOT NULL,
  model text COLLATE "C" NOT NULL,
  -- '': no trigger.
  trigger_id text COLLATE "C" NOT NULL,
  shard integer NOT NULL,
  completed bigint NOT NULL,
  failed bigint NOT NULL,
  cancelled bigint NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  -- USD / 10^9, rounded run by run: sums of whole numbers are exact in every order.
  cost_nano_usd bigint NOT NULL,
  -- Runs of which a price was unknown.
  unknown_cost bigint NOT NULL,
  PRIMARY KEY (workspace_id, day, agent_id, model, trigger_id, shard)
) WITH (fillfactor = 50);

-- True once the run is in usage_days, in the same commit. Runs that ended before, and those that another
-- statement or the release before ends, are found by the index and counted afterwards.
ALTER TABLE runs ADD COLUMN usage_counted boolean;
CREATE INDEX runs_uncounted ON runs (id)
  WHERE status IN ('completed', 'failed', 'cancelled') AND usage_counted IS NULL;
