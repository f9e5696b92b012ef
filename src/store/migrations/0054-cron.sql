-- Where each live cron trigger stands: one row a trigger that is enabled, of an agent that is enabled and active.
CREATE TABLE cron_cursors (
  trigger_id text COLLATE "C" PRIMARY KEY REFERENCES triggers (id) ON DELETE CASCADE,
  agent_id text COLLATE "C" NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  expression text NOT NULL,
  timezone text NOT NULL,
  jitter_ms integer NOT NULL,
  catch_up text NOT NULL CHECK (catch_up IN ('skip', 'latest', 'all')),
  overlap text NOT NULL CHECK (overlap IN ('allow', 'skip', 'queue')),
  -- Ticks up to this one are done with.
  after_tick timestamptz(3) NOT NULL,
  -- When to look at it next. A claim sets it ahead, so that nobody else looks while the claimer works.
  due_at timestamptz(3) NOT NULL,
  -- Bumped by every claim and every restart; who advances the cursor must know it.
  revision bigint NOT NULL DEFAULT 0
);
CREATE INDEX cron_cursors_due ON cron_cursors (due_at);
CREATE INDEX cron_cursors_by_agent ON cron_cursors (agent_id);

-- Triggers that are there already begin now. Escapes are dropped before a definition is read (see 0010).
INSERT INTO cron_cursors
  (trigger_id, agent_id, workspace_id, expression, timezone, jitter_ms, catch_up, overlap, after_tick, due_at)
SELECT t.id, t.agent_id, t.workspace_id, c ->> 'expression', c ->> 'timezone', (c ->> 'jitter_ms')::integer,
  c ->> 'catch_up', c ->> 'overlap', clock_timestamp(), clock_timestamp()
FROM triggers t
JOIN agents a ON a.id = t.agent_id AND a.enabled AND a.deleted_at IS NULL
CROSS JOIN LATERAL (SELECT t.config::json AS c) config
WHERE t.type = 'cron' AND t.enabled AND t.deleted_at IS NULL
  AND regexp_replace(a.definition, '\\(u[0-9a-fA-F]{4}|.)', '', 'g')::json ->> 'operation_mode' <> 'inactive';
