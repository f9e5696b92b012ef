-- Model text as it arrives, shown until its step is committed (I2). Unlogged: after a crash of the database
-- it is empty, and nothing is lost that was promised.
CREATE UNLOGGED TABLE run_chunks (
  run_id text COLLATE "C" NOT NULL,
  -- The `seq` that the next entry of the run will have.
  seq integer NOT NULL,
  -- Rises over the attempts of a call and over the owners of the run.
  attempt bigint NOT NULL,
  n integer NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (run_id, seq, attempt, n)
);
