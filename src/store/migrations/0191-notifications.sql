-- What members want to be told of, and by what. Nobody is told of anything that they did not choose.
CREATE TABLE notification_preferences (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  channel text NOT NULL CHECK (channel IN ('email', 'slack', 'webhook')),
  -- The name of a secret, or a URL; null for e-mail, which goes to the address of the account.
  target text,
  -- Of a webhook.
  sealed_secret text,
  kinds text[] NOT NULL,
  -- Null is every agent.
  agent_ids text[] COLLATE "C",
  -- After a message, what happens within this time is one more.
  group_seconds integer NOT NULL,
  enabled boolean NOT NULL,
  told_at timestamptz(3),
  -- When what has gathered is told; null: there is nothing.
  due_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CHECK ((channel = 'email') = (target IS NULL)),
  CHECK ((channel = 'webhook') = (sealed_secret IS NOT NULL)),
  FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id) ON DELETE CASCADE
);
CREATE INDEX notification_preferences_by_workspace
  ON notification_preferences (workspace_id, created_at DESC, id DESC);
CREATE INDEX notification_preferences_by_member ON notification_preferences (user_id, workspace_id);
CREATE INDEX notification_preferences_due ON notification_preferences (due_at) WHERE due_at IS NOT NULL;

-- What happened that somebody may want to be told of: written in the transaction in which it happens, and only
-- where a member chose its kind. Rows are only added, so that a flood waits for nobody; gone when given out.
CREATE TABLE notification_facts (
  -- Kind and object: once.
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  agent_id text COLLATE "C" NOT NULL,
  run_id text COLLATE "C" NOT NULL,
  object_id text COLLATE "C" NOT NULL,
  -- Ids of those whom alone it concerns; empty: everybody.
  only_for text[] COLLATE "C" NOT NULL DEFAULT '{}',
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX notification_facts_by_age ON notification_facts (created_at);

-- The same given out to those who chose it, until the message that tells it is written.
CREATE TABLE notification_items (
  preference_id text COLLATE "C" NOT NULL REFERENCES notification_preferences (id) ON DELETE CASCADE,
  fact_id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  agent_id text COLLATE "C" NOT NULL,
  run_id text COLLATE "C" NOT NULL,
  object_id text COLLATE "C" NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (preference_id, fact_id)
);

-- The messages of alerts and of members are sent alike. A server of the release before sends those that have a rule.
ALTER TABLE alert_notices DROP CONSTRAINT alert_notices_channel_check;
ALTER TABLE alert_notices
  ALTER COLUMN rule_id DROP NOT NULL,
  ADD COLUMN preference_id text COLLATE "C" REFERENCES notification_preferences (id) ON DELETE CASCADE,
  -- How many of each kind it tells of: {kind: count}.
  ADD COLUMN counts jsonb,
  -- Bumped by every claim: a process that lost its claim writes nothing.
  ADD COLUMN claim bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT alert_notices_channel_check CHECK (channel IN ('email', 'slack', 'webhook')),
  ADD CONSTRAINT alert_notices_of_one CHECK (num_nonnulls(rule_id, preference_id) = 1);
CREATE INDEX alert_notices_by_preference ON alert_notices (preference_id, created_at DESC, id DESC)
  WHERE preference_id IS NOT NULL;

CREATE FUNCTION wants_notification(of_workspace text, of_kind text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM notification_preferences p
    WHERE p.workspace_id = of_workspace AND p.enabled AND of_kind = ANY (p.kinds)
  )
$$;

CREATE FUNCTION notify_of_escalation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF wants_notification(NEW.workspace_id, 'escalation') THEN
    INSERT INTO notification_facts (id, workspace_id, kind, agent_id, run_id, object_id)
    VALUES ('escalation/' || NEW.id, NEW.workspace_id, 'escalation', NEW.agent_id, NEW.run_id, NEW.id)
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER escalations_notify AFTER INSERT ON escalations FOR EACH ROW EXECUTE FUNCTION notify_of_escalation();

CREATE FUNCTION notify_of_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF wants_notification(NEW.workspace_id, 'approval') THEN
    INSERT INTO notification_facts (id, workspace_id, kind, agent_id, run_id, object_id, only_for)
    VALUES ('approval/' || NEW.id, NEW.workspace_id, 'approval', NEW.agent_id, NEW.run_id, NEW.id, NEW.approvers)
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER approvals_notify AFTER INSERT ON approvals FOR EACH ROW EXECUTE FUNCTION notify_of_approval();

CREATE FUNCTION notify_of_failed_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- What a test asked for is its own to tell.
  IF NEW.test_run_id IS NULL AND wants_notification(NEW.workspace_id, 'failure') THEN
    INSERT INTO notification_facts (id, workspace_id, kind, agent_id, run_id, object_id)
    VALUES ('failure/' || NEW.id, NEW.workspace_id, 'failure', NEW.agent_id, NEW.id, NEW.id)
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
-- What another agent asked for fails in the run that asked; a dry run is somebody's who looks at it.
CREATE TRIGGER runs_notify AFTER UPDATE ON runs FOR EACH ROW
  WHEN (NEW.status = 'failed' AND OLD.status <> 'failed' AND NEW.parent_run_id IS NULL AND NOT NEW.dry_run)
  EXECUTE FUNCTION notify_of_failed_run();
