-- Webhook triggers are found by the hash of their key, so that how long a look-up takes tells nothing of
-- any key. Escapes are dropped before the text is read: a key has none, and an escaped NUL elsewhere is
-- refused by every JSON function.
ALTER TABLE triggers ADD COLUMN hook_hash bytea
  GENERATED ALWAYS AS (CASE WHEN type = 'webhook' THEN
    sha256(decode(regexp_replace(config, '\\(u[0-9a-fA-F]{4}|.)', '', 'g')::json ->> 'key', 'escape'))
  END) STORED;
CREATE UNIQUE INDEX triggers_by_hook ON triggers (hook_hash) WHERE hook_hash IS NOT NULL;

-- Rotation with overlap: what was replaced is good for a while beside what replaced it.
CREATE TABLE former_hook_keys (
  hook_hash bytea PRIMARY KEY,
  trigger_id text COLLATE "C" NOT NULL REFERENCES triggers (id) ON DELETE CASCADE,
  valid_until timestamptz(3) NOT NULL
);
CREATE INDEX former_hook_keys_by_trigger ON former_hook_keys (trigger_id);

CREATE TABLE former_hook_secrets (
  trigger_id text COLLATE "C" NOT NULL REFERENCES triggers (id) ON DELETE CASCADE,
  sealed text NOT NULL,
  -- The sealed secret beside which this one is good; one that is set without rotation ends all former ones.
  beside text NOT NULL,
  valid_until timestamptz(3) NOT NULL,
  PRIMARY KEY (trigger_id, sealed)
);
