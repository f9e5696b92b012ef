-- Requests of the last minute by second, over all processes (api/shared-rates.ts). Nothing that a crash of the
-- database must keep: whoever was counted there counts anew.
CREATE UNLOGGED TABLE rate_counts (
  key text COLLATE "C" NOT NULL,
  -- Seconds since 1970.
  second bigint NOT NULL,
  n integer NOT NULL,
  PRIMARY KEY (key, second)
) WITH (fillfactor = 70);
