-- Firings: what fired, what every agent looked at made of it, and what came of it.

ALTER TABLE trigger_events
  -- `reservation.created`; null for what has no name (a cron tick, a webhook, a dispatch).
  ADD COLUMN type text,
  -- A second firing of the workspace with the same key causes nothing, as long as this row is kept.
  ADD COLUMN once_key text COLLATE "C",
  -- When it happened, by whoever says so; `created_at` is when it came here.
  ADD COLUMN occurred_at timestamptz(3),
  ADD COLUMN entity_id text,
  -- The run whose doing this is, and how many firings lie between this one and the first of its chain.
  ADD COLUMN caused_by_run text COLLATE "C",
  ADD COLUMN depth integer NOT NULL DEFAULT 0,
  ADD COLUMN replay_of text COLLATE "C",
  -- The one run of a dispatch, which has no verdicts: it was not judged.
  ADD COLUMN run_id text COLLATE "C";

CREATE UNIQUE INDEX trigger_events_once ON trigger_events (workspace_id, once_key) WHERE once_key IS NOT NULL;
CREATE INDEX trigger_events_by_entity ON trigger_events (workspace_id, entity_id, created_at DESC, id DESC)
  WHERE entity_id IS NOT NULL;

UPDATE trigger_events e SET run_id = r.id, created_at = r.created_at
FROM runs r WHERE r.trigger_event_id = e.id;

-- What became of an event for one trigger of one agent.
CREATE TABLE trigger_verdicts (
  event_id text COLLATE "C" NOT NULL REFERENCES trigger_events (id) ON DELETE CASCADE,
  n integer NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  agent_id text COLLATE "C" NOT NULL,
  trigger_id text COLLATE "C" NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('ran', 'not_matched', 'refused', 'skipped')),
  -- Why it was refused or skipped, and the same as a sentence.
  reason text,
  detail text,
  -- JSON text of the comparisons.
  comparisons text NOT NULL,
  run_id text COLLATE "C",
  -- The event is a run's doing.
  chained boolean NOT NULL,
  -- The event's own.
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (event_id, n)
);
CREATE INDEX trigger_verdicts_by_agent ON trigger_verdicts (agent_id, created_at DESC, event_id DESC);
-- How fast a chain turns.
CREATE INDEX trigger_verdicts_chained_by_agent ON trigger_verdicts (agent_id, created_at)
  WHERE chained AND verdict = 'ran';
CREATE INDEX trigger_verdicts_chained ON trigger_verdicts (workspace_id, created_at)
  WHERE chained AND verdict = 'ran';

-- The entities that an agent has run for, which it runs for only once.
CREATE TABLE entity_runs (
  agent_id text COLLATE "C" NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
  entity_id text NOT NULL,
  run_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (agent_id, entity_id)
);

-- The latest run of a trigger whose runs must not overlap.
CREATE TABLE run_slots (
  slot text COLLATE "C" PRIMARY KEY,
  run_id text COLLATE "C" NOT NULL,
  taken_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);

-- The run that has to end before this one is due; null as soon as that was so.
ALTER TABLE runs ADD COLUMN held_after text COLLATE "C";
CREATE INDEX runs_held ON runs (held_after) WHERE held_after IS NOT NULL;

-- What an event trigger listens to. Its config may be the text of strangers: escapes are dropped before it is
-- read, since an escaped NUL is refused by every JSON function, and no name of an event has any.
ALTER TABLE triggers ADD COLUMN event text COLLATE "C"
  GENERATED ALWAYS AS (CASE WHEN type = 'event'
    THEN regexp_replace(config, '\\(u[0-9a-fA-F]{4}|.)', '', 'g')::json ->> 'event' END) STORED;
CREATE INDEX triggers_by_event ON triggers (workspace_id, event, id) WHERE event IS NOT NULL AND deleted_at IS NULL;
